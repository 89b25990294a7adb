import { check } from '../base/index.ts';
import { type PinBoardGraph, liveCounters, saveCount, sharedInt32Array } from '../graph/index.ts';

/** Unused room in the arrays of a live graph. */
export interface Reserve {
  /**
   * Unused entries of `neighbors`, per direction. A save uses none while the slices of its pin and its board have room;
   * a full slice of d neighbors moves and uses max(2 · d, 4). docs/live.md has the measured mean per save.
   * Reserved memory takes no physical pages until it is written.
   */
  readonly slots: number;
  readonly pins: number;
  readonly boards: number;
  readonly users: number;
}

/** Entries of `neighbors` per direction at most: positions are 32-bit. */
const slotsMax = 2 ** 31 - 1;

/**
 * A copy of a graph with room at the end of its arrays, for a {@link LiveGraph} to write to. New pins and boards have
 * no saves, new boards no owner. O(saves + nodes). Throws `invalid-parameter` (`reserve`) for a count that is not an
 * integer from 0, and if a direction would exceed 2^31 − 1 entries.
 */
export function withReserve(graph: PinBoardGraph, reserve: Reserve): PinBoardGraph {
  const { pinToBoard, boardToPin, userCount } = graph;
  checkReserve(reserve, Math.max(pinToBoard.neighbors.length, boardToPin.neighbors.length));
  const boardToUser = extend(graph.boardToUser, reserve.boards);
  boardToUser.fill(-1, graph.boardToUser.length);
  return {
    pinToBoard: {
      slices: extend(pinToBoard.slices, 2 * reserve.pins),
      neighbors: extend(pinToBoard.neighbors, reserve.slots),
    },
    boardToPin: {
      slices: extend(boardToPin.slices, 2 * reserve.boards),
      neighbors: extend(boardToPin.neighbors, reserve.slots),
    },
    boardToUser,
    userCount: userCount + reserve.users,
    writes: liveCounters(saveCount(graph)),
  };
}

/** Throws `invalid-parameter` (`reserve`) as {@link withReserve} does, given the number of entries in use. */
export function checkReserve(reserve: Reserve, slotsUsed: number): void {
  for (const [name, count] of Object.entries(reserve)) {
    check(Number.isInteger(count) && count >= 0, 'reserve', `${name} ${count} is not an integer from 0`);
  }
  const slots = slotsUsed + reserve.slots;
  check(slots <= slotsMax, 'reserve', `${slots} neighbors in a direction, more than ${slotsMax}`);
}

function extend(array: Int32Array<SharedArrayBuffer>, more: number): Int32Array<SharedArrayBuffer> {
  const copy = sharedInt32Array(array.length + more);
  copy.set(array);
  return copy;
}
