import path from 'node:path';
import { type Source, linksOf } from './sources.ts';

/** What the folders and files within a folder may import of each other. */
export interface Layers {
  /** Such as `api/`; empty for the root. */
  readonly within: string;
  /**
   * By place; of two places that hold a file, the inner one counts. `type contract` allows only imports that are erased
   * with the types.
   */
  readonly imports: Readonly<Record<string, readonly string[]>>;
}

/** Imports that the table does not allow, and files that are in none of its places. */
export function layerFaults(source: Source, { within, imports }: Layers): string[] {
  const placeOf = (file: string): string | undefined =>
    Object.keys(imports)
      .filter((place) => `${file}/`.startsWith(`${within}${place}/`))
      .toSorted((a, b) => b.length - a.length)[0];
  if (!source.file.startsWith(within)) return [];
  const from = placeOf(source.file);
  if (from === undefined) return [`${source.file} is in no layer`];
  const allowed = imports[from]!;
  return linksOf(source).flatMap(({ target, isType }) => {
    const to = placeOf(target);
    const isAllowed =
      !target.startsWith(within) ||
      to === from ||
      (to !== undefined && (allowed.includes(to) || (isType && allowed.includes(`type ${to}`))));
    return isAllowed ? [] : [target];
  });
}

/** Imports that enter another folder past its index.ts. */
export function backDoors(source: Source): string[] {
  const from = path.posix.dirname(source.file);
  return linksOf(source)
    .map(({ target }) => target)
    .filter((target) => {
      const folder = path.posix.dirname(target);
      const isWithin = `${from}/`.startsWith(`${folder}/`);
      // Only main.js enters scripts/, whose subfolders hold one file a subcommand or a benchmark.
      return !isWithin && !target.startsWith('scripts/') && path.posix.basename(target) !== 'index.ts';
    });
}
