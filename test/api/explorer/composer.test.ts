import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parametersOf, scalarSettings } from '../../../api/explorer/page/composer/catalog.ts';
import { marksOf, onlyThere, sharedCount } from '../../../api/explorer/page/composer/compare.ts';
import { curlOf } from '../../../api/explorer/page/composer/curl.ts';
import { filterOf, linesOf } from '../../../api/explorer/page/composer/filters.ts';
import { positionOf, positions, valueAt } from '../../../api/explorer/page/composer/scale.ts';
import { noSettings } from '../../../api/explorer/page/address/index.ts';
import { recommendationRequest } from '../../../api/index.ts';

describe('sliders', () => {
  const scales = [
    { min: 0, max: 1, isInteger: false },
    { min: -2, max: 2, isInteger: false },
    { min: 1, max: 1_000_000, isInteger: true },
    { min: 0, max: 1_000_000, isInteger: false },
    { min: 0.1, max: 10, isInteger: false },
    { min: 1e-12, max: 1, isInteger: false },
  ];
  test.each(scales)('from $min to $max reach both ends and never turn back', (scale) => {
    expect(valueAt(0, scale)).toBe(scale.min);
    expect(valueAt(positions, scale)).toBe(scale.max);
    const values = Array.from({ length: 101 }, (_, i) => valueAt((i * positions) / 100, scale));
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    if (scale.isInteger) expect(values.every(Number.isInteger)).toBe(true);
    for (const value of values) expect(valueAt(positionOf(value, scale), scale)).toBeCloseTo(value, 10);
    expect(positionOf(scale.max * 2, scale)).toBe(positions);
  });
});

test('parameters are those of the preset that the query comes to', () => {
  const { name, parameters } = parametersOf(noSettings, [{ kind: 'user', key: 'ann', weight: 1 }]);
  expect(name).toBe('pixie');
  expect(parameters.find((each) => each.name === 'steps')).toMatchObject({ usual: 100_000 });
  expect(parameters.find((each) => each.name === 'restartProbability')).toMatchObject({ usual: 1 });
  expect(parametersOf({ ...noSettings, algorithm: 'no such' }, []).parameters).toEqual([]);
});

test('what sliders say is usual is what the server takes', () => {
  const asked = recommendationRequest.parse({ query: [{ pin: 'a' }] });
  expect(asked).toMatchObject(Object.fromEntries(scalarSettings.map(({ name, usual }) => [name, usual])));
});

describe('filters', () => {
  test('are typed line by line', () => {
    const line = (field: string, condition: string, value: string) =>
      ({ field, condition, value }) as Parameters<typeof filterOf>[0][number];
    const lines = [
      line('language', 'is', 'en'),
      line('price', 'gte', '2'),
      line('price', 'lt', '50'),
      line('tags', 'in', 'a, b,,7'),
      line('zip', 'is', '"0123"'),
      line('title', 'exists', ''),
      line('', 'is', 'x'),
      line('unfinished', 'is', ' '),
    ];
    const filter = filterOf(lines);
    expect(filter).toEqual({
      language: 'en',
      price: { gte: 2, lt: 50 },
      tags: { in: ['a', 'b', 7] },
      zip: '0123',
      title: { exists: true },
    });
    expect(filterOf(linesOf(filter))).toEqual(filter);
    expect(recommendationRequest.safeParse({ query: [{ pin: 'a' }], filter }).success).toBe(true);
    expect(filterOf([])).toBeUndefined();
  });

  test('come back from the URL as they went', () => {
    const scalar = fc.oneof(fc.integer(), fc.boolean(), fc.stringMatching(/^[a-z0-9.-]{1,8}$/));
    const filters = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), scalar, {
      minKeys: 1,
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(filters, (filter) => {
        expect(filterOf(linesOf(filter))).toEqual(filter);
      }),
    );
  });
});

test('marks say what moved, by how much, and what only one has', () => {
  const answer = (...pins: string[]) => pins.map((pin, i) => ({ rank: i + 1, pin, score: 1 }));
  const [a, b] = [answer('x', 'y', 'z'), answer('y', 'w', 'x')];
  expect([...marksOf(b, a)]).toEqual([
    ['y', 1],
    ['w', 'only'],
    ['x', -2],
  ]);
  expect([...onlyThere(marksOf(a, b))]).toEqual([['z', 'only']]);
  expect(sharedCount(a, b)).toBe(2);
});

test('a shell reads the curl command as the very body, whatever is in it', () => {
  const body = { query: [{ pin: `it's "$HOME" \`id\` \\ \n é` }], filter: { a: "''" } };
  const command = curlOf('http://127.0.0.1:3000', body, true);
  expect(command).toContain('Bearer $PINWALK_KEY');
  const told = execFileSync('sh', ['-c', command.replace(/^curl/, 'printf "%s\\n"')], {
    env: { PINWALK_KEY: 'pw_x' },
    encoding: 'utf8',
  });
  expect(JSON.parse(told.slice(told.indexOf('-d\n') + 3))).toEqual(body);
  expect(told).toContain('Authorization: Bearer pw_x');
});
