import { expect, test } from 'vitest';
import { type Source, linksOf, readSources } from './sources.ts';

/** Code whose result depends on more than its arguments. */
function impurities({ file, text }: Source): string[] {
  if (!file.startsWith('engine/')) return [];
  return text.match(/from 'node:|Math\.random|Date\.now|new Date\(|console\.|performance\.now/g) ?? [];
}

const all = readSources();

test('the conventions read all sources', () => {
  expect(all.length).toBeGreaterThan(30);
  expect(all.flatMap(linksOf).length).toBeGreaterThan(60);
});

test.each(all.map((source) => [source.file, source] as const))(
  '%s is short, and pure if in the engine',
  (_file, source) => {
    expect(impurities(source)).toEqual([]);
    expect(source.text.split('\n').length).toBeLessThanOrEqual(300);
  },
);

test('detects an impure engine file', () => {
  expect(impurities({ file: 'engine/a.ts', text: 'const x = Math.random();' })).toHaveLength(1);
  expect(impurities({ file: 'api/a.ts', text: 'const x = Math.random();' })).toEqual([]);
});
