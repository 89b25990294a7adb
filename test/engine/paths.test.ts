import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TopPins, createExactScratch, paths, pathsParams, defaultsOf } from '../../engine/index.ts';
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
import { densePaths } from '../reference/dense.ts';

const scratch = createExactScratch();
const defaults = defaultsOf(pathsParams);
const ask = ({ graph, query }: Asked, params: Partial<typeof defaults> = {}) =>
  answerOf((top) => paths(graph, query, params, scratch, top));

const exponent = numberIn(-2, 2);
const someParams = fc.record({
  x: exponent,
  y: exponent,
  z: exponent,
  boardShrinkage: fc.oneof(fc.constant(0), numberIn(0, 20)),
});

describe('paths', () => {
  test('are the formula, over full matrices', () => {
    fc.assert(
      fc.property(someQueries, someParams, (asked, params) => {
        const { stats, scores } = ask(asked, params);
        expectSameScores(scores, densePaths(asked.graph, asked.query, { ...params, sharpening: 0 }));
        expect(stats.candidates).toBe(scores.size);
        expect(stats.isTruncated).toBe(false);
      }),
    );
  });

  test('are the formula with sharpening too', () => {
    fc.assert(
      fc.property(someQueries, someParams, numberIn(0, 1), (asked, params, sharpening) => {
        const expected = densePaths(asked.graph, asked.query, { ...params, sharpening });
        const { stats, scores } = ask(asked, { ...params, sharpening });
        expectSameScores(scores, expected, 'largest');
        expect(stats.candidates).toBe(scores.size);
      }),
    );
  });

  test('by hand: two boards of two and three pins', () => {
    // Pin 0 is on boards {0, 1} and {0, 2, 3}: 1 path in 2 · 2, then 1 in 2 · 3 each, and itself 1/4 + 1/6.
    const graph = graphOf([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 2],
      [1, 3],
    ]);
    const { scores } = ask({ graph, query: queryOf(0) });
    expect(scores.get(1)).toBeCloseTo(1 / 4, 14);
    expect(scores.get(2)).toBeCloseTo(1 / 6, 14);
    expect(scores.get(3)).toBeCloseTo(1 / 6, 14);
  });

  test('a short list is the start of the long one, although pins are left out early', () => {
    fc.assert(
      fc.property(someQueries, someParams, fc.integer({ min: 1, max: 4 }), ({ graph, query }, params, k) => {
        const sharpened = { ...params, sharpening: 0.5 };
        const top = new TopPins(k);
        paths(graph, query, sharpened, scratch, top);
        const all = new TopPins(100);
        paths(graph, query, sharpened, createExactScratch(), all);
        expect(top.drain()).toEqual(all.drain().slice(0, k));
      }),
    );
  });

  test('excluded pins stay candidates but are not offered, and the next moves up', () => {
    const top = new TopPins(1);
    const stats = paths(smallGraph, queryOf(5), {}, scratch, top, (pin) => pin === 4);
    // Pins 4, 6 and 7 are on board 3 alike: ties go to the smaller index.
    expect(stats.candidates).toBe(3);
    expect(top.drain().map(({ pin }) => pin)).toEqual([6]);
  });

  test('boardsMax keeps the heaviest boards, says so and bounds the work', () => {
    // From pin 6, boards 3 (four pins) and 4 (two pins) weigh alike: the smaller index stays.
    const cut = ask({ graph: smallGraph, query: queryOf(6) }, { boardsMax: 1 });
    expect(cut.stats).toEqual({ candidates: 3, boardsExpanded: 1, isTruncated: true });
    expect(keysOf(cut.scores)).toEqual([4, 5, 7]);
    // From pins 5 and 6 and 7, board 3 is the heaviest: 1 + 1/2 + 1/2 against 1/2 + 1/2 of board 4.
    const three = ask({ graph: smallGraph, query: queryOf(6, 7, 5) }, { boardsMax: 1 });
    expect([...three.scores.keys()]).toEqual([4]);
    const whole = ask({ graph: smallGraph, query: queryOf(6) }, { boardsMax: 2 });
    expect(whole.stats).toEqual({ candidates: 3, boardsExpanded: 2, isTruncated: false });
    // Two boards of two pins each, apart: the first step is cut to one, the second has no more than that one.
    const apart = graphOf([
      [0, 0],
      [0, 2],
      [1, 1],
      [1, 3],
    ]);
    const first = ask({ graph: apart, query: queryOf(0, 1) }, { boardsMax: 1, sharpening: 0.5 });
    expect(first.stats).toEqual({ candidates: 1, boardsExpanded: 2, isTruncated: true });
    fc.assert(
      fc.property(someQueries, fc.integer({ min: 1, max: 6 }), fc.boolean(), (asked, boardsMax, isSharp) => {
        const { stats } = ask(asked, { boardsMax, sharpening: isSharp ? 0.5 : 0 });
        expect(stats.boardsExpanded).toBeLessThanOrEqual(boardsMax * (isSharp ? 2 : 1));
        const boards = ask(asked, { sharpening: isSharp ? 0.5 : 0 }).stats.boardsExpanded;
        if (stats.boardsExpanded < boards) expect(stats.isTruncated).toBe(true);
      }),
    );
  });

  test('a scratch that served other graphs and queries answers as a fresh one', () => {
    fc.assert(
      fc.property(fc.array(someQueries, { minLength: 2, maxLength: 4 }), (all) => {
        const used = createExactScratch();
        for (const { graph, query } of all) {
          const run = (with_: typeof used) =>
            answerOf((top) => paths(graph, query, { sharpening: 0.4, z: 0.3 }, with_, top));
          expect(run(used)).toEqual(run(createExactScratch()));
        }
      }),
    );
  });
});
