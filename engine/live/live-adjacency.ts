import { type Adjacency, degreeOf, nodeCount } from '../graph/index.ts';

/** Room of a slice that moves, at least. */
const roomMin = 4;

/**
 * One direction of a live graph: the only writer of arrays that any number of threads read meanwhile, without locks.
 *
 * A slice has room for more neighbors than its degree tells. An append writes the neighbor behind the last one, then
 * publishes the degree. A full slice is copied to the end of what is in use, with twice the room; then its start is
 * published, then its degree. A removal moves the last neighbor into the hole, then publishes the lower degree. Old
 * places of slices that moved are left as they are and never used again.
 *
 * ## Why readers need no lock
 *
 * Readers load a slice's degree, then its start, then neighbors, by plain loads. (An Atomics.load is too slow for
 * the kernel: docs/live.md.) What they may meet:
 *
 * - *Degree and start of one moment*: the slice as it was.
 * - *An older degree, a newer start*: the slice moved in between. Its new place begins with what the old one held,
 *   all of it copied before the start was published; and since only full slices move, the old degree was no larger.
 * - *An older start with a newer degree* would be a read past the end of a slice. Loading the degree first rules it
 *   out: whoever sees the newer degree sees the start that was published before it.
 * - *Removals and appends between two loads*: any place below a degree that the node ever had since its slice moved
 *   there holds a neighbor that the node has, had, or is about to have. So a reader may see a save that has just gone,
 *   see the one that filled its place twice, or miss that one, while it reads this slice; the next look is right.
 *
 * This takes stores that are seen in the order in which they are made, and loads made in the order of the program.
 *
 * - The compiler: V8 moves no store over an Atomics.store, and keeps loads from shared arrays in order. (The language
 *   alone would allow plain loads to change places. test/engine/live-hammer.test.ts tries it with real threads.)
 * - x86 (TSO): stores are seen in order, and loads are made in order. Nothing is missing.
 * - ARM: Atomics.store releases, so all earlier stores are seen before it. The place of a neighbor is made from start
 *   and degree, and the next node's slice from that neighbor: loads whose address depends on an earlier load come
 *   after it. Only the loads of degree and start do not depend on each other, and may change places: then a
 *   reader may, in the moment in which a slice moves, take a neighbor of another node for one of this.
 *
 * **Nothing unsafe can come of it**, whatever the order. Every place of `neighbors` holds, at all times, 0 or a
 * number that was checked when it was written, so every value read is a node. And every place read is inside: the
 * starts of a node only grow, so an old start with a new degree ends before the slice's new end; only full slices
 * move, so a new start with an older degree ends within the room of the new one. The worst outcome is one hop of
 * one walker to a node that is not a neighbor.
 */
export class LiveAdjacency {
  readonly #slices: Int32Array<SharedArrayBuffer>;
  readonly #neighbors: Int32Array<SharedArrayBuffer>;
  /** By node, how many neighbors its slice has room for: the writer's own knowledge. */
  readonly #rooms: Int32Array;
  /** First place that no slice has ever had. */
  #end = 0;

  /** Slices have no room at first beyond what they hold. O(nodes). */
  constructor(adjacency: Adjacency) {
    const { slices, neighbors } = adjacency;
    this.#slices = slices;
    this.#neighbors = neighbors;
    this.#rooms = Int32Array.from({ length: nodeCount(adjacency) }, (_, node) => degreeOf(adjacency, node));
    for (const [node, room] of this.#rooms.entries()) {
      if (room > 0) this.#end = Math.max(this.#end, slices[2 * node]! + room);
    }
  }

  /** Places left for slices that move. */
  get placesLeft(): number {
    return this.#neighbors.length - this.#end;
  }

  degreeOf(node: number): number {
    return this.#slices[2 * node + 1]!;
  }

  /** The place of a neighbor in a node's slice; -1 when it is none. O(degree). */
  indexOf(node: number, neighbor: number): number {
    const start = this.#slices[2 * node]!;
    const end = start + this.#slices[2 * node + 1]!;
    for (let place = start; place < end; place++)
      if (this.#neighbors[place] === neighbor) return place - start;
    return -1;
  }

  /** Reads where the slices of `nodes[from .. to)` begin, for nothing but their way into the cache. Returns what it read. */
  touch(nodes: Int32Array, from: number, to: number): number {
    let read = 0;
    for (let i = from; i < to; i++) read ^= this.#slices[2 * nodes[i]!]!;
    for (let i = from; i < to; i++) read ^= this.#neighbors[this.#slices[2 * nodes[i]!]!]!;
    return read;
  }

  /** Whether {@link prepare} has a place for one more neighbor. */
  hasRoomAt(node: number): boolean {
    const degree = this.#slices[2 * node + 1]!;
    return degree < this.#rooms[node]! || degree < this.placesLeft;
  }

  /** Writes a neighbor behind the last one of a node, where nobody looks yet. O(1), amortised. */
  prepare(node: number, neighbor: number): void {
    const degree = this.#slices[2 * node + 1]!;
    if (degree === this.#rooms[node]!) this.#move(node, degree);
    this.#neighbors[this.#slices[2 * node]! + degree] = neighbor;
  }

  /** Counts in the neighbor that was prepared. */
  publish(node: number): void {
    Atomics.store(this.#slices, 2 * node + 1, this.#slices[2 * node + 1]! + 1);
  }

  /** Takes out the neighbor at a place of a node's slice. */
  remove(node: number, place: number): void {
    const start = this.#slices[2 * node]!;
    const last = this.#slices[2 * node + 1]! - 1;
    this.#neighbors[start + place] = this.#neighbors[start + last]!;
    Atomics.store(this.#slices, 2 * node + 1, last);
  }

  #move(node: number, degree: number): void {
    const from = this.#slices[2 * node]!;
    const to = this.#end;
    const room = Math.min(Math.max(2 * degree, roomMin), this.placesLeft);
    for (let i = 0; i < degree; i++) this.#neighbors[to + i] = this.#neighbors[from + i]!;
    this.#rooms[node] = room;
    this.#end += room;
    Atomics.store(this.#slices, 2 * node, to);
  }
}
