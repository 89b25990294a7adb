import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type SearchSpace,
  gridSettings,
  gridSize,
  randomSettings,
  rungsOf,
  survivors,
} from '../../engine/index.ts';

const space = (params: SearchSpace['params'], name = 'paths'): SearchSpace => {
  return { name, algorithm: 'paths', base: { y: 1 }, params };
};
const oneOf = (...values: number[]) => ({ kind: 'values', values }) as const;

test('a grid has every combination on top of the preset, the last parameter varying fastest', () => {
  const spaces = [space({ x: oneOf(1, 2), z: oneOf(0, 0.5) }), space({ y: oneOf(7) })];
  expect(gridSize(spaces)).toBe(5);
  expect(gridSettings(spaces).map(({ params }) => params)).toEqual([
    { y: 1, x: 1, z: 0 },
    { y: 1, x: 1, z: 0.5 },
    { y: 1, x: 2, z: 0 },
    { y: 1, x: 2, z: 0.5 },
    { y: 7 },
  ]);
});

test('a grid has one setting if there are no parameters, and rejects a range', () => {
  expect(gridSettings([space({})])).toEqual([{ space: space({}), params: { y: 1 } }]);
  const range = { kind: 'range', from: 0, to: 1, isLog: false, isInteger: false } as const;
  expect(gridSize([space({ x: range })])).toBe(Infinity);
  expect(() => gridSettings([space({ x: range })])).toThrow(/a grid needs values/);
});

describe('a random search', () => {
  const ranges = fc.record({
    isLog: fc.boolean(),
    isInteger: fc.boolean(),
    from: fc.integer({ min: 1, max: 50 }),
    width: fc.integer({ min: 1, max: 1000 }),
  });

  test('a random search draws within ranges, integers if requested, and the same ones for the same seed', () => {
    fc.assert(
      fc.property(ranges, fc.integer({ min: 0, max: 2 ** 32 - 1 }), ({ from, width, ...kind }, seed) => {
        const spaces = [space({ x: { kind: 'range', from, to: from + width, ...kind } })];
        const drawn = randomSettings(spaces, 20, seed);
        for (const { params } of drawn) {
          expect(params['x']).toBeGreaterThanOrEqual(from);
          expect(params['x']).toBeLessThanOrEqual(from + width);
          if (kind.isInteger) expect(Number.isInteger(params['x'])).toBe(true);
        }
        expect(randomSettings(spaces, 20, seed)).toEqual(drawn);
        expect(randomSettings(spaces, 8, seed)).toEqual(drawn.slice(0, 8));
      }),
    );
  });

  test('a random search draws equally often from each power of ten on a log scale', () => {
    const steps = { kind: 'range', from: 10, to: 100_000, isLog: true, isInteger: true } as const;
    const drawn = randomSettings([space({ x: steps })], 4_000, 3).map(({ params }) => Number(params['x']));
    // Repeated draws are dropped, which affects small integers; so compare the two largest powers only.
    const [ofThousands, ofTenThousands] = [4, 5].map(
      (digits) => drawn.filter((value) => value < 10 ** digits && value >= 10 ** (digits - 1)).length,
    );
    expect(ofThousands! / ofTenThousands!).toBeGreaterThan(0.8);
    expect(ofThousands! / ofTenThousands!).toBeLessThan(1.1);
  });

  test('a random search draws from the spaces in turn, without repeats, until they are exhausted', () => {
    const spaces = [space({ x: oneOf(1, 2, 3) }), space({ x: oneOf(1) }, 'other')];
    const drawn = randomSettings(spaces, 100, 1);
    expect(drawn.map(({ space: { name } }) => name).slice(0, 2)).toEqual(['paths', 'other']);
    expect(drawn.map(({ space: { name }, params }) => `${name} ${params['x']}`).toSorted()).toEqual([
      'other 1',
      'paths 1',
      'paths 2',
      'paths 3',
    ]);
  });
});

test.each([
  [
    [9, 900, 3, 100],
    [
      [9, 100],
      [3, 300],
      [1, 900],
    ],
  ],
  // A fifth round would start with fewer than usersMin users.
  [
    [64, 800, 2, 100],
    [
      [64, 100],
      [32, 200],
      [16, 400],
      [8, 800],
    ],
  ],
  [
    [8, 1_000, 2, 1],
    [
      [8, 125],
      [4, 250],
      [2, 500],
      [1, 1_000],
    ],
  ],
  [[5, 50, 3, 100], [[5, 50]]],
  [[1, 50, 3, 1], [[1, 50]]],
] as const)(
  'successive halving plans, for %j, rounds of %j settings and users',
  ([settings, users, eta, usersMin], rounds) => {
    const rungs = rungsOf(settings, users, eta, usersMin);
    expect(rungs.map((rung) => [rung.settings, rung.users])).toEqual(rounds);
  },
);

test('successive halving uses all users in the last round, and rounds of about equal cost', () => {
  const counts = fc.integer({ min: 1, max: 500 });
  fc.assert(
    fc.property(
      counts,
      fc.integer({ min: 1, max: 50_000 }),
      fc.integer({ min: 2, max: 5 }),
      (n, users, eta) => {
        const rungs = rungsOf(n, users, eta, 10);
        expect(rungs[0]!.settings).toBe(n);
        expect(rungs.at(-1)!.users).toBe(users);
        for (const { settings, users: each } of rungs) {
          expect(settings * each).toBeLessThanOrEqual(rungs[0]!.settings * (rungs[0]!.users + 1) * 1.05);
        }
      },
    ),
  );
});

test('successive halving keeps the best in their order; ties go to the first', () => {
  expect(survivors([0.1, 0.5, 0.3, 0.5, 0.5], 3)).toEqual([1, 3, 4]);
  expect(survivors([0.1, 0.5, 0.1], 2)).toEqual([0, 1]);
  expect(survivors([0.1], 3)).toEqual([0]);
});
