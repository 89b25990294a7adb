/** Dense number of a pin in a graph, from 0. Never an application's key, which is a string. */
export type PinIndex = number;

/**
 * One direction of a bipartite graph in compressed form.
 *
 * `slices` has two entries a node, `start` then `degree`: side by side, so that a visit to a node costs
 * one cache line. `neighbors[start .. start + degree)` are the node's neighbors, ascending in a freshly
 * built graph and in any order in one that is written to. Slices may lie anywhere in `neighbors` and may leave
 * room between them.
 *
 * Who reads a slice loads its degree first, then its start, each once: `engine/live` writes while others read, and
 * `LiveAdjacency` has the argument why that order is right.
 *
 * All arrays are Int32Array over SharedArrayBuffer, so that worker threads read them without a copy and
 * the kernels meet one element type everywhere.
 */
export interface Adjacency {
  readonly slices: Int32Array<SharedArrayBuffer>;
  readonly neighbors: Int32Array<SharedArrayBuffer>;
}

/** A user-pin-board graph: who saved what where. `boardToUser[board]` is the board's owner. */
export interface PinBoardGraph {
  readonly pinToBoard: Adjacency;
  readonly boardToPin: Adjacency;
  readonly boardToUser: Int32Array<SharedArrayBuffer>;
  readonly userCount: number;
  /**
   * One number, which grows (and wraps around) with every write to a live graph. Undefined: the graph stays as it
   * is. A live graph has more pins, boards and users than are in use: the others have no saves, such boards no
   * owner (-1).
   */
  readonly writes?: Int32Array<SharedArrayBuffer> | undefined;
}

/** A zeroed Int32Array over shared memory. */
export function sharedInt32Array(length: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
}

/** Number of nodes on the side that an adjacency starts from; of a live graph, those not in use too. */
export function nodeCount(adjacency: Adjacency): number {
  return adjacency.slices.length / 2;
}

/** Number of neighbors of one node. */
export function degreeOf(adjacency: Adjacency, node: number): number {
  return adjacency.slices[2 * node + 1]!;
}

/** A live view (no copy) of one node's neighbors. */
export function neighborsOf(adjacency: Adjacency, node: number): Int32Array<SharedArrayBuffer> {
  const degree = adjacency.slices[2 * node + 1]!;
  const start = adjacency.slices[2 * node]!;
  return adjacency.neighbors.subarray(start, start + degree);
}

/** Number of saves in the graph: the sum of its board degrees. O(boards). */
export function saveCount(graph: PinBoardGraph): number {
  let saves = 0;
  const { slices } = graph.boardToPin;
  for (let i = 1; i < slices.length; i += 2) saves += slices[i]!;
  return saves;
}
