import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gini } from '../../engine/metrics/recommended-pins.ts';
import {
  type RecommendedLists,
  accuracyOf,
  countByGroup,
  degreeOf,
  diversityByBoards,
  meanOverlap,
  neighborsOf,
  nodeCount,
  notSaved,
  popularityThirds,
  quantileRanges,
  recommendedPins,
} from '../../engine/index.ts';
import { graphOf, smallGraph, someSaves } from '../graphs.ts';

const listsOf = (k: number, ...lists: number[][]): RecommendedLists => ({
  boards: Int32Array.from(lists.keys()),
  k,
  pins: Int32Array.from(lists.flatMap((list) => Array.from({ length: k }, (_, i) => list[i] ?? -1))),
});

test('accuracyOf compares each list with the held-out pins of its board', () => {
  const { boardToPin } = smallGraph;
  const accuracy = accuracyOf(listsOf(2, [0, 1], [5], [4, 6]), boardToPin);
  expect(accuracy.recall).toEqual(Float64Array.of(2 / 3, 0, 1 / 3));
  expect(accuracy.precision).toEqual(Float64Array.of(1, 0, 1 / 2));
});

test('beyond-accuracy metrics equal an example worked by hand', () => {
  // Pin 0 is on four of six boards, pin 1 on one, pin 2 on two. Pin 8 has no board and does not count.
  const described = recommendedPins(listsOf(3, [0, 1], [0, 2], []), smallGraph);
  expect(described.coverage).toBe(3 / 8);
  expect(described.popularity).toBe(((4 + 1) / 2 + (4 + 2) / 2) / 2);
  const bits = [4, 1, 2].map((degree) => Math.log2(6 / degree));
  expect(described.novelty).toBeCloseTo(((bits[0]! + bits[1]!) / 2 + (bits[0]! + bits[2]!) / 2) / 2, 12);
  // A third of the 15 saves is five. Pin 0 has four, so the next one, pin 2, is not in the long tail either.
  expect(described.longTail).toBe(1 / 4);
});

test('gini is 0 for equal counts, 1 for a single nonzero one, and half the relative mean difference', () => {
  expect(gini(Float64Array.of(3, 3, 3))).toBe(0);
  expect(gini(Float64Array.of(0, 0, 7))).toBe(1);
  expect(gini(Float64Array.of(0, 0))).toBe(0);
  expect(() => gini(Float64Array.of(-1, 2))).toThrow(expect.objectContaining({ field: 'counts' }));
  fc.assert(
    fc.property(fc.array(fc.nat(20), { minLength: 2, maxLength: 20 }), (counts) => {
      fc.pre(counts.some((count) => count > 0));
      // Mean absolute difference of two different pins, divided by twice the mean.
      const n = counts.length;
      const differences = counts.flatMap((a) => counts.map((b) => Math.abs(a - b)));
      const sum = counts.reduce((total, count) => total + count, 0);
      const meanDifference = differences.reduce((total, each) => total + each, 0) / (n * (n - 1));
      expect(gini(Float64Array.from(counts))).toBeCloseTo(meanDifference / (2 * (sum / n)), 12);
    }),
  );
});

test('diversityByBoards is 1 − the mean cosine of all pairs, and leaves its scratch zeroed', () => {
  fc.assert(
    fc.property(someSaves, (saves) => {
      const { pinToBoard, boardToPin } = graphOf(saves, 16);
      const pins = [...Array(16).keys()].filter((pin) => degreeOf(pinToBoard, pin) > 0);
      fc.pre(pins.length > 1);
      const weights = new Float64Array(nodeCount(boardToPin));
      const cosines = pins.flatMap((a, i) =>
        pins.slice(0, i).map((b) => {
          const [some, others] = [a, b].map((pin) => new Set(neighborsOf(pinToBoard, pin)));
          const common = [...some!].filter((board) => others!.has(board)).length;
          return common / Math.sqrt(some!.size * others!.size);
        }),
      );
      const mean = cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length;
      expect(diversityByBoards(pins, pinToBoard, weights)).toBeCloseTo(1 - mean, 12);
      expect(weights.every((weight) => weight === 0)).toBe(true);
    }),
  );
  expect(diversityByBoards([1], smallGraph.pinToBoard, new Float64Array(6))).toBeNaN();
});

test('meanOverlap equals examples worked by hand', () => {
  expect(meanOverlap([listsOf(2, [1, 2], [3]), listsOf(2, [2, 1], [4, 3])])).toBe((1 + 1 / 2) / 2);
  expect(meanOverlap([listsOf(2, [1, 2], [4, 3]), listsOf(2, [2, 1], [3])])).toBe((1 + 1 / 2) / 2);
  expect(meanOverlap([listsOf(2, [1, 2]), listsOf(2, [3, 4]), listsOf(2, [1, 3])])).toBeCloseTo(1 / 3, 14);
  expect(meanOverlap([listsOf(2, []), listsOf(2, [])])).toBe(1);
});

test('groups by quantile have disjoint ranges of about equal size that cover every count', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(40), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 6 }),
      (counts, n) => {
        const ranges = quantileRanges(Int32Array.from(counts), n);
        expect(ranges.length).toBeLessThanOrEqual(n);
        for (const count of counts) {
          expect(ranges.filter(({ from, to }) => count >= from && count <= to)).toHaveLength(1);
        }
      },
    ),
  );
  const even = quantileRanges(
    Int32Array.from({ length: 100 }, (_, i) => i),
    4,
  );
  expect(even).toEqual([
    { from: 0, to: 24 },
    { from: 25, to: 49 },
    { from: 50, to: 74 },
    { from: 75, to: 99 },
  ]);
});

test('groups by popularity have a third of the saves each, the most saved first', () => {
  const { groups, groupOf } = popularityThirds(smallGraph.pinToBoard);
  expect([...groupOf]).toEqual([0, 2, 0, 2, 1, 2, 1, 2, notSaved]);
  expect(groups).toEqual([
    { pins: 2, saves: { from: 2, to: 4 } },
    { pins: 2, saves: { from: 2, to: 2 } },
    { pins: 4, saves: { from: 1, to: 2 } },
  ]);
});

test('groups count held-out pins, hits and recommendations', () => {
  const groups = popularityThirds(smallGraph.pinToBoard);
  // Pin 12 is held out for board 1 and not in the training graph.
  const heldOut = graphOf([
    [0, 0],
    [0, 1],
    [1, 12],
  ]).boardToPin;
  expect(countByGroup(listsOf(2, [0, 4], [7]), heldOut, groups)).toEqual({
    heldOut: Int32Array.of(1, 0, 1, 1),
    found: Int32Array.of(1, 0, 0, 0),
    recommended: Int32Array.of(1, 1, 1, 0),
  });
});
