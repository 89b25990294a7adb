import { KeyIndex } from './key-index.ts';

const hourMs = 3_600_000;

/** One counter that each entity of a set has. */
export interface CounterColumn {
  /** 0: impressions; from 1: labels. */
  readonly event: number;
  /** Infinity: never decays. */
  readonly halfLifeHours: number;
}

/** A rate of actions by impressions, both counted with the same half-life. */
interface RateColumns {
  readonly actions: number;
  readonly impressions: number;
  readonly prior: number;
}

/**
 * Counters with exponential decay, a row a key. An addition decays the stored values to its own time; a read decays a copy, so
 * values do not depend on earlier reads. O(columns) each.
 */
export class Counters {
  readonly index = new KeyIndex();
  readonly #columns: readonly CounterColumn[];
  /** Per row: the columns, then the last time of each event, 0 for none, and the time to which its columns are decayed. */
  readonly #width: number;
  #count = 0;
  #values = new Float64Array(0);

  constructor(columns: readonly CounterColumn[], events: number) {
    this.#columns = columns;
    this.#width = columns.length + events + 1;
  }

  add(key: number, event: number, amount: number, time: number): void {
    const known = this.index.rowOf(key);
    const row = known < 0 ? this.#append(key, time) : known;
    const start = row * this.#width;
    const values = this.#values;
    const decayedAt = start + this.#width - 1;
    const hours = Math.max(0, time - values[decayedAt]!) / hourMs;
    for (let i = 0; i < this.#columns.length; i++) {
      const { event: counted, halfLifeHours } = this.#columns[i]!;
      const at = start + i;
      if (hours > 0 && halfLifeHours < Infinity) values[at]! *= 2 ** (-hours / halfLifeHours);
      if (counted === event) values[at]! += amount;
    }
    values[decayedAt] = Math.max(time, values[decayedAt]!);
    values[start + this.#columns.length + event] = time;
  }

  /** Writes the logarithm of 1 + a column of some rows, decayed to a time; 0 for row -1. */
  countsAt(
    rows: Int32Array,
    count: number,
    column: number,
    time: number,
    out: Float64Array,
    at: number,
  ): void {
    const values = this.#values;
    const width = this.#width;
    const { halfLifeHours } = this.#columns[column]!;
    for (let i = 0; i < count; i++) {
      const start = rows[i]! * width;
      let value = start < 0 ? 0 : values[start + column]!;
      if (value !== 0 && halfLifeHours < Infinity) {
        value *= 2 ** (-Math.max(0, time - values[start + width - 1]!) / hourMs / halfLifeHours);
      }
      out[at + i] = value > 0 ? Math.log1p(value) : 0;
    }
  }

  /**
   * Writes the rates of some rows, decayed to a time and shrunk to the rates `outer` by `prior` impressions. `stride`: 0 if all
   * have the first of `outer`.
   */
  ratesAt(
    rows: Int32Array,
    count: number,
    { actions, impressions, prior }: RateColumns,
    time: number,
    outer: Float64Array,
    stride: 0 | 1,
    out: Float64Array,
    at: number,
  ): void {
    const values = this.#values;
    const width = this.#width;
    const { halfLifeHours } = this.#columns[actions]!;
    for (let i = 0; i < count; i++) {
      const start = rows[i]! * width;
      let acted = 0;
      let shown = 0;
      if (start >= 0) {
        acted = values[start + actions]!;
        shown = values[start + impressions]!;
        if (halfLifeHours < Infinity) {
          const factor = 2 ** (-Math.max(0, time - values[start + width - 1]!) / hourMs / halfLifeHours);
          acted *= factor;
          shown *= factor;
        }
      }
      out[at + i] = (acted + prior * outer[i * stride]!) / (shown + prior);
    }
  }

  /** Writes the logarithm of 1 + hours since the last such event of some rows; NaN if there was none. */
  sinceAt(rows: Int32Array, count: number, event: number, time: number, out: Float64Array, at: number): void {
    const values = this.#values;
    const [width, column] = [this.#width, this.#columns.length + event];
    for (let i = 0; i < count; i++) {
      const start = rows[i]! * width;
      const last = start < 0 ? 0 : values[start + column]!;
      out[at + i] = last === 0 ? NaN : Math.log1p(Math.max(0, time - last) / hourMs);
    }
  }

  #append(key: number, time: number): number {
    const row = this.index.append(key);
    this.#count = row + 1;
    if (this.#count * this.#width > this.#values.length) {
      const grown = new Float64Array(Math.max(64 * this.#width, 2 * this.#values.length));
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[(row + 1) * this.#width - 1] = time;
    return row;
  }
}
