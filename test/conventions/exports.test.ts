import { expect, test } from 'vitest';
import { deadExports } from './exports.ts';
import { readSources } from './sources.ts';

/** Used in their own file alone, and exported because a test through their callers would say too little. */
const testedAlone = [
  // Their query plans are checked.
  'graph-data/database/save-lists.ts: saveListSql',
  // A formula with a property of its own.
  'engine/metrics/recommended-pins.ts: gini',
  // Held equal to docs/limits.md; to reach them would take minutes.
  'api/recommend/recommend.ts: filteredMax',
  'api/recommend/recommend.ts: fieldLengthMaxDefault',
  'api/runtime/serving/page-cache.ts: seenBytesMax',
  'api/runtime/serving/walk-pool.ts: batchDefaults',
  // Quotes any words for a shell.
  'scripts/reports/provenance.ts: commandLine',
];

test('every export is imported by a source, or is part of the library', () => {
  const dead = deadExports(readSources(), ['index.ts'], readSources(['test']));
  expect(dead.toSorted()).toEqual(testedAlone.toSorted());
});

test.each([
  ['a function', `export function a(): void {}`, ['a']],
  ['a const and a type', `export const a = 1;\nexport type B = number;`, ['a', 'B']],
  [
    'a class, an interface and async functions',
    `export abstract class A {}\nexport interface B {}\nexport async function* c() {}`,
    ['A', 'B', 'c'],
  ],
  ['a list', `const a = 1;\nexport { a as b };`, ['b']],
  ['a default', `export default function a(): void {}`, ['default']],
])('finds the dead export of %s', (_, text, names) => {
  const dead = deadExports(
    [
      { file: 'api/a.ts', text },
      { file: 'api/b.ts', text: `import './a.ts';` },
    ],
    [],
  );
  expect(dead).toEqual(names.map((name) => `api/a.ts: ${name}`));
});

const a = { file: 'api/a.ts', text: `export const used = 1;\nexport const dead = 2;` };
const index = (text: string) => ({ file: 'api/index.ts', text });

test.each([
  ['by name', `export { used, dead as gone } from './a.ts';`, ['api/a.ts: dead', 'api/index.ts: gone']],
  ['as a whole', `export * from './a.ts';`, ['api/a.ts: dead']],
])('follows a re-export %s', (_, text, expected) => {
  const user = { file: 'scripts/c.ts', text: `import { used as mine } from '../api/index.ts';` };
  expect(deadExports([a, index(text), user], [])).toEqual(expected);
  expect(deadExports([a, index(text)], ['api/index.ts'])).toEqual([]);
});

test('a type imported only by tests counts as used, a value does not', () => {
  const types = { file: 'api/t.ts', text: `export type Used = 1;\nexport const value = 1;` };
  const tests = [{ file: 'test/t.test.ts', text: `import { type Used, value } from '../api/t.ts';` }];
  expect(deadExports([types], [], tests)).toEqual(['api/t.ts: value']);
});

test('recognizes other uses of an export', () => {
  const use = (text: string): string[] => deadExports([a, { file: 'api/b.ts', text }], []);
  expect(use(`import * as all from './a.ts';`)).toEqual([]);
  expect(use(`const { used } = await import('./a.ts');`)).toEqual([]);
  expect(use(`moduleBeside('a', import.meta.url); run({ name: 'used' });`)).toEqual(['api/a.ts: dead']);
  expect(use(`import type { used } from './a.ts';`)).toEqual(['api/a.ts: dead']);
});
