import { type Adjacency, degreeOf, nodeCount } from '../graph/index.ts';

/** Smallest capacity of a slice that has moved. */
const capacityMin = 4;

/**
 * One direction of a live graph: the single writer of arrays that any number of threads read concurrently, without
 * locks.
 *
 * A slice may have capacity for more neighbors than its degree. An append writes the neighbor behind the last one,
 * then publishes the degree. A full slice is first copied behind all other slices, with twice the capacity; then its
 * start is published, then its degree. A removal moves the last neighbor into the hole, then publishes the smaller
 * degree. The old copy of a slice that moved is never written again.
 *
 * ## Why readers need no lock
 *
 * Readers load the degree of a slice, then its start (the walk kernel both in one load), then neighbors, all with plain loads. (Atomics.load is too slow
 * for the kernel: docs/live.md.) They may observe:
 *
 * - *Degree and start of the same version*: the slice as it was at that time.
 * - *An older degree with a newer start*: the slice moved in between. The new copy begins with everything the old one
 *   held, copied before the start was published; and since only full slices move, the old degree was no larger.
 * - *An older start with a newer degree* would read past the end of the slice. Loading the degree first prevents it:
 *   a reader that sees the newer degree also sees the start published before it.
 * - *Removals and appends between two loads*: every position below any degree that the node has had since its slice
 *   moved holds a neighbor that the node has, had, or is about to have. So a reader may see a save that was just
 *   removed, see the neighbor that filled its position twice, or miss that neighbor, during this one read of the slice.
 *
 * This requires that stores become visible in the order they are made, and that loads happen in program order.
 *
 * - The compiler: V8 moves no store across an Atomics.store and keeps loads from shared arrays in order. (The language
 *   alone would allow reordering plain loads. test/engine/live-hammer.test.ts checks it with real threads.)
 * - x86 (TSO): stores become visible in order and loads are made in order. Nothing else is needed.
 * - ARM: Atomics.store is a release, so all earlier stores are visible before it. The position of a neighbor is computed
 *   from start and degree, and the next slice from that neighbor; loads whose address depends on an earlier load follow
 *   it. Only the loads of degree and start are independent of each other and may be reordered: while a slice moves, a
 *   reader may then take a neighbor of another node for one of this node.
 *
 * **Memory stays safe in every order.** Every entry of `neighbors` is, at all times, 0 or a number that was checked when
 * it was written, so every value read is a node. And every position read is in bounds: starts only grow, so an old start
 * with a new degree ends before the end of the new slice; only full slices move, so a new start with an older degree
 * ends within the new capacity. At worst, one hop of one walker goes to a node that is not a neighbor.
 */
export class LiveAdjacency {
  readonly #slices: Int32Array<SharedArrayBuffer>;
  readonly #neighbors: Int32Array<SharedArrayBuffer>;
  /** Capacity of each node's slice; private to the writer. */
  readonly #capacities: Int32Array;
  /** End of the used part of `#neighbors`. */
  #end = 0;

  /** Takes over packed slices: their capacity is their degree. O(nodes). */
  constructor(adjacency: Adjacency) {
    const { slices, neighbors } = adjacency;
    this.#slices = slices;
    this.#neighbors = neighbors;
    const nodes = nodeCount(adjacency);
    this.#capacities = new Int32Array(nodes);
    for (let node = 0; node < nodes; node++) {
      const capacity = degreeOf(adjacency, node);
      this.#capacities[node] = capacity;
      if (capacity > 0) this.#end = Math.max(this.#end, slices[2 * node]! + capacity);
    }
  }

  /** Unused entries of `neighbors`, for slices that move. */
  get slotsLeft(): number {
    return this.#neighbors.length - this.#end;
  }

  degreeOf(node: number): number {
    return this.#slices[2 * node + 1]!;
  }

  /** Position of a neighbor within a node's slice, -1 if absent. O(degree). */
  indexOf(node: number, neighbor: number): number {
    const start = this.#slices[2 * node]!;
    const end = start + this.#slices[2 * node + 1]!;
    for (let i = start; i < end; i++) if (this.#neighbors[i] === neighbor) return i - start;
    return -1;
  }

  /** Brings the slices of `nodes[from .. to)` into the cache. The result is meaningless; use it so that the reads stay. */
  prefetch(nodes: Int32Array, from: number, to: number): number {
    let read = 0;
    for (let i = from; i < to; i++) read ^= this.#slices[2 * nodes[i]!]!;
    for (let i = from; i < to; i++) read ^= this.#neighbors[this.#slices[2 * nodes[i]!]!]!;
    return read;
  }

  /** Whether {@link prepare} can add one more neighbor. */
  hasRoomFor(node: number): boolean {
    const degree = this.#slices[2 * node + 1]!;
    return degree < this.#capacities[node]! || degree < this.slotsLeft;
  }

  /** Writes a neighbor behind the last one of a node, where readers do not look yet. O(1) amortised. */
  prepare(node: number, neighbor: number): void {
    const degree = this.#slices[2 * node + 1]!;
    if (degree === this.#capacities[node]!) this.#move(node, degree);
    this.#neighbors[this.#slices[2 * node]! + degree] = neighbor;
  }

  /** Makes the prepared neighbor visible. */
  publish(node: number): void {
    Atomics.store(this.#slices, 2 * node + 1, this.#slices[2 * node + 1]! + 1);
  }

  /** Removes the neighbor at a position of a node's slice. */
  remove(node: number, position: number): void {
    const start = this.#slices[2 * node]!;
    const last = this.#slices[2 * node + 1]! - 1;
    this.#neighbors[start + position] = this.#neighbors[start + last]!;
    Atomics.store(this.#slices, 2 * node + 1, last);
  }

  /** Removes these neighbors of a node, as far as it has them. O(degree), however many they are. */
  removeAll(node: number, gone: ReadonlySet<number>): void {
    const start = this.#slices[2 * node]!;
    // From the end: the last neighbor, which fills each hole, is one that stays.
    for (let i = this.#slices[2 * node + 1]! - 1; i >= 0; i--) {
      if (gone.has(this.#neighbors[start + i]!)) this.remove(node, i);
    }
  }

  #move(node: number, degree: number): void {
    const from = this.#slices[2 * node]!;
    const to = this.#end;
    const capacity = Math.min(Math.max(2 * degree, capacityMin), this.slotsLeft);
    for (let i = 0; i < degree; i++) this.#neighbors[to + i] = this.#neighbors[from + i]!;
    this.#capacities[node] = capacity;
    this.#end += capacity;
    Atomics.store(this.#slices, 2 * node, to);
  }
}
