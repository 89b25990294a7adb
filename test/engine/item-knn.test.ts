import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ItemKnnParams, createExactScratch, itemKnn } from '../../engine/index.ts';
import {
  type Asked,
  answerOf,
  expectSameScores,
  keysOf,
  queryOf,
  someQueries,
  numberIn,
} from '../answers.ts';
import { graphOf, smallGraph } from '../graphs.ts';
import { denseItemKnn } from '../reference/dense.ts';

const scratch = createExactScratch();
const ask = ({ graph, query }: Asked, params: Partial<ItemKnnParams> = {}) =>
  answerOf((top) => itemKnn(graph, query, params, scratch, top));

describe('item kNN', () => {
  test('is the formula, over full matrices', () => {
    fc.assert(
      fc.property(
        someQueries,
        fc.integer({ min: 1, max: 20 }),
        fc.oneof(fc.constant(0), numberIn(0, 30)),
        (asked, neighborsMax, shrinkage) => {
          const { stats, scores } = ask(asked, { neighborsMax, shrinkage });
          expectSameScores(scores, denseItemKnn(asked.graph, asked.query, neighborsMax, shrinkage));
          expect(stats.candidates).toBe(scores.size);
          expect(stats.isTruncated).toBe(false);
        },
      ),
    );
  });

  test('by hand: cosine, shrunk', () => {
    // Pins 0 and 1 share boards 0 and 1; pin 0 is on three boards, pin 1 on two: 2 / (√6 + 10).
    const graph = graphOf([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
      [2, 0],
    ]);
    expect(ask({ graph, query: queryOf(0) }).scores.get(1)).toBeCloseTo(2 / (Math.sqrt(6) + 10), 15);
    expect(ask({ graph, query: queryOf(0) }, { shrinkage: 0 }).scores.get(1)).toBeCloseTo(
      2 / Math.sqrt(6),
      15,
    );
  });

  test('does not depend on the order of the query pins', () => {
    fc.assert(
      fc.property(someQueries, ({ graph, query: { pins, weights } }) => {
        const reversed = { pins: pins.toReversed(), weights: weights.toReversed() };
        expect(ask({ graph, query: reversed })).toEqual(ask({ graph, query: { pins, weights } }));
      }),
    );
  });

  test('boardsMax bounds the boards of each query pin, and is told', () => {
    const { stats, scores } = ask({ graph: smallGraph, query: queryOf(0) }, { boardsMax: 1 });
    expect(stats).toEqual({ candidates: 2, boardsExpanded: 1, isTruncated: true });
    expect(keysOf(scores)).toEqual([1, 2]);
    expect(ask({ graph: smallGraph, query: queryOf(0) }, { boardsMax: 4 }).stats.isTruncated).toBe(false);
  });

  test('a scratch that served other graphs and queries answers as a fresh one', () => {
    fc.assert(
      fc.property(fc.array(someQueries, { minLength: 2, maxLength: 4 }), (all) => {
        const used = createExactScratch();
        for (const { graph, query } of all) {
          const run = (with_: typeof used) => answerOf((top) => itemKnn(graph, query, {}, with_, top));
          expect(run(used)).toEqual(run(createExactScratch()));
        }
      }),
      { numRuns: 30 },
    );
  });
});
