import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { algorithmNames, leverSpecs, presets } from '../../engine/index.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../docs/pipeline.md'), 'utf8');

/** The rows of the table in one section. */
function tableOf(section: string): string[][] {
  const text = page.split(`\n## ${section}\n`)[1]!.split('\n## ')[0]!;
  const rows = [...text.matchAll(/^\| (.*) \|$/gm)].map((match) => match[1]!.split(' | '));
  return rows.slice(2).map((cells) => cells.map((cell) => cell.trim()));
}

test('docs/pipeline.md states every lever as the code does', () => {
  const stated = Object.entries(leverSpecs).map(([name, spec]) => {
    const range =
      spec.kind === 'number' || spec.kind === 'integer'
        ? `${spec.kind} in [${spec.min}, ${spec.max}]`
        : spec.kind === 'name'
          ? 'name'
          : '`true`, `false`';
    return [`\`${name}\``, range, spec.default === '' ? 'none' : `\`${String(spec.default)}\``, spec.about];
  });
  expect(tableOf('Levers')).toEqual(stated);
});

test('docs/pipeline.md names every algorithm and built-in preset', () => {
  const named = tableOf('Names').flatMap(([name]) =>
    [...name!.matchAll(/`([\w-]+)`/g)].map((match) => match[1]!),
  );
  expect(named).toEqual([...algorithmNames, ...Object.keys(presets)]);
});
