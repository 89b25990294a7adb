import { check } from '../base/index.ts';
import {
  type Adjacency,
  type PinBoardGraph,
  createAdjacency,
  liveCounters,
  nodeCount,
  saveCount,
  sharedInt32Array,
} from '../graph/index.ts';
import { memoryBytesMax } from '../wasm/index.ts';

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

/** What a graph has without its reserve. */
interface Used {
  readonly pins: number;
  readonly boards: number;
  readonly saves: number;
}

/** Entries of `slices` and `neighbors` of one direction at most, as an adjacency has at most 4 GB and one spare entry. */
const entriesMax = memoryBytesMax / Int32Array.BYTES_PER_ELEMENT - 1;

/**
 * A copy of a graph with room at the end of its arrays, for a {@link LiveGraph} to write to. New pins and boards have
 * no saves, new boards no owner. O(saves + nodes). Throws `invalid-parameter` (`reserve`) for a count that is not an
 * integer from 0, and if a direction would exceed 4 GB.
 */
export function withReserve(graph: PinBoardGraph, reserve: Reserve): PinBoardGraph {
  const { pinToBoard, boardToPin, userCount } = graph;
  const slots = Math.max(pinToBoard.neighbors.length, boardToPin.neighbors.length);
  checkReserve(reserve, { pins: nodeCount(pinToBoard), boards: nodeCount(boardToPin), saves: slots });
  const boardToUser = sharedInt32Array(graph.boardToUser.length + reserve.boards);
  boardToUser.set(graph.boardToUser);
  boardToUser.fill(-1, graph.boardToUser.length);
  return {
    pinToBoard: extend(pinToBoard, reserve.pins, reserve.slots),
    boardToPin: extend(boardToPin, reserve.boards, reserve.slots),
    boardToUser,
    userCount: userCount + reserve.users,
    writes: liveCounters(saveCount(graph)),
  };
}

/** Throws `invalid-parameter` (`reserve`) as {@link withReserve} does, given the current use. */
export function checkReserve(reserve: Reserve, used: Used): void {
  for (const [name, count] of Object.entries(reserve)) {
    check(Number.isInteger(count) && count >= 0, 'reserve', `${name} ${count} is not an integer from 0`);
  }
  const nodes = nodesOf(reserve, used);
  const neighbors = used.saves + reserve.slots;
  check(
    2 * nodes + neighbors <= entriesMax,
    'reserve',
    `${nodes} nodes with ${neighbors} neighbors exceed 4 GB`,
  );
}

/**
 * A reserve, cut to what 4 GB a direction leave: new nodes get at most a quarter of that, and slots the rest. The same
 * reserve if it fits.
 */
export function fittingReserve(reserve: Reserve, used: Used): Reserve {
  if (2 * nodesOf(reserve, used) + used.saves + reserve.slots <= entriesMax) return reserve;
  const free = Math.max(0, entriesMax - 2 * Math.max(used.pins, used.boards) - used.saves);
  const nodesMax = Math.floor(free / 8);
  const [pins, boards] = [Math.min(reserve.pins, nodesMax), Math.min(reserve.boards, nodesMax)];
  return { ...reserve, pins, boards, slots: Math.min(reserve.slots, free - 2 * Math.max(pins, boards)) };
}

/** Nodes of the larger direction. */
function nodesOf(reserve: Reserve, used: Used): number {
  return Math.max(used.pins + reserve.pins, used.boards + reserve.boards);
}

function extend(adjacency: Adjacency, nodes: number, slots: number): Adjacency {
  const copy = createAdjacency(nodeCount(adjacency) + nodes, adjacency.neighbors.length + slots);
  copy.slices.set(adjacency.slices);
  copy.neighbors.set(adjacency.neighbors);
  return copy;
}
