import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type RecommendedLists,
  accuracyMetrics,
  accuracyOf,
  countByGroup,
  degreeOf,
  diversityByBoards,
  gini,
  listQuality,
  meanOverlap,
  neighborsOf,
  nodeCount,
  notSaved,
  popularityThirds,
  quantileRanges,
  randomStream,
  recommendedPins,
  sampleNegatives,
} from '../../engine/index.ts';
import { graphOf, smallGraph, someSaves } from '../graphs.ts';

const someList = fc.uniqueArray(fc.nat(30), { maxLength: 12 });
const someRelevant = fc.uniqueArray(fc.nat(30), { minLength: 1, maxLength: 15 });
const someK = fc.integer({ min: 1, max: 15 });

const listsOf = (k: number, ...lists: number[][]): RecommendedLists => ({
  boards: Int32Array.from(lists.keys()),
  k,
  pins: Int32Array.from(lists.flatMap((list) => Array.from({ length: k }, (_, place) => list[place] ?? -1))),
});

describe('metrics of a list', () => {
  test('are those computed by hand', () => {
    // Hits at places 2 and 4 of five; three pins are relevant.
    const quality = listQuality([9, 1, 8, 2, 7], new Set([1, 2, 3]), 5);
    expect(quality).toEqual({
      recall: 2 / 3,
      precision: 2 / 5,
      ndcg: expect.closeTo((1 / Math.log2(3) + 1 / Math.log2(5)) / (1 + 1 / Math.log2(3) + 1 / 2), 14),
      map: expect.closeTo((1 / 2 + 2 / 4) / 3, 14),
      mrr: 1 / 2,
      hitRate: 1,
      f1: 4 / 8,
    });
  });

  test('lie in [0, 1], are 1 for a perfect list and 0 for one without a hit', () => {
    fc.assert(
      fc.property(someList, someRelevant, someK, (list, relevant, k) => {
        const isRelevant = new Set(relevant);
        const quality = listQuality(list, isRelevant, k);
        for (const metric of accuracyMetrics) {
          expect(quality[metric]).toBeGreaterThanOrEqual(0);
          expect(quality[metric]).toBeLessThanOrEqual(1 + 1e-12);
        }
        const perfect = listQuality(
          [...relevant, ...list.filter((pin) => !isRelevant.has(pin))],
          isRelevant,
          k,
        );
        for (const metric of ['ndcg', 'map', 'mrr', 'hitRate'] as const) {
          expect(perfect[metric]).toBeCloseTo(1, 12);
        }
        expect(perfect.recall).toBeCloseTo(Math.min(k / relevant.length, 1), 12);
        expect(perfect.precision).toBeCloseTo(Math.min(relevant.length / k, 1), 12);
        const worst = listQuality(
          list.map((pin) => pin + 100),
          isRelevant,
          k,
        );
        expect(Object.values(worst).every((value) => value === 0)).toBe(true);
      }),
    );
  });

  test('rise, those that look at places, when a hit moves to the front, and the others stay', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), (place) => {
        const list = Array.from({ length: 10 }, (_, i) => (i === place ? 1 : 100 + i));
        const moved = list.with(place, list[place - 1]!).with(place - 1, 1);
        const [before, after] = [list, moved].map((pins) => listQuality(pins, new Set([1, 2]), 10));
        for (const metric of ['ndcg', 'map', 'mrr'] as const) {
          expect(after![metric]).toBeGreaterThan(before![metric]);
        }
        for (const metric of ['recall', 'precision', 'hitRate', 'f1'] as const) {
          expect(after![metric]).toBe(before![metric]);
        }
      }),
    );
  });

  test('are computed for each board against its own held-out pins', () => {
    const { boardToPin } = smallGraph;
    const accuracy = accuracyOf(listsOf(2, [0, 1], [5], [4, 6]), boardToPin);
    expect(accuracy.recall).toEqual(Float64Array.of(2 / 3, 0, 1 / 3));
    expect(accuracy.precision).toEqual(Float64Array.of(1, 0, 1 / 2));
  });
});

describe('what is recommended', () => {
  test('has the coverage, novelty and popularity computed by hand', () => {
    // Pin 0 is on four of six boards, pin 1 on one, pin 2 on two. Pin 8 has no board and does not count.
    const described = recommendedPins(listsOf(3, [0, 1], [0, 2], []), smallGraph);
    expect(described.coverage).toBe(3 / 8);
    expect(described.popularity).toBe(((4 + 1) / 2 + (4 + 2) / 2) / 2);
    const bits = [4, 1, 2].map((degree) => Math.log2(6 / degree));
    expect(described.novelty).toBeCloseTo(((bits[0]! + bits[1]!) / 2 + (bits[0]! + bits[2]!) / 2) / 2, 12);
    // A third of the 15 saves is five: pin 0 has four, so the next one, pin 2, is in front too.
    expect(described.longTail).toBe(1 / 4);
  });

  test('has a Gini coefficient of 0 for like counts, 1 for one pin that has all, and what the pairs say', () => {
    expect(gini(Float64Array.of(3, 3, 3))).toBe(0);
    expect(gini(Float64Array.of(0, 0, 7))).toBe(1);
    expect(gini(Float64Array.of(0, 0))).toBe(0);
    expect(() => gini(Float64Array.of(-1, 2))).toThrow(expect.objectContaining({ field: 'counts' }));
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 2, maxLength: 20 }), (counts) => {
        fc.pre(counts.some((count) => count > 0));
        // Mean difference of a pair of two different pins, by twice the mean.
        const n = counts.length;
        const differences = counts.flatMap((a) => counts.map((b) => Math.abs(a - b)));
        const sum = counts.reduce((total, count) => total + count, 0);
        const meanDifference = differences.reduce((total, each) => total + each, 0) / (n * (n - 1));
        expect(gini(Float64Array.from(counts))).toBeCloseTo(meanDifference / (2 * (sum / n)), 12);
      }),
    );
  });

  test('has the diversity that the cosines of all pairs give, and leaves the scratch empty', () => {
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

  test('overlaps between seeds as counted by hand', () => {
    expect(meanOverlap([listsOf(2, [1, 2], [3]), listsOf(2, [2, 1], [4, 3])])).toBe((1 + 1 / 2) / 2);
    expect(meanOverlap([listsOf(2, [1, 2], [4, 3]), listsOf(2, [2, 1], [3])])).toBe((1 + 1 / 2) / 2);
    expect(meanOverlap([listsOf(2, [1, 2]), listsOf(2, [3, 4]), listsOf(2, [1, 3])])).toBeCloseTo(1 / 3, 14);
    expect(meanOverlap([listsOf(2, []), listsOf(2, [])])).toBe(1);
  });
});

describe('groups', () => {
  test('of counts hold every count once, like ones together, about as many in each', () => {
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

  test('of pins have a third of the saves each, the most saved first', () => {
    const { groups, groupOf } = popularityThirds(smallGraph.pinToBoard);
    expect([...groupOf]).toEqual([0, 2, 0, 2, 1, 2, 1, 2, notSaved]);
    expect(groups).toEqual([
      { pins: 2, saves: { from: 2, to: 4 } },
      { pins: 2, saves: { from: 2, to: 2 } },
      { pins: 4, saves: { from: 1, to: 2 } },
    ]);
  });

  test('of pins count what was to be found, was found and was recommended', () => {
    const groups = popularityThirds(smallGraph.pinToBoard);
    // Board 0 is to find pins 0 and 1, board 1 pin 12, which is past those of train.
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
});

describe('sampled negatives', () => {
  test('are as many as asked for, free, and different', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(19), { maxLength: 20 }),
        fc.integer({ min: 1, max: 25 }),
        fc.nat(1000),
        (taken, count, seed) => {
          const pins = Int32Array.from({ length: 20 }, (_, i) => 5 * i);
          const isTaken = (pin: number): boolean => taken.includes(pin / 5);
          const drawn = sampleNegatives(pins, isTaken, taken.length, count, randomStream(seed));
          expect(drawn.size).toBe(Math.min(count, 20 - taken.length));
          expect([...drawn].every((pin) => pins.includes(pin) && !isTaken(pin))).toBe(true);
        },
      ),
    );
  });

  test.each([2, 8])('are drawn all alike: %d of ten', (count) => {
    const pins = Int32Array.from({ length: 12 }, (_, i) => i);
    const times = Array.from({ length: 12 }, () => 0);
    for (let seed = 0; seed < 4_000; seed++) {
      const drawn = sampleNegatives(pins, (pin) => pin > 9, 2, count, randomStream(seed));
      for (const pin of drawn) times[pin]!++;
    }
    // Standard deviation: the root of 4,000 · share · (1 − share).
    const share = count / 10;
    const deviation = Math.sqrt(4_000 * share * (1 - share));
    for (const pin of pins.slice(0, 10))
      expect(Math.abs(times[pin]! - 4_000 * share)).toBeLessThan(5 * deviation);
    expect(times.slice(10)).toEqual([0, 0]);
  });
});
