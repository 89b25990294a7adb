import path from 'node:path';
import { type Source, linksOf } from './sources.ts';

/** Folders and files within a folder, in the order in which they may import each other. */
export interface Layers {
  /** Such as `api/`; empty for the root. */
  readonly within: string;
  /** Lowest first. Places of one layer never import each other. */
  readonly order: readonly (readonly string[])[];
}

/** Imports that lead up, sideways within a layer, or between a layer and a place that the table does not name. */
export function layerFaults(source: Source, { within, order }: Layers): string[] {
  if (!source.file.startsWith(within)) return [];
  const from = placeOf(source.file, within);
  const fromLayer = order.findIndex((layer) => layer.includes(from));
  if (fromLayer < 0) return [`${source.file} is in no layer`];
  return linksOf(source)
    .map(({ target }) => target)
    .filter((target) => {
      if (!target.startsWith(within)) return false;
      const to = placeOf(target, within);
      const toLayer = order.findIndex((layer) => layer.includes(to));
      return to !== from && (toLayer < 0 || toLayer >= fromLayer);
    });
}

/** The folder or file right within a folder. */
function placeOf(file: string, within: string): string {
  return file.slice(within.length).split('/')[0]!;
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
