import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  degreeOf,
  neighborsOf,
  nodeCount,
  randomStream,
  sampleNegatives,
  saveCount,
  splitAtTime,
  splitFolds,
  splitLast,
  splitLatest,
  splitSaves,
} from '../../engine/index.ts';
import { graphOf, smallGraph, someSaves } from '../graphs.ts';
import { numberIn } from '../scores.ts';
import { savesIn, someTimedSaves, timed } from '../timed-saves.ts';

describe('a random split', () => {
  const shares = numberIn(0.01, 0.99);

  test('a random split conserves saves, indices and owners, and leaves every board a pin', () => {
    fc.assert(
      fc.property(someSaves, shares, fc.nat(2 ** 32 - 1), (saves, share, seed) => {
        const graph = graphOf(saves, 16);
        const { train, heldOut } = splitSaves(graph, share, seed);
        const both = [...savesIn(train.boardToPin), ...savesIn(heldOut)];
        expect(both.toSorted()).toEqual(savesIn(graph.boardToPin).toSorted());
        expect(nodeCount(train.pinToBoard)).toBe(16);
        expect(nodeCount(heldOut)).toBe(nodeCount(graph.boardToPin));
        expect(train.boardToUser).toEqual(graph.boardToUser);
        for (let board = 0; board < nodeCount(graph.boardToPin); board++) {
          const keepsPin = degreeOf(train.boardToPin, board) > 0;
          expect(keepsPin).toBe(degreeOf(graph.boardToPin, board) > 0);
        }
      }),
    );
  });

  test('a random split depends on the seed only', () => {
    const wide = graphOf(
      [...Array(40).keys()].flatMap((board) => [...Array(20).keys()].map((pin) => [board, pin] as const)),
    );
    expect(splitSaves(wide, 0.2, 7)).toEqual(splitSaves(wide, 0.2, 7));
    expect(splitSaves(wide, 0.2, 7).heldOut).not.toEqual(splitSaves(wide, 0.2, 8).heldOut);
  });

  test('a random split holds out about the requested share, evenly over the pins of a board', () => {
    const [boards, pins] = [400, 50];
    const wide = graphOf(
      [...Array(boards).keys()].flatMap((board) =>
        [...Array(pins).keys()].map((pin) => [board, pin] as const),
      ),
    );
    const { train, heldOut } = splitSaves(wide, 0.1, 3);
    // 20,000 draws with probability 0.1: standard deviation 42; 30 for each half.
    const held = boards * pins - saveCount(train);
    expect(Math.abs(held - 2_000)).toBeLessThan(6 * 42);
    const ofFirstHalf = savesIn(heldOut).filter((save) => Number(save.split('/')[1]) < pins / 2).length;
    expect(Math.abs(ofFirstHalf - 1_000)).toBeLessThan(6 * 30);
  });

  test.each([0, 1, -0.5, NaN])('a random split rejects share %d', (share) => {
    expect(() => splitSaves(smallGraph, share, 1)).toThrow(expect.objectContaining({ field: 'share' }));
  });
});

test('folds hold out every save once, and leave a pin on every board that has two', () => {
  fc.assert(
    fc.property(someSaves, fc.integer({ min: 2, max: 6 }), fc.nat(1000), (saves, folds, seed) => {
      const graph = graphOf(saves, 16);
      const splits = splitFolds(graph, folds, seed);
      expect(splits).toHaveLength(folds);
      expect(splits.flatMap(({ heldOut }) => savesIn(heldOut)).toSorted()).toEqual(
        savesIn(graph.boardToPin).toSorted(),
      );
      for (const { train, heldOut } of splits) {
        expect([...savesIn(train.boardToPin), ...savesIn(heldOut)].toSorted()).toEqual(
          savesIn(graph.boardToPin).toSorted(),
        );
        for (let board = 0; board < nodeCount(graph.boardToPin); board++) {
          const degree = degreeOf(graph.boardToPin, board);
          if (degree > 1) expect(degreeOf(train.boardToPin, board)).toBeGreaterThan(0);
          expect(Math.abs(degreeOf(heldOut, board) - degree / folds)).toBeLessThan(1);
        }
      }
    }),
  );
});

test('folds depend on the seed, and not on the order of pins', () => {
  const wide = graphOf(
    [...Array(60).keys()].flatMap((board) => [...Array(12).keys()].map((pin) => [board, pin] as const)),
  );
  expect(splitFolds(wide, 3, 4)).toEqual(splitFolds(wide, 3, 4));
  expect(splitFolds(wide, 3, 4)[0]!.heldOut).not.toEqual(splitFolds(wide, 3, 5)[0]!.heldOut);
  // Each of 12 pins is held out in 20 ± 3.7 of 60 boards.
  for (const { heldOut } of splitFolds(wide, 3, 4)) {
    const times = Array.from({ length: 12 }, () => 0);
    for (const save of savesIn(heldOut)) times[Number(save.split('/')[1])]!++;
    for (const count of times) expect(Math.abs(count - 20)).toBeLessThan(5 * 3.7);
  }
});

test.each([1, 0, 2.5, NaN])('folds reject a count of %d', (folds) => {
  expect(() => splitFolds(smallGraph, folds, 1)).toThrow(expect.objectContaining({ field: 'folds' }));
});

test('a temporal split holds out exactly the saves made at the time or later', () => {
  fc.assert(
    fc.property(someTimedSaves, fc.integer({ min: 1, max: 6 }), (rows, time) => {
      const later = rows.filter(([, , savedAt]) => savedAt >= time);
      fc.pre(later.length > 0 && later.length < rows.length);
      const { train, heldOut } = splitAtTime(timed(rows), time);
      expect(savesIn(heldOut).toSorted()).toEqual(later.map(([board, pin]) => `${board}/${pin}`).toSorted());
      expect(savesIn(train.boardToPin)).toHaveLength(rows.length - later.length);
    }),
  );
});

test('a temporal split by share holds out exactly that many of the latest saves, in any order of the list', () => {
  fc.assert(
    fc.property(
      someTimedSaves.chain((rows) =>
        fc.tuple(fc.constant(rows), fc.shuffledSubarray([...rows], { minLength: rows.length })),
      ),
      numberIn(0.01, 0.99),
      fc.nat(1000),
      ([rows, shuffled], share, seed) => {
        const held = Math.max(Math.round(share * rows.length), 1);
        fc.pre(held < rows.length);
        const { train, heldOut, ties } = splitLatest(timed(rows), share, seed);
        const saves = savesIn(heldOut);
        expect(saves).toHaveLength(held);
        const timeOf = new Map(rows.map(([board, pin, savedAt]) => [`${board}/${pin}`, savedAt]));
        const [heldTimes, trainTimes] = [saves, savesIn(train.boardToPin)].map((part) =>
          part.map((save) => timeOf.get(save)!),
        );
        expect(Math.min(...heldTimes!)).toBeGreaterThanOrEqual(Math.max(...trainTimes!));
        const isParted = Math.min(...heldTimes!) === Math.max(...trainTimes!);
        const moment = rows.filter(([, , savedAt]) => savedAt === Math.min(...heldTimes!)).length;
        expect(ties).toEqual({ among: 'saves', tied: isParted ? moment : 0, of: rows.length });
        expect(splitLatest(timed(shuffled), share, seed)).toEqual({ train, heldOut, ties });
      },
    ),
  );
});

test('leave-last-out holds out a latest save of every board with two pins, in any order of the list', () => {
  fc.assert(
    fc.property(
      someTimedSaves.chain((rows) =>
        fc.tuple(fc.constant(rows), fc.shuffledSubarray([...rows], { minLength: rows.length })),
      ),
      fc.nat(1000),
      ([rows, shuffled], seed) => {
        const ofBoard = (board: number) => rows.filter(([own]) => own === board);
        fc.pre(rows.some(([board]) => ofBoard(board).length > 1));
        const { train, heldOut, ties } = splitLast(timed(rows), seed);
        let [tied, of] = [0, 0];
        for (const board of new Set(rows.map(([own]) => own))) {
          const own = ofBoard(board);
          expect(degreeOf(heldOut, board)).toBe(own.length > 1 ? 1 : 0);
          expect(degreeOf(train.boardToPin, board)).toBe(own.length > 1 ? own.length - 1 : 1);
          const latest = Math.max(...own.map(([, , savedAt]) => savedAt));
          const last = own.filter(([, , savedAt]) => savedAt === latest).map(([, pin]) => pin);
          if (own.length < 2) continue;
          expect(last).toContain(neighborsOf(heldOut, board)[0]);
          of++;
          tied += Number(last.length > 1);
        }
        expect(ties).toEqual({ among: 'boards', tied, of });
        expect(splitLast(timed(shuffled), seed)).toEqual({ train, heldOut, ties });
      },
    ),
  );
});

test('leave-last-out draws among simultaneous saves uniformly, and anew for each seed', () => {
  // Chi-square with 4 degrees of freedom over 600 boards with 5 simultaneous saves: 33.4 at p = 1e-6.
  const rows = [...Array(600).keys()].flatMap((board) =>
    [...Array(5).keys()].map((pin) => [board, pin, 1] as const),
  );
  const heldOf = (seed: number): number[] => [...splitLast(timed(rows), seed).heldOut.neighbors];
  const chiSquare = (pins: readonly number[]): number =>
    [...Array(5).keys()].reduce(
      (sum, pin) => sum + (pins.filter((each) => each === pin).length - 120) ** 2 / 120,
      0,
    );
  expect(chiSquare(heldOf(1))).toBeLessThan(33.4);
  expect(chiSquare(heldOf(1).map((pin) => Math.min(pin, 3)))).toBeGreaterThan(33.4);
  const same = heldOf(2).filter((pin, board) => pin === heldOf(1)[board]).length;
  // Two independent draws of five agree for 120 ± 9.8 boards.
  expect(Math.abs(same - 120)).toBeLessThan(5 * 9.8);
});

test('a temporal split rejects saves without a time, and a time that leaves one part empty', () => {
  const rows = timed([
    [0, 0, 1],
    [0, 1, NaN],
  ]);
  expect(() => splitAtTime(rows, 1)).toThrow('1 of 2 saves have no time');
  expect(() => splitLast(rows, 1)).toThrow('1 of 2 saves have no time');
  const whole = timed([
    [0, 0, 1],
    [1, 1, 2],
  ]);
  expect(() => splitAtTime(whole, 1)).toThrow('no save is earlier');
  expect(() => splitAtTime(whole, 3)).toThrow('no save is that late');
  expect(() => splitLast(whole, 1)).toThrow('no board has two pins');
  expect(() => splitLatest(whole, 0, 1)).toThrow(expect.objectContaining({ field: 'share' }));
  expect(() => splitLatest(whole, 0.8, 1)).toThrow('leaves none to train on');
});

test('sampled negatives are distinct, not taken, and as many as requested', () => {
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

test.each([2, 8])('sampled negatives are drawn uniformly: %d of ten', (count) => {
  const pins = Int32Array.from({ length: 12 }, (_, i) => i);
  const times = Array.from({ length: 12 }, () => 0);
  for (let seed = 0; seed < 4_000; seed++) {
    const drawn = sampleNegatives(pins, (pin) => pin > 9, 2, count, randomStream(seed));
    for (const pin of drawn) times[pin]!++;
  }
  const share = count / 10;
  const deviation = Math.sqrt(4_000 * share * (1 - share));
  for (const pin of pins.slice(0, 10))
    expect(Math.abs(times[pin]! - 4_000 * share)).toBeLessThan(5 * deviation);
  expect(times.slice(10)).toEqual([0, 0]);
});
