import { EngineError } from '../base/index.ts';
import { type Memory, createMemory, memoryBytesMax } from '../wasm/index.ts';

/** Dense index of a pin in a graph, from 0. Outside the engine a pin is known by its key, a string. */
export type PinIndex = number;

/**
 * One direction of a bipartite graph in compressed sparse row form.
 *
 * `slices` has two entries per node, `start` then `degree`, side by side so that a visit to a node costs one cache
 * line. `neighbors[start .. start + degree)` are the node's neighbors: ascending in a freshly built graph, in any
 * order in a live one. Slices may lie anywhere in `neighbors` and may leave gaps.
 *
 * A reader loads the degree of a slice first, then its start, each once: `engine/live` writes concurrently, and
 * `LiveAdjacency` explains why this order is safe.
 *
 * Both arrays lie in one WebAssembly memory, slices first: the walk kernel, worker threads and the writer of a live graph use the
 * same bytes without copies. {@link createAdjacency} makes them.
 */
export interface Adjacency {
  readonly memory: Memory;
  readonly slices: Int32Array<SharedArrayBuffer>;
  readonly neighbors: Int32Array<SharedArrayBuffer>;
}

/** A user-pin-board graph. `boardToUser[board]` is the board's owner. */
export interface PinBoardGraph {
  readonly pinToBoard: Adjacency;
  readonly boardToPin: Adjacency;
  readonly boardToUser: Int32Array<SharedArrayBuffer>;
  readonly userCount: number;
  /**
   * Two counters of a live graph: its writes (with wraparound), and its saves. Undefined for an immutable graph.
   * A live graph has room for more pins, boards and users than are in use. Unused ones have no saves, and unused
   * boards have owner -1.
   */
  readonly writes?: Int32Array<SharedArrayBuffer> | undefined;
}

/** Entries of both arrays at most, as 32-bit addresses reach 4 GB: two per node, one per neighbor, one spare. */
const entriesMax = memoryBytesMax / Int32Array.BYTES_PER_ELEMENT;

/**
 * A zeroed adjacency. Memory takes no physical pages until it is written. Throws `invalid-graph` if it exceeds 4 GB, some 900
 * million neighbors.
 */
export function createAdjacency(nodes: number, neighborCount: number): Adjacency {
  // A reader of a live graph may look one entry past the end, at an empty slice.
  const entries = 2 * nodes + neighborCount + 1;
  if (!(entries <= entriesMax)) {
    const message = `${nodes} nodes with ${neighborCount} neighbors need more than 4 GB`;
    throw new EngineError('invalid-graph', 'neighbors', message);
  }
  const memory = createMemory(entries * Int32Array.BYTES_PER_ELEMENT, true);
  const buffer = memory.buffer as SharedArrayBuffer;
  return {
    memory,
    slices: new Int32Array(buffer, 0, 2 * nodes),
    neighbors: new Int32Array(buffer, 8 * nodes, neighborCount),
  };
}

/** A zeroed Int32Array over shared memory. */
export function sharedInt32Array(length: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
}

/** A zeroed Float32Array over shared memory. */
export function sharedFloat32Array(length: number): Float32Array<SharedArrayBuffer> {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}

/** Number of source nodes of an adjacency, including the unused ones of a live graph. */
export function nodeCount(adjacency: Adjacency): number {
  return adjacency.slices.length / 2;
}

/** Number of neighbors of a node. */
export function degreeOf(adjacency: Adjacency, node: number): number {
  return adjacency.slices[2 * node + 1]!;
}

/** The neighbors of a node, as a view: no copy. */
export function neighborsOf(adjacency: Adjacency, node: number): Int32Array<SharedArrayBuffer> {
  const degree = adjacency.slices[2 * node + 1]!;
  const start = adjacency.slices[2 * node]!;
  return adjacency.neighbors.subarray(start, start + degree);
}

/** The counters of a live graph of that many saves. */
export function liveCounters(saves: number): Int32Array<SharedArrayBuffer> {
  const counters = sharedInt32Array(2);
  counters[1] = saves;
  return counters;
}

/** Number of saves in the graph. O(1) for a live graph, else O(boards). */
export function saveCount(graph: PinBoardGraph): number {
  if (graph.writes !== undefined) return graph.writes[1]!;
  let saves = 0;
  const { slices } = graph.boardToPin;
  for (let i = 1; i < slices.length; i += 2) saves += slices[i]!;
  return saves;
}
