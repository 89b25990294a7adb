/**
 * Entries by pin in an open-addressing table, so that memory follows the pins of campaigns, not those of the
 * graph.
 */
export class PinEntries {
  /** Distinct pins, by entry. */
  readonly pins: Int32Array;
  readonly #table: Int32Array;
  readonly #mask: number;

  constructor(pins: Iterable<number>) {
    this.pins = Int32Array.from(new Set(pins)).toSorted();
    let size = 8;
    while (size < 2 * this.pins.length) size *= 2;
    this.#mask = size - 1;
    this.#table = new Int32Array(size).fill(-1);
    for (const [entry, pin] of this.pins.entries()) {
      let slot = this.#slotOf(pin);
      while (this.#table[slot]! >= 0) slot = (slot + 1) & this.#mask;
      this.#table[slot] = entry;
    }
  }

  /** The entry of a pin; -1 if it has none. O(1): at most half of the table is filled. */
  of(pin: number): number {
    for (let slot = this.#slotOf(pin); ; slot = (slot + 1) & this.#mask) {
      const entry = this.#table[slot]!;
      if (entry < 0 || this.pins[entry] === pin) return entry;
    }
  }

  /** Fibonacci hashing: neighbors, which campaigns often take together, land apart. */
  #slotOf(pin: number): number {
    return (Math.imul(pin, 0x9e3779b1) >>> 7) & this.#mask;
  }
}

/** Lists of numbers by row, one after the other. */
export interface Rows {
  /** `offsets[row]` to `offsets[row + 1]` in `values`. */
  readonly offsets: Int32Array;
  readonly values: Int32Array;
}

export function rowsOf(lists: readonly ArrayLike<number>[]): Rows {
  const offsets = new Int32Array(lists.length + 1);
  for (const [row, list] of lists.entries()) offsets[row + 1] = offsets[row]! + list.length;
  const values = new Int32Array(offsets[lists.length]!);
  for (const [row, list] of lists.entries()) values.set(list, offsets[row]);
  return { offsets, values };
}

/** The rows that contain each number below `count`, ascending: the transpose. O(values + count). */
export function transposed({ offsets, values }: Rows, count: number): Rows {
  const starts = new Int32Array(count + 1);
  for (const value of values) starts[value + 1]!++;
  for (let value = 0; value < count; value++) starts[value + 1]! += starts[value]!;
  const next = starts.slice();
  const rows = new Int32Array(values.length);
  for (let row = 0; row + 1 < offsets.length; row++) {
    for (let i = offsets[row]!; i < offsets[row + 1]!; i++) rows[next[values[i]!]!++] = row;
  }
  return { offsets: starts, values: rows };
}

/** The sum of some numbers at the values of a row. */
export function sumAt({ offsets, values }: Rows, row: number, of: Float64Array): number {
  let sum = 0;
  for (let at = offsets[row]!; at < offsets[row + 1]!; at++) sum += of[values[at]!]!;
  return sum;
}
