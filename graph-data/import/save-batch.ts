import { countsBefore } from './repeated-saves.ts';

/**
 * A bounded column store of saves to be written, which sorts them by board, then pin. Written in that order, a batch
 * touches each page of the table once instead of once per save.
 */
export class SaveBatch {
  readonly boards: Int32Array;
  readonly pins: Int32Array;
  /** Milliseconds since 1970; NaN for none. */
  readonly savedAt: Float64Array;
  /** NaN for none. */
  readonly weights: Float64Array;
  size = 0;
  /** Whether any save of the batch has a time or a weight. */
  hasDetails = false;
  #order: Int32Array;
  #sorted: Int32Array;

  constructor(capacity: number) {
    this.boards = new Int32Array(capacity);
    this.pins = new Int32Array(capacity);
    this.savedAt = new Float64Array(capacity);
    this.weights = new Float64Array(capacity);
    this.#order = new Int32Array(capacity);
    this.#sorted = new Int32Array(capacity);
  }

  get isFull(): boolean {
    return this.size === this.boards.length;
  }

  push(board: number, pin: number, savedAt: number, weight: number): void {
    const i = this.size++;
    this.boards[i] = board;
    this.pins[i] = pin;
    this.savedAt[i] = savedAt;
    this.weights[i] = weight;
    if (!Number.isNaN(savedAt) || !Number.isNaN(weight)) this.hasDetails = true;
  }

  clear(): void {
    this.size = 0;
    this.hasDetails = false;
  }

  /** Row indexes sorted by board, then pin; of repeated saves, only the row that {@link countsBefore} the others. */
  sortedRows(): Int32Array {
    for (let i = 0; i < this.size; i++) this.#order[i] = i;
    this.#sortBy(this.pins);
    this.#sortBy(this.boards);
    const { boards, pins, savedAt, weights } = this;
    const order = this.#order;
    let kept = 0;
    for (let i = 0; i < this.size; i++) {
      const row = order[i]!;
      const last = order[kept - 1] ?? -1;
      if (last < 0 || boards[row] !== boards[last] || pins[row] !== pins[last]) order[kept++] = row;
      else if (countsBefore(savedAt[row]!, weights[row]!, savedAt[last]!, weights[last]!))
        order[kept - 1] = row;
    }
    return order.subarray(0, kept);
  }

  /** Stable radix sort of the order by a column of non-negative integers, 11 bits per pass. */
  #sortBy(column: Int32Array): void {
    let largest = 0;
    for (let i = 0; i < this.size; i++) largest = Math.max(largest, column[i]!);
    const ends = new Int32Array(2 ** 11 + 1);
    for (let shift = 0; shift < 31 && largest >>> shift > 0; shift += 11) {
      ends.fill(0);
      for (let i = 0; i < this.size; i++) ends[((column[i]! >>> shift) & 0x7ff) + 1]!++;
      for (let digit = 1; digit < ends.length; digit++) ends[digit]! += ends[digit - 1]!;
      for (let i = 0; i < this.size; i++) {
        const row = this.#order[i]!;
        this.#sorted[ends[(column[row]! >>> shift) & 0x7ff]!++] = row;
      }
      [this.#order, this.#sorted] = [this.#sorted, this.#order];
    }
  }
}
