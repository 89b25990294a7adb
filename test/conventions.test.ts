import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

/** Rules of the house that no linter knows. Each is also tried on code that breaks it. */

const folders = ['engine', 'graph-data', 'api', 'scripts'];
const root = path.resolve(import.meta.dirname, '..');

interface Source {
  readonly file: string;
  readonly text: string;
}

function sources(): Source[] {
  return folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:tsx?|js)$/.test(name))
      .map((name) => ({
        file: `${folder}/${name}`,
        text: readFileSync(path.join(root, folder, name), 'utf8'),
      })),
  );
}

/** Relative imports of a source as paths from the root. */
function imports({ file, text }: Source): string[] {
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']*)'/g)].map((match) => match[1]!);
  return specifiers.map((specifier) => path.posix.join(path.posix.dirname(file), specifier));
}

function wrongDirections(source: Source): string[] {
  const from = folders.indexOf(source.file.split('/')[0]!);
  return imports(source).filter((target) => {
    const to = folders.indexOf(target.split('/')[0]!);
    return to < 0 || to > from;
  });
}

/** Imports that enter another folder, top-level or within one, past its index.ts. */
function backDoors(source: Source): string[] {
  const from = path.posix.dirname(source.file);
  return imports(source).filter((target) => {
    const folder = path.posix.dirname(target);
    const isWithin = `${from}/`.startsWith(`${folder}/`);
    // scripts/ is entered by nobody but main.js; its subfolders hold one file a subcommand or a benchmark.
    return !isWithin && !target.startsWith('scripts/') && path.posix.basename(target) !== 'index.ts';
  });
}

function impurities({ file, text }: Source): string[] {
  if (!file.startsWith('engine/')) return [];
  return text.match(/from 'node:|Math\.random|Date\.now|new Date\(|console\.|performance\.now/g) ?? [];
}

describe('the house', () => {
  const all = sources();
  test('has sources to look at', () => {
    expect(all.length).toBeGreaterThan(30);
    expect(all.flatMap(imports).length).toBeGreaterThan(60);
  });
  test.each(all.map((source) => [source.file, source] as const))('%s', (_file, source) => {
    expect(wrongDirections(source)).toEqual([]);
    expect(backDoors(source)).toEqual([]);
    expect(impurities(source)).toEqual([]);
    expect(source.text.split('\n').length).toBeLessThanOrEqual(300);
  });
  test('sees code that breaks the rules', () => {
    const bad = (file: string, text: string): Source => ({ file, text });
    expect(wrongDirections(bad('engine/walk/a.ts', `import { x } from '../../api/index.ts';`))).toHaveLength(
      1,
    );
    expect(wrongDirections(bad('api/a.ts', `import { x } from '../test/graphs.ts';`))).toHaveLength(1);
    expect(backDoors(bad('api/a.ts', `import { x } from '../engine/walk/pixie.ts';`))).toHaveLength(1);
    expect(backDoors(bad('engine/walk/a.ts', `import { x } from '../graph/adjacency.ts';`))).toHaveLength(1);
    expect(backDoors(bad('engine/walk/a.ts', `import { x } from '../errors.ts';`))).toEqual([]);
    expect(impurities(bad('engine/a.ts', 'const x = Math.random();'))).toHaveLength(1);
  });
});
