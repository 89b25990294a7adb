const hourMs = 3_600_000;

/** What is counted of a set of entities. */
export interface CounterColumn {
  /** 0: impressions; from 1: labels. */
  readonly event: number;
  /** Infinity: never decays. */
  readonly halfLifeHours: number;
}

/**
 * Counters with exponential decay, a row a key. An addition decays what is there to its own time; a look decays a copy, so that
 * values do not depend on who looked meanwhile. O(columns) each.
 */
export class Counters {
  readonly #rows = new Map<number, number>();
  readonly #columns: readonly CounterColumn[];
  /** Per row: the columns, then the last time of each event, 0 for none. */
  readonly #width: number;
  /** Per row: the time to which its columns are decayed. */
  readonly #decayedTo: number[] = [];
  #values = new Float64Array(0);

  constructor(columns: readonly CounterColumn[], events: number) {
    this.#columns = columns;
    this.#width = columns.length + events;
  }

  add(key: number, event: number, amount: number, time: number): void {
    const row = this.#rows.get(key) ?? this.#append(key, time);
    const start = row * this.#width;
    const hours = Math.max(0, time - this.#decayedTo[row]!) / hourMs;
    for (const [i, { event: counted, halfLifeHours }] of this.#columns.entries()) {
      const at = start + i;
      if (hours > 0 && halfLifeHours < Infinity) this.#values[at]! *= 2 ** (-hours / halfLifeHours);
      if (counted === event) this.#values[at]! += amount;
    }
    this.#decayedTo[row] = Math.max(time, this.#decayedTo[row]!);
    this.#values[start + this.#columns.length + event] = time;
  }

  /** The row of a key, or -1. */
  rowOf(key: number): number {
    return this.#rows.get(key) ?? -1;
  }

  /** A column of a row, decayed to a time; 0 for row -1. */
  at(row: number, column: number, time: number): number {
    if (row < 0) return 0;
    const value = this.#values[row * this.#width + column]!;
    const { halfLifeHours } = this.#columns[column]!;
    if (value === 0 || halfLifeHours === Infinity) return value;
    return value * 2 ** (-Math.max(0, time - this.#decayedTo[row]!) / hourMs / halfLifeHours);
  }

  /** Hours since the last such event of a row; NaN if there was none. */
  hoursSince(row: number, event: number, time: number): number {
    const last = row < 0 ? 0 : this.#values[row * this.#width + this.#columns.length + event]!;
    return last === 0 ? NaN : Math.max(0, time - last) / hourMs;
  }

  #append(key: number, time: number): number {
    const row = this.#decayedTo.length;
    this.#rows.set(key, row);
    this.#decayedTo.push(time);
    if ((row + 1) * this.#width > this.#values.length) {
      const grown = new Float64Array(Math.max(64 * this.#width, 2 * this.#values.length));
      grown.set(this.#values);
      this.#values = grown;
    }
    return row;
  }
}
