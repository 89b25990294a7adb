import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultsOf } from '../../engine/base/param-specs.ts';
import {
  type PinBoardGraph,
  TopPins,
  createExactScratch,
  neighborsOf,
  nodeCount,
  paths,
  pathsParams,
} from '../../engine/index.ts';
import {
  type QueryCase,
  scoresOf,
  expectSameScores,
  keysOf,
  queryOf,
  someQueries,
  numberIn,
  someBoardSharpening,
} from '../scores.ts';
import { graphOf, smallGraph } from '../graphs.ts';
import { densePaths } from '../reference/dense.ts';

const scratch = createExactScratch();
const defaults = defaultsOf(pathsParams);
const run = ({ graph, query }: QueryCase, params: Partial<typeof defaults> = {}) =>
  scoresOf((top) => paths(graph, query, params, scratch, top));

const exponent = numberIn(-2, 2);
const someParams = fc.record({
  x: exponent,
  y: exponent,
  z: exponent,
  pinShrinkage: fc.oneof(fc.constant(0), numberIn(0, 20)),
  boardShrinkage: fc.oneof(fc.constant(0), numberIn(0, 20)),
});
const someSharpenings = fc.record({
  sharpening: fc.oneof(fc.constant(0), numberIn(0, 2)),
  sharpeningPins: fc.oneof(fc.constant(0), numberIn(0, 20)),
  boardSharpening: fc.oneof(fc.constant(0), someBoardSharpening),
});
/** 1,200 saves that no query of {@link someQueries} reaches. */
const farSaves = Array.from({ length: 1_200 }, (_, i) => [12 + (i >> 1), 16 + i] as const);
const withFarSaves = (graph: PinBoardGraph): PinBoardGraph => {
  const boards = Array.from({ length: nodeCount(graph.boardToPin) }, (_, board) => board);
  const near = boards.flatMap((board) =>
    [...neighborsOf(graph.boardToPin, board)].map((pin) => [board, pin] as const),
  );
  return graphOf([...near, ...farSaves]);
};

test('paths equals the formula over dense matrices', () => {
  fc.assert(
    fc.property(someQueries, someParams, (input, params) => {
      const { stats, scores } = run(input, params);
      expectSameScores(scores, densePaths(input.graph, input.query, params));
      expect(stats.candidates).toBe(scores.size);
      expect(stats.isTruncated).toBe(false);
    }),
  );
});

test('paths equals the formula with sharpening, whether the query reaches all or part of the graph', () => {
  fc.assert(
    fc.property(someQueries, someParams, someSharpenings, ({ graph, query }, params, sharpenings) => {
      const all = { ...params, ...sharpenings };
      const expected = densePaths(graph, query, all);
      for (const each of [graph, withFarSaves(graph)]) {
        const { stats, scores } = run({ graph: each, query }, all);
        expectSameScores(scores, expected, 'largest');
        expect(stats.candidates).toBe(scores.size);
      }
    }),
    { numRuns: 300 },
  );
});

test('paths by hand: pin shrinkage reduces the influence of pins with few boards', () => {
  // Pin 0 is on one board and pin 1 on two, all of two pins: (1 + 3)^-1 against (2 + 3)^-1.
  const graph = graphOf([
    [0, 0],
    [0, 2],
    [1, 1],
    [1, 3],
    [2, 1],
    [2, 3],
  ]);
  const { scores } = run({ graph, query: queryOf(0, 1) }, { pinShrinkage: 3 });
  // Pins 0 and 2 get 1/8 each, pins 1 and 3 get 2 · 1/10 each: 13/20 in all.
  expect(scores.get(2)).toBeCloseTo(1 / 8 / (13 / 20), 14);
  expect(scores.get(3)).toBeCloseTo(1 / 5 / (13 / 20), 14);
});

test('paths by hand: λ grows with the number of query pins', () => {
  // One board of four pins: V1 and V2 are 1/4 for each, so a score is (1 − λ) / 4.
  const graph = graphOf(Array.from({ length: 4 }, (_, pin) => [0, pin] as const));
  const scoreOf = (...pins: number[]) =>
    run({ graph, query: queryOf(...pins) }, { sharpening: 1, sharpeningPins: 2 }).scores.get(3);
  expect(scoreOf(0)).toBeCloseTo((1 - 1 / 3) / 4, 14);
  expect(scoreOf(0, 1)).toBeCloseTo((1 - 1 / 2) / 4, 14);
  expect(scoreOf(0, 1, 2)).toBeCloseTo((1 - 3 / 5) / 4, 14);
});

test('paths by hand: board sharpening subtracts the second step of a board, and drops a board with nothing left', () => {
  // Pin 0 is on board 0 with pin 1 and on board 1 with pin 2; pins 2 and 3 are on boards 1 and 2.
  const graph = graphOf([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 2],
    [2, 2],
    [2, 3],
  ]);
  // m = 1/4, 1/4, so V1 = 1/2, 1/4, 1/4 for pins 0 to 2, and the second step of each board is half of
  // 1/4 + 1/4, 1/4 + 1/8, 1/8: shares 1/2, 3/8, 1/8. So r = (1 − s) / 2, (1 − 3s/4) / 2.
  const clippedBy = (boardSharpening: number) => run({ graph, query: queryOf(0) }, { boardSharpening });
  const half = clippedBy(0.5).scores;
  expect(half.get(1)).toBeCloseTo(0.25 / (2 * (0.25 + 0.3125)), 14);
  expect(half.get(2)).toBeCloseTo(0.3125 / (2 * (0.25 + 0.3125)), 14);
  const more = clippedBy(1.1);
  expect([...more.scores]).toEqual([[2, 0.5]]);
  expect(more.stats.candidates).toBe(1);
  expect(clippedBy(1.5).scores.size).toBe(0);
});

test('paths by hand: two boards of two and three pins', () => {
  // Pin 0 is on boards {0, 1} and {0, 2, 3}: probability 1/4 for pin 1, 1/6 for pins 2 and 3, 1/4 + 1/6 for pin 0.
  const graph = graphOf([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 2],
    [1, 3],
  ]);
  const { scores } = run({ graph, query: queryOf(0) });
  expect(scores.get(1)).toBeCloseTo(1 / 4, 14);
  expect(scores.get(2)).toBeCloseTo(1 / 6, 14);
  expect(scores.get(3)).toBeCloseTo(1 / 6, 14);
});

test('paths gives the first k of the full list, although it rejects pins early', () => {
  fc.assert(
    fc.property(someQueries, someParams, fc.integer({ min: 1, max: 4 }), ({ graph, query }, params, k) => {
      const sharpened = { ...params, sharpening: 0.5, boardSharpening: 0.3 };
      const top = new TopPins(k);
      paths(graph, query, sharpened, scratch, top);
      const all = new TopPins(100);
      paths(graph, query, sharpened, createExactScratch(), all);
      expect(top.drain()).toEqual(all.drain().slice(0, k));
    }),
  );
});

test('paths counts excluded pins as candidates but does not offer them', () => {
  const top = new TopPins(1);
  const stats = paths(smallGraph, queryOf(5), {}, scratch, top, (pin) => pin === 4);
  // Pins 4, 6 and 7 are all on board 3: ties go to the smaller index.
  expect(stats.candidates).toBe(3);
  expect(top.drain().map(({ pin }) => pin)).toEqual([6]);
});

test('paths with boardsMax expands the boards of largest mass only, and reports the truncation', () => {
  // From pin 6, boards 3 (four pins) and 4 (two pins) have equal mass: the smaller index is kept.
  const cut = run({ graph: smallGraph, query: queryOf(6) }, { boardsMax: 1 });
  expect(cut.stats).toEqual({ candidates: 3, boardsExpanded: 1, isTruncated: true });
  expect(keysOf(cut.scores)).toEqual([4, 5, 7]);
  // From pins 5, 6 and 7, board 3 has the largest mass: 1 + 1/2 + 1/2 against 1/2 + 1/2 of board 4.
  const three = run({ graph: smallGraph, query: queryOf(6, 7, 5) }, { boardsMax: 1 });
  expect([...three.scores.keys()]).toEqual([4]);
  const whole = run({ graph: smallGraph, query: queryOf(6) }, { boardsMax: 2 });
  expect(whole.stats).toEqual({ candidates: 3, boardsExpanded: 2, isTruncated: false });
  // Two disconnected boards of two pins each: the first step is cut to one, which is all the second can reach.
  const apart = graphOf([
    [0, 0],
    [0, 2],
    [1, 1],
    [1, 3],
  ]);
  const first = run({ graph: apart, query: queryOf(0, 1) }, { boardsMax: 1, sharpening: 0.5 });
  expect(first.stats).toEqual({ candidates: 1, boardsExpanded: 2, isTruncated: true });
  fc.assert(
    fc.property(someQueries, fc.integer({ min: 1, max: 6 }), fc.boolean(), (input, boardsMax, isSharp) => {
      const { stats } = run(input, { boardsMax, sharpening: isSharp ? 0.5 : 0 });
      expect(stats.boardsExpanded).toBeLessThanOrEqual(boardsMax * (isSharp ? 2 : 1));
      const boards = run(input, { sharpening: isSharp ? 0.5 : 0 }).stats.boardsExpanded;
      if (stats.boardsExpanded < boards) expect(stats.isTruncated).toBe(true);
    }),
  );
});

test('paths gives the same result with a scratch used for other graphs and queries', () => {
  fc.assert(
    fc.property(fc.array(someQueries, { minLength: 2, maxLength: 4 }), (all) => {
      const used = createExactScratch();
      for (const { graph, query } of all) {
        const runWith = (with_: typeof used) =>
          scoresOf((top) =>
            paths(graph, query, { sharpening: 0.4, boardSharpening: 0.7, z: 0.3 }, with_, top),
          );
        expect(runWith(used)).toEqual(runWith(createExactScratch()));
      }
    }),
  );
});
