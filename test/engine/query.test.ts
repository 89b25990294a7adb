import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AlgorithmName, type Params, type Query, Engine } from '../../engine/index.ts';
import { normalizeQuery } from '../../engine/query.ts';
import { scoresOf, queryOf, someQueries } from '../scores.ts';
import { smallGraph } from '../graphs.ts';

const sharp = {
  pinShrinkage: 2,
  boardShrinkage: 1,
  sharpening: 0.7,
  sharpeningPins: 3,
  boardSharpening: 0.3,
};
const cases: [AlgorithmName, Params][] = [
  ['pixie', { steps: 2_000 }],
  ['pixie', { steps: 2_000, ...sharp, lastHop: 'spread', startWeight: 0.3 }],
  ['pixie', { steps: 2_000, stepShares: 'paper', boost: true }],
  ['pixie', { steps: 2_000, earlyStop: 'stable', stableTop: 3 }],
  ['pixie', { steps: 2_000, earlyStop: 'visits', earlyStopPins: 4 }],
  ['paths', {}],
  ['paths', { ...sharp, x: 0.7, y: 1.3, z: 0.2 }],
  ['ppr', {}],
  ['itemknn', {}],
  ['popular', {}],
];
const ordersOf = fc.array(fc.nat(), { minLength: 5, maxLength: 5 });
const shuffled = ({ pins, weights }: Query, order: readonly number[]): Query => {
  const places = [...pins.keys()].toSorted((i, j) => order[i]! - order[j]!);
  return { pins: places.map((i) => pins[i]!), weights: places.map((i) => weights[i]!) };
};

test('a query is normalized: pins ascending, weights divided by the largest, none of them 0', () => {
  const query = { pins: [4, 0, 7, 2], weights: [3, 12, 6, 1e-200] };
  expect(normalizeQuery(smallGraph, query)).toEqual({
    pins: [0, 2, 4, 7],
    weights: [1, 1e-100, 0.25, 0.5],
  });
  expect(query.pins).toEqual([4, 0, 7, 2]);
  const extremes = { pins: [1, 2], weights: [Number.MAX_VALUE, Number.MIN_VALUE] };
  expect(normalizeQuery(smallGraph, extremes).weights).toEqual([1, 1e-100]);
  const least = { pins: [1, 2], weights: [Number.MIN_VALUE, Number.MIN_VALUE] };
  expect(normalizeQuery(smallGraph, least).weights).toEqual([1, 1]);
});

test.each(cases)('a query gives %s with %j the same scores in any order, to the last bit', (name, params) => {
  fc.assert(
    fc.property(someQueries, ordersOf, fc.nat(1_000), ({ graph, query }, order, seed) => {
      const engine = new Engine(graph);
      const run = (each: Query) => scoresOf((top) => engine.recommend(name, each, params, seed, top));
      expect(run(shuffled(query, order))).toEqual(run(query));
    }),
  );
});

test.each(cases)(
  'a query gives %s with %j the same scores for scaled weights, even extreme ones',
  (name, params) => {
    const engine = new Engine(smallGraph);
    const run = (weights: number[]) =>
      scoresOf((top) => engine.recommend(name, { pins: [1, 4, 6], weights }, params, 1, top));
    const plain = run([1, 0.5, 1]);
    expect(plain.scores.size).toBeGreaterThan(0);
    for (const scale of [2 ** 1023, 3, 2 ** -1000, 2 ** -1070]) {
      expect(run([scale, scale / 2, scale])).toEqual(plain);
    }
    const even = scoresOf((top) => engine.recommend(name, queryOf(1, 4, 6), params, 1, top));
    expect(run([1.7e308, 1.7e308, 1.7e308])).toEqual(even);
  },
);
