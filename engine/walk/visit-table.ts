import { type Memory, createMemory } from '../wasm/index.ts';

const emptySlot = -1;
const log2CapacityMin = 10;
const log2CapacityMax = 27;
/** 128 KB fit in the cache beside the hot parts of the graph: up to here, an oversized table costs nothing. */
const slotsFree = 2 ** 14;
/** Tables above 8 MB are not kept for the next walk. */
const log2CapacityKept = 20;

interface Table {
  readonly memory: Memory;
  readonly entries: Int32Array;
  readonly touched: Int32Array;
}

/**
 * Visit counts by node: an open-addressing hash table with linear probing, at most half full.
 *
 * `entries` holds `node, count` side by side, so a visit costs one cache line; node −1 marks an empty slot.
 * `touched[0 .. size)` lists the slots in use, so reading and clearing cost what the walk touched, not the capacity.
 * The walk kernel works on these arrays directly and calls {@link grow} between rounds.
 *
 * The capacity follows the distinct nodes of a walk, not its steps: a visit is 1.25 times as fast in a table that fits
 * in the cache (2^16 slots against 2^19, 200,000 steps). Smaller tables that a walk outgrew are kept, empty, for later
 * walks.
 */
export class VisitTable {
  /** Where both arrays lie for the kernel, `entries` first. */
  memory!: Memory;
  entries!: Int32Array;
  touched!: Int32Array;
  size = 0;
  log2Capacity = 0;
  /** Number of visits at which a node counts as reached; 0 to disable. */
  reachCount = 0;
  /** Number of nodes reached, maintained by the walk kernel. */
  reached = 0;
  readonly #tables = new Map<number, Table>();

  constructor() {
    this.#use(log2CapacityMin);
  }

  /** Clears the table and picks a capacity for a walk of `steps` steps. O(nodes visited before). */
  begin(steps: number, nodesMax: number): void {
    this.#clear();
    this.reachCount = 0;
    this.reached = 0;
    // An eighth of the steps: distinct pins were 5 % of 200,000 steps on the sample and 15 % at 50 M saves. Short walks
    // rarely visit a pin twice, so small tables are made large enough never to grow.
    const slots = Math.max(Math.min(steps / 8, nodesMax), Math.min(2 * steps, slotsFree));
    this.#use(Math.ceil(Math.log2(Math.max(slots, 1))));
  }

  /** Doubles the capacity, keeping every count. O(capacity). */
  grow(): void {
    const { entries, touched, size, reached } = this;
    if (this.log2Capacity === log2CapacityMax)
      throw new Error(`more than ${size} distinct nodes in one walk`);
    this.#use(this.log2Capacity + 1);
    for (let i = 0; i < size; i++) {
      const slot = touched[i]!;
      this.add(entries[2 * slot]!, entries[2 * slot + 1]!);
      entries[2 * slot] = emptySlot;
    }
    this.reached = reached;
  }

  /** Adds to the count of a node. The caller keeps the table at most half full. */
  add(node: number, visits: number): void {
    const slot = findSlot(this.entries, this.log2Capacity, node);
    if (this.entries[2 * slot] === emptySlot) {
      this.entries[2 * slot] = node;
      this.entries[2 * slot + 1] = 0;
      this.touched[this.size++] = slot;
    }
    const before = this.entries[2 * slot + 1]!;
    this.entries[2 * slot + 1] = before + visits;
    if (before < this.reachCount && before + visits >= this.reachCount) this.reached++;
  }

  /** Visits of a node. */
  visitCountOf(node: number): number {
    const slot = findSlot(this.entries, this.log2Capacity, node);
    return this.entries[2 * slot] === node ? this.entries[2 * slot + 1]! : 0;
  }

  #use(log2Capacity: number): void {
    const bounded = Math.min(Math.max(log2Capacity, log2CapacityMin), log2CapacityMax);
    let table = this.#tables.get(bounded);
    if (table === undefined) {
      table = createTable(2 ** bounded);
      if (bounded <= log2CapacityKept) this.#tables.set(bounded, table);
    }
    this.memory = table.memory;
    this.entries = table.entries;
    this.touched = table.touched;
    this.log2Capacity = bounded;
    this.size = 0;
  }

  #clear(): void {
    for (let i = 0; i < this.size; i++) this.entries[2 * this.touched[i]!] = emptySlot;
    this.size = 0;
  }
}

function createTable(capacity: number): Table {
  const memory = createMemory(10 * capacity);
  return {
    memory,
    entries: new Int32Array(memory.buffer, 0, 2 * capacity).fill(emptySlot),
    touched: new Int32Array(memory.buffer, 8 * capacity, capacity / 2),
  };
}

/** The slot that holds `node`, or the empty slot where it belongs. Terminates because the table is never full. */
function findSlot(entries: Int32Array, log2Capacity: number, node: number): number {
  const mask = 2 ** log2Capacity - 1;
  // Fibonacci hashing (Knuth, TAOCP 3, section 6.4): the high bits of the product are the slot.
  let slot = Math.imul(node, 0x9e3779b1) >>> (32 - log2Capacity);
  while (entries[2 * slot] !== node && entries[2 * slot] !== emptySlot) slot = (slot + 1) & mask;
  return slot;
}
