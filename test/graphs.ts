import fc from 'fast-check';
import {
  type Adjacency,
  type PinBoardGraph,
  buildGraph,
  createAdjacency,
  sharedInt32Array,
} from '../engine/index.ts';

/** The graph of [board, pin] pairs; board b belongs to user b. */
export function graphOf(saves: readonly (readonly [number, number])[], pinCount?: number): PinBoardGraph {
  const boardCount = Math.max(-1, ...saves.map(([board]) => board)) + 1;
  const boardToUser = sharedInt32Array(boardCount);
  for (let board = 0; board < boardCount; board++) boardToUser[board] = board;
  return buildGraph({
    boards: Int32Array.from(saves, ([board]) => board),
    pins: Int32Array.from(saves, ([, pin]) => pin),
    pinCount: pinCount ?? Math.max(-1, ...saves.map(([, pin]) => pin)) + 1,
    boardToUser,
    userCount: boardCount,
  });
}

/** An adjacency of given arrays. */
export function adjacencyOf(slices: ArrayLike<number>, neighbors: ArrayLike<number>): Adjacency {
  const adjacency = createAdjacency(slices.length / 2, neighbors.length);
  adjacency.slices.set(slices);
  adjacency.neighbors.set(neighbors);
  return adjacency;
}

/** 1 to 60 distinct saves over at most 12 boards and 15 pins. */
export const someSaves: fc.Arbitrary<(readonly [number, number])[]> = fc.uniqueArray(
  fc.tuple(fc.nat(11), fc.nat(14)),
  { minLength: 1, maxLength: 60, size: 'max', selector: ([board, pin]) => `${board}/${pin}` },
);

/** Two groups of pins connected by one board; pin 0 is a hub, pin 8 has no board. */
export const smallGraph: PinBoardGraph = graphOf(
  [
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 0],
    [1, 2],
    [2, 0],
    [2, 3],
    [2, 4],
    [3, 4],
    [3, 5],
    [3, 6],
    [3, 7],
    [4, 6],
    [4, 7],
    [5, 0],
  ],
  9,
);
