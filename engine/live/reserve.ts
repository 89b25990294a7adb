import { check } from '../base/index.ts';
import { type PinBoardGraph, sharedInt32Array } from '../graph/index.ts';

/** Room in the arrays of a live graph. */
export interface Reserve {
  /**
   * Places for neighbors, in each direction. A save takes none where its pin's and its board's slices have room;
   * where a slice of d neighbors is full, it takes 2 · d, at least 4 (docs/live.md has how many that makes).
   * Reserved memory that was never written to takes no pages from the system.
   */
  readonly places: number;
  readonly pins: number;
  readonly boards: number;
  readonly users: number;
}

/** Places of one direction at most, so that each has a 32-bit number. */
const placesMax = 2 ** 31 - 1;

/**
 * A copy of a graph with room at the end of its arrays, for a {@link LiveGraph} to write to. New pins and boards
 * have no saves, new boards no owner. O(saves + nodes). Throws `invalid-parameter` (`reserve`) for what is no
 * number of places, and when a direction would have over 2^31 − 1.
 */
export function withReserve(graph: PinBoardGraph, reserve: Reserve): PinBoardGraph {
  const { pinToBoard, boardToPin, userCount } = graph;
  checkReserve(reserve, Math.max(pinToBoard.neighbors.length, boardToPin.neighbors.length));
  const boardToUser = longer(graph.boardToUser, reserve.boards);
  boardToUser.fill(-1, graph.boardToUser.length);
  return {
    pinToBoard: {
      slices: longer(pinToBoard.slices, 2 * reserve.pins),
      neighbors: longer(pinToBoard.neighbors, reserve.places),
    },
    boardToPin: {
      slices: longer(boardToPin.slices, 2 * reserve.boards),
      neighbors: longer(boardToPin.neighbors, reserve.places),
    },
    boardToUser,
    userCount: userCount + reserve.users,
    writes: sharedInt32Array(1),
  };
}

/** Throws `invalid-parameter` (`reserve`) as {@link withReserve} does, for so many places in use. */
export function checkReserve(reserve: Reserve, placesUsed: number): void {
  for (const [name, count] of Object.entries(reserve)) {
    check(Number.isInteger(count) && count >= 0, 'reserve', `${name} ${count} is not an integer from 0`);
  }
  const places = placesUsed + reserve.places;
  check(places <= placesMax, 'reserve', `${places} places in a direction, over ${placesMax}`);
}

function longer(array: Int32Array<SharedArrayBuffer>, more: number): Int32Array<SharedArrayBuffer> {
  const copy = sharedInt32Array(array.length + more);
  copy.set(array);
  return copy;
}
