const emptySlot = -1;
const log2CapacityMin = 10;
const log2CapacityMax = 27;
/** 128 KB fit the cache beside the graph's hot parts: up to here, a table that is too large costs nothing. */
const slotsFree = 2 ** 14;
/** 8 MB: larger tables are for one walk only. */
const log2CapacityKept = 20;

/**
 * Visit counts by pin: an open-addressing hash table with linear probing, at most half full.
 *
 * `entries` holds `pin, count` side by side, so a visit costs one cache line; a pin of -1 marks an empty
 * slot. `touched[0 .. size)` lists the slots in use: reading and resetting cost what the walk touched, not
 * the capacity. The walk kernel works on these arrays directly and calls {@link grow} between rounds.
 *
 * The capacity follows the distinct pins of a walk, not its steps: in a table that fits the cache a visit
 * is 1.25 times as fast (2^16 slots against 2^19, 200,000 steps). Tables of outgrown sizes are kept, all
 * empty, for the next walk; very large ones are let go.
 */
export class VisitTable {
  entries: Int32Array = new Int32Array(0);
  touched: Int32Array = new Int32Array(0);
  size = 0;
  log2Capacity = 0;
  /** The walk kernel raises `reached` whenever a count becomes `reachCount`. 0: none ever does. */
  reachCount = 0;
  reached = 0;
  readonly #tables = new Map<number, { entries: Int32Array; touched: Int32Array }>();

  constructor() {
    this.#use(log2CapacityMin);
  }

  /** Empties the table and picks a capacity for a walk of that many steps. O(pins visited before). */
  begin(steps: number, pinCount: number): void {
    this.#clear();
    this.reachCount = 0;
    this.reached = 0;
    // An eighth of the steps: distinct pins were 5 % of 200,000 steps on the sample, 15 % at 50 M saves. A short walk
    // is over before it comes anywhere twice, so up to some size a table never has to grow.
    const slots = Math.max(Math.min(steps / 8, pinCount), Math.min(2 * steps, slotsFree));
    this.#use(Math.ceil(Math.log2(Math.max(slots, 1))));
  }

  /** Doubles the capacity, keeping every count. O(capacity). */
  grow(): void {
    const { entries, touched, size, reached } = this;
    if (this.log2Capacity === log2CapacityMax) throw new Error(`over ${size} distinct pins in one walk`);
    this.#use(this.log2Capacity + 1);
    for (let i = 0; i < size; i++) {
      const slot = touched[i]!;
      this.add(entries[2 * slot]!, entries[2 * slot + 1]!);
      entries[2 * slot] = emptySlot;
    }
    this.reached = reached;
  }

  /** Adds to one pin's count. The caller keeps the table at most half full. */
  add(pin: number, visits: number): void {
    const slot = findSlot(this.entries, this.log2Capacity, pin);
    if (this.entries[2 * slot] === emptySlot) {
      this.entries[2 * slot] = pin;
      this.entries[2 * slot + 1] = 0;
      this.touched[this.size++] = slot;
    }
    const before = this.entries[2 * slot + 1]!;
    this.entries[2 * slot + 1] = before + visits;
    if (before < this.reachCount && before + visits >= this.reachCount) this.reached++;
  }

  /** Visits counted for a pin, 0 for one never visited. */
  visitCountOf(pin: number): number {
    const slot = findSlot(this.entries, this.log2Capacity, pin);
    return this.entries[2 * slot] === pin ? this.entries[2 * slot + 1]! : 0;
  }

  #use(log2Capacity: number): void {
    const bounded = Math.min(Math.max(log2Capacity, log2CapacityMin), log2CapacityMax);
    let table = this.#tables.get(bounded);
    if (table === undefined) {
      const capacity = 2 ** bounded;
      table = {
        entries: new Int32Array(2 * capacity).fill(emptySlot),
        touched: new Int32Array(capacity / 2),
      };
      if (bounded <= log2CapacityKept) this.#tables.set(bounded, table);
    }
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

/** The slot that holds `pin`, or the empty one where it belongs. Ends because the table is half empty. */
function findSlot(entries: Int32Array, log2Capacity: number, pin: number): number {
  const mask = 2 ** log2Capacity - 1;
  // Fibonacci hashing (Knuth, TAOCP 3, section 6.4): the product's high bits are the slot.
  let slot = Math.imul(pin, 0x9e3779b1) >>> (32 - log2Capacity);
  while (entries[2 * slot] !== pin && entries[2 * slot] !== emptySlot) slot = (slot + 1) & mask;
  return slot;
}
