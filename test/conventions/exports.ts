import { type Source, exportsOf, linksOf } from './sources.ts';

/**
 * Exports and named re-exports, as `file: name`, that no other source imports; a type may also serve tests, as nothing of
 * it is left at run time. Imports are followed through re-exports to the declaration. What a root exports is public. A thread pool calls the default export of its worker's
 * file, and others by their name in a string.
 */
export function deadExports(
  sources: readonly Source[],
  roots: readonly string[],
  tests: readonly Source[] = [],
): string[] {
  const byFile = new Map(sources.map((source) => [source.file, source]));
  const links = new Map(sources.map((source) => [source.file, linksOf(source)]));
  const own = new Map(sources.map((source) => [source.file, new Set(exportsOf(source))]));
  const live = new Set<string>();
  const use = (file: string, name: string): void => {
    const id = `${file}: ${name}`;
    if (live.has(id) || !byFile.has(file)) return;
    live.add(id);
    if (name === '*') for (const each of own.get(file)!) use(file, each);
    for (const { target, isReExport, names } of links.get(file)!) {
      if (!isReExport) continue;
      for (const each of names) {
        if (each.as === '*') use(target, name);
        else if (name === '*' || each.as === name) {
          live.add(`${file}: ${each.as}`);
          use(target, each.name);
        }
      }
    }
  };
  for (const file of roots) use(file, '*');
  for (const { target, names } of tests.flatMap(linksOf)) {
    for (const { name, isType } of names) if (isType) use(target, name);
  }
  for (const { file, text } of sources) {
    for (const { target, isReExport, names } of links.get(file)!) {
      if (!isReExport) for (const { name } of names) use(target, name);
    }
    for (const [, worker] of text.matchAll(/moduleBeside\('([\w-]+)', import\.meta\.url\)/g)) {
      const target = file.replace(/[^/]*$/, `${worker!}.ts`);
      for (const name of own.get(target) ?? []) {
        if (name === 'default' || text.includes(`'${name}'`)) use(target, name);
      }
    }
  }
  return sources.flatMap(({ file }) => {
    const reExported = links
      .get(file)!
      .filter(({ isReExport }) => isReExport)
      .flatMap(({ names }) => names.map(({ as }) => as).filter((as) => as !== '*'));
    return [...own.get(file)!, ...reExported].map((name) => `${file}: ${name}`).filter((id) => !live.has(id));
  });
}
