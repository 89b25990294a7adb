import fc from 'fast-check';
import {
  type Adjacency,
  type TimedSaves,
  neighborsOf,
  nodeCount,
  sharedInt32Array,
} from '../engine/index.ts';
import { someSaves } from './graphs.ts';

/** The saves of one direction, as board/pin. */
export const savesIn = (adjacency: Adjacency): string[] =>
  [...Array(nodeCount(adjacency)).keys()].flatMap((board) =>
    [...neighborsOf(adjacency, board)].map((pin) => `${board}/${pin}`),
  );

/** Saves with times, all of one user. */
export const timed = (
  saves: readonly (readonly [board: number, pin: number, savedAt: number])[],
): TimedSaves => {
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

/** Saves with times of 0 to 6, many of them simultaneous. */
export const someTimedSaves = fc
  .tuple(someSaves, fc.array(fc.nat(6), { minLength: 60, maxLength: 60 }))
  .map(([saves, times]) => saves.map(([board, pin], i) => [board, pin, times[i]!] as const));
