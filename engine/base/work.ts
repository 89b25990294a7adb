/**
 * Prices of work in units: one unit is a step of a walk, 0.1 to 0.2 µs. Powers of two, so that sums are exact and in any
 * order the same. Measured on the npm sample (docs/limits.md).
 */
export const prices = {
  /** An edge along which mass moves. */
  edge: 1 / 16,
  /** A node in a scan of all nodes, or a number of a table. */
  node: 1 / 16,
  /** A candidate that is sorted or becomes an object. */
  candidate: 1,
  /** A save counted in the database. */
  countedSave: 1,
  /** A save read from the database. */
  save: 8,
  /** A row of a node read from the database, with its attributes parsed. */
  row: 32,
} as const;

/**
 * The work of one request: counts it, and says when the budget is spent. Counted, never timed: the same request stops at
 * the same place on every machine. Checked for each batch of steps and each expanded node, never for each step.
 */
export class Work {
  readonly #max: number;
  readonly #handOverAt: number;
  #used = 0;
  #spent = 0;
  #isExhausted = false;

  /**
   * @param max Units after which the request ends with partial results.
   * @param handOverAt Units after which {@link TooMuchWork} is thrown, if that is below `max`: elsewhere the
   * request may continue up to `max`.
   */
  constructor(max: number = Infinity, handOverAt: number = Infinity) {
    this.#max = max;
    this.#handOverAt = handOverAt < max ? handOverAt : Infinity;
  }

  get used(): number {
    return this.#used;
  }

  /** Includes work that was counted outside the budget. */
  get cost(): number {
    return this.#used + this.#spent;
  }

  /** Whether something was left undone. */
  get isExhausted(): boolean {
    return this.#isExhausted;
  }

  /** Pieces of work that are affordable now. */
  left(price: number): number {
    return Math.max(0, Math.floor((Math.min(this.#max, this.#handOverAt) - this.#used) / price));
  }

  /** Takes on up to `pieces` pieces of work, and at most `share` of the remaining budget; returns how many to do. */
  take(pieces: number, price = 1, share = 1): number {
    const affordable = Math.floor(this.left(price) * share);
    if (pieces > affordable) this.stop();
    const granted = Math.min(pieces, affordable);
    this.#used += granted * price;
    return granted;
  }

  /** Counts work that has a bound of its own and is done in full. */
  count(pieces: number, price = 1): void {
    this.#used += pieces * price;
    if (this.#used > this.#handOverAt) throw new TooMuchWork();
  }

  /**
   * Counts work whose result is kept for other requests. It is no part of the budget, so that what a request returns does
   * not depend on who paid.
   */
  spend(pieces: number, price: number): void {
    this.#spent += pieces * price;
    if (this.cost > this.#handOverAt) throw new TooMuchWork();
  }

  /** Pieces of work that do not exceed what may be done here. */
  beforeHandOver(price: number): number {
    return Math.max(0, Math.floor((this.#handOverAt - this.cost) / price));
  }

  /** Notes that work was left undone. */
  stop(): void {
    if (this.#handOverAt < Infinity) throw new TooMuchWork();
    this.#isExhausted = true;
  }
}

/** A request needs more work than it may do here: see {@link Work}. */
export class TooMuchWork extends Error {
  override readonly name = 'TooMuchWork';
}
