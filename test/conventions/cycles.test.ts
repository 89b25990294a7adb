import { expect, test } from 'vitest';
import { cyclesOf } from './cycles.ts';
import { readSources } from './sources.ts';

const all = readSources();

test('no sources import each other in a cycle at run time', () => {
  expect(cyclesOf(all, 'run time')).toEqual([]);
});

test('no sources import each other in a cycle by types', () => {
  expect(cyclesOf(all, 'types too')).toEqual([]);
});

test.each([
  ['import', `import { a } from './a.ts';`, 1],
  ['several lines of names', `import b, {\n  type T,\n  a as c,\n} from './a.ts';`, 1],
  ['re-export', `export * from './a.ts';`, 1],
  ['import for its effects', `import './a.ts';`, 1],
  ['import in a function', `const { a } = await import('./a.ts');`, 1],
  ['import type', `import type { A } from './a.ts';`, 0],
  ['names that are types alone', `import { type A, type B } from './a.ts';`, 0],
  ['export type', `export type { A } from './a.ts';`, 0],
  ['typeof import', `type A = typeof import('./a.ts');`, 0],
])('detects a cycle closed by %s, at run time or by types', (_, text, atRunTime) => {
  const circle = [
    { file: 'api/a.ts', text: `import { b } from './b.ts';` },
    { file: 'api/b.ts', text: `import { c } from './c.ts';` },
    { file: 'api/c.ts', text },
    { file: 'api/d.ts', text: `import { a } from './a.ts';` },
  ];
  expect(cyclesOf(circle, 'run time')).toHaveLength(atRunTime);
  expect(cyclesOf(circle, 'types too')).toEqual([['api/a.ts', 'api/b.ts', 'api/c.ts']]);
});
