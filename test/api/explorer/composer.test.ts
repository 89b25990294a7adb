import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parametersOf } from '../../../api/explorer/page/composer/catalog.ts';
import { marksOf, onlyThere, sharedCount } from '../../../api/explorer/page/composer/compare.ts';
import { curlOf } from '../../../api/explorer/page/composer/curl.ts';
import { filterOf, linesOf } from '../../../api/explorer/page/composer/filters.ts';
import { positionOf, positions, valueAt } from '../../../api/explorer/page/composer/scale.ts';
import { commonSpecs, noSettings } from '../../../api/explorer/page/address/index.ts';
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
  test.each(scales)('sliders from $min to $max reach both ends and are monotonic', (scale) => {
    expect(valueAt(0, scale)).toBe(scale.min);
    expect(valueAt(positions, scale)).toBe(scale.max);
    const values = Array.from({ length: 101 }, (_, i) => valueAt((i * positions) / 100, scale));
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    if (scale.isInteger) expect(values.every(Number.isInteger)).toBe(true);
    for (const value of values) expect(valueAt(positionOf(value, scale), scale)).toBeCloseTo(value, 10);
    expect(positionOf(scale.max * 2, scale)).toBe(positions);
  });
});

test('parameters have the defaults of the preset that the query selects', () => {
  const parameters = parametersOf(noSettings, [{ kind: 'user', key: 'ann', weight: 1 }]);
  expect(parameters.find((each) => each.name === 'steps')).toMatchObject({ defaultValue: 100_000 });
  expect(parameters.find((each) => each.name === 'restartProbability')).toMatchObject({ defaultValue: 1 });
  const ofUnknown = parametersOf({ ...noSettings, algorithm: 'no such' }, []);
  const common = Object.keys(commonSpecs).filter((name) => name !== 'specificity' && name !== 'linearShare');
  expect(ofUnknown.map(({ name }) => name)).toEqual(common);
});

test("parameters have the values of the data folder's own preset, so that a slider can be set to the built-in one", () => {
  const query = [{ kind: 'user', key: 'ann', weight: 1 }] as const;
  const own = { feed: { algorithm: 'pixie', params: { steps: 777, diversity: 0.4 } } } as const;
  const of = (name: string) => parametersOf(noSettings, query, own).find((each) => each.name === name);
  expect(of('steps')).toMatchObject({ defaultValue: 777 });
  expect(of('diversity')).toMatchObject({ defaultValue: 0.4 });
  const exact = { feed: { algorithm: 'paths', params: { z: 0.2 } } } as const;
  const names = parametersOf(noSettings, query, exact).map(({ name }) => name);
  expect(names).toContain('z');
  expect(names).not.toContain('steps');
});

test('the defaults of the sliders are those of the server', () => {
  const query = [{ pin: 'a' }];
  const defaults = Object.fromEntries(
    Object.entries(commonSpecs).map(([name, spec]) => [name, spec.default]),
  );
  // Of a bare algorithm: presets have their own.
  const request = { query, algorithm: 'pixie' };
  expect(recommendationRequest.parse({ ...request, ...defaults })).toEqual(
    recommendationRequest.parse(request),
  );
});

describe('filters', () => {
  test('filters are parsed from lines', () => {
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

  test('filters survive a round trip through lines', () => {
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

test('marks show how far items moved and which are in one list only', () => {
  const ranked = (...pins: string[]) => pins.map((pin, i) => ({ rank: i + 1, pin, score: 1 }));
  const [a, b] = [ranked('x', 'y', 'z'), ranked('y', 'w', 'x')];
  expect([...marksOf(b, a)]).toEqual([
    ['y', 1],
    ['w', 'only'],
    ['x', -2],
  ]);
  expect([...onlyThere(marksOf(a, b))]).toEqual([['z', 'only']]);
  expect(sharedCount(a, b)).toBe(2);
});

test('a shell reads the curl command as exactly the body, for any text', () => {
  const body = { query: [{ pin: `it's "$HOME" \`id\` \\ \n é` }], filter: { a: "''" } };
  const command = curlOf('http://127.0.0.1:3000', body, true);
  expect(command).toContain('Bearer $PINWALK_KEY');
  const output = execFileSync('sh', ['-c', command.replace(/^curl/, 'printf "%s\\n"')], {
    env: { PINWALK_KEY: 'pw_x' },
    encoding: 'utf8',
  });
  expect(JSON.parse(output.slice(output.indexOf('-d\n') + 3))).toEqual(body);
  expect(output).toContain('Authorization: Bearer pw_x');
});
