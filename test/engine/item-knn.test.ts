import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ItemKnnParams, createExactScratch, itemKnn } from '../../engine/index.ts';
import {
  type QueryCase,
  scoresOf,
  expectSameScores,
  keysOf,
  queryOf,
  someQueries,
  numberIn,
} from '../scores.ts';
import { graphOf, smallGraph } from '../graphs.ts';
import { denseItemKnn } from '../reference/dense.ts';

const scratch = createExactScratch();
const run = ({ graph, query }: QueryCase, params: Partial<ItemKnnParams> = {}) =>
  scoresOf((top) => itemKnn(graph, query, params, scratch, top));

test('item kNN equals the formula over dense matrices', () => {
  fc.assert(
    fc.property(
      someQueries,
      fc.integer({ min: 1, max: 20 }),
      fc.oneof(fc.constant(0), numberIn(0, 30)),
      (input, neighborsMax, shrinkage) => {
        const { stats, scores } = run(input, { neighborsMax, shrinkage });
        expectSameScores(scores, denseItemKnn(input.graph, input.query, neighborsMax, shrinkage));
        expect(stats.candidates).toBe(scores.size);
        expect(stats.isTruncated).toBe(false);
      },
    ),
  );
});

test('item kNN by hand: cosine with shrinkage', () => {
  // Pins 0 and 1 share two boards; pin 0 is on three boards, pin 1 on two: 2 / (√6 + 10).
  const graph = graphOf([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
    [2, 0],
  ]);
  expect(run({ graph, query: queryOf(0) }).scores.get(1)).toBeCloseTo(2 / (Math.sqrt(6) + 10), 15);
  expect(run({ graph, query: queryOf(0) }, { shrinkage: 0 }).scores.get(1)).toBeCloseTo(2 / Math.sqrt(6), 15);
});

test('item kNN does not depend on the order of the query pins', () => {
  fc.assert(
    fc.property(someQueries, ({ graph, query: { pins, weights } }) => {
      const reversed = { pins: pins.toReversed(), weights: weights.toReversed() };
      expect(run({ graph, query: reversed })).toEqual(run({ graph, query: { pins, weights } }));
    }),
  );
});

test('item kNN with boardsMax limits the boards of each query pin and reports the truncation', () => {
  const { stats, scores } = run({ graph: smallGraph, query: queryOf(0) }, { boardsMax: 1 });
  expect(stats).toEqual({ candidates: 2, boardsExpanded: 1, isTruncated: true });
  expect(keysOf(scores)).toEqual([1, 2]);
  expect(run({ graph: smallGraph, query: queryOf(0) }, { boardsMax: 4 }).stats.isTruncated).toBe(false);
});

test('item kNN gives the same result with a scratch used for other graphs and queries', () => {
  fc.assert(
    fc.property(fc.array(someQueries, { minLength: 2, maxLength: 4 }), (all) => {
      const used = createExactScratch();
      for (const { graph, query } of all) {
        const runWith = (with_: typeof used) => scoresOf((top) => itemKnn(graph, query, {}, with_, top));
        expect(runWith(used)).toEqual(runWith(createExactScratch()));
      }
    }),
    { numRuns: 30 },
  );
});
