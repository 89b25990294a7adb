import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Adjacency,
  type TimedSaves,
  degreeOf,
  neighborsOf,
  nodeCount,
  sharedInt32Array,
  splitAtTime,
  splitFolds,
  splitLast,
  timeOfLatest,
} from '../../engine/index.ts';
import { graphOf, smallGraph, someSaves } from '../graphs.ts';

const savesIn = (adjacency: Adjacency): string[] =>
  [...Array(nodeCount(adjacency)).keys()].flatMap((board) =>
    [...neighborsOf(adjacency, board)].map((pin) => `${board}/${pin}`),
  );

const timed = (saves: readonly (readonly [board: number, pin: number, savedAt: number])[]): TimedSaves => {
  const boardCount = Math.max(...saves.map(([board]) => board)) + 1;
  return {
    boards: Int32Array.from(saves, ([board]) => board),
    pins: Int32Array.from(saves, ([, pin]) => pin),
    savedAt: Float64Array.from(saves, ([, , savedAt]) => savedAt),
    pinCount: Math.max(...saves.map(([, pin]) => pin)) + 1,
    boardToUser: sharedInt32Array(boardCount),
    userCount: 1,
  };
};

/** Saves with times of 0 to 6: many of one moment. */
const someTimedSaves = fc
  .tuple(someSaves, fc.array(fc.nat(6), { minLength: 60, maxLength: 60 }))
  .map(([saves, times]) => saves.map(([board, pin], i) => [board, pin, times[i]!] as const));

describe('folds', () => {
  test('hold out every save once, and leave a pin to each board that has two', () => {
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
            // As evenly as they go.
            expect(Math.abs(degreeOf(heldOut, board) - degree / folds)).toBeLessThan(1);
          }
        }
      }),
    );
  });

  test('are those of their seed, and not of the order of pins', () => {
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

  test.each([1, 0, 2.5, NaN])('are refused for %d', (folds) => {
    expect(() => splitFolds(smallGraph, folds, 1)).toThrow(expect.objectContaining({ field: 'folds' }));
  });
});

describe('a split by time', () => {
  test('holds out what was saved at the time or later, and nothing else', () => {
    fc.assert(
      fc.property(someTimedSaves, fc.integer({ min: 1, max: 6 }), (rows, time) => {
        const later = rows.filter(([, , savedAt]) => savedAt >= time);
        fc.pre(later.length > 0 && later.length < rows.length);
        const { train, heldOut } = splitAtTime(timed(rows), time);
        expect(savesIn(heldOut).toSorted()).toEqual(
          later.map(([board, pin]) => `${board}/${pin}`).toSorted(),
        );
        expect(savesIn(train.boardToPin)).toHaveLength(rows.length - later.length);
      }),
    );
  });

  test('by share holds out the latest, with all of the same moment', () => {
    const rows = timed([...Array(10).keys()].map((i) => [0, i, [5, 9, 1, 7, 3, 8, 8, 2, 4, 6][i]!] as const));
    expect(timeOfLatest(rows, 0.1)).toBe(9);
    expect(timeOfLatest(rows, 0.2)).toBe(8);
    expect(timeOfLatest(rows, 0.3)).toBe(8);
    expect(timeOfLatest(rows, 0.4)).toBe(7);
    expect(savesIn(splitAtTime(rows, timeOfLatest(rows, 0.2)).heldOut)).toEqual(['0/1', '0/5', '0/6']);
  });

  test('of the last save holds out one of each board of two pins, none of which is later', () => {
    fc.assert(
      fc.property(someTimedSaves, (rows) => {
        const ofBoard = (board: number) => rows.filter(([own]) => own === board);
        fc.pre(rows.some(([board]) => ofBoard(board).length > 1));
        const { train, heldOut } = splitLast(timed(rows));
        for (const board of new Set(rows.map(([own]) => own))) {
          const own = ofBoard(board);
          expect(degreeOf(heldOut, board)).toBe(own.length > 1 ? 1 : 0);
          expect(degreeOf(train.boardToPin, board)).toBe(own.length > 1 ? own.length - 1 : 1);
          const latest = Math.max(...own.map(([, , savedAt]) => savedAt));
          const last = own.findLast(([, , savedAt]) => savedAt === latest)!;
          if (own.length > 1) expect([...neighborsOf(heldOut, board)]).toEqual([last[1]]);
        }
      }),
    );
  });

  test('is refused for saves without a time, and where one part would be empty', () => {
    const rows = timed([
      [0, 0, 1],
      [0, 1, NaN],
    ]);
    expect(() => splitAtTime(rows, 1)).toThrow('1 of 2 saves have no time');
    expect(() => splitLast(rows)).toThrow('1 of 2 saves have no time');
    const whole = timed([
      [0, 0, 1],
      [1, 1, 2],
    ]);
    expect(() => splitAtTime(whole, 1)).toThrow('no save is earlier');
    expect(() => splitAtTime(whole, 3)).toThrow('no save is that late');
    expect(() => splitLast(whole)).toThrow('no board has two pins');
    expect(() => timeOfLatest(whole, 0)).toThrow(expect.objectContaining({ field: 'share' }));
  });
});
