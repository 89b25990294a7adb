/** What was caught up with this long ago still is: an idle topic is looked at every half a second. */
const graceMs = 1_500;

/** How far something is behind what it follows. */
export class Lag {
  readonly #now: () => number;
  #caughtUpAt: number | undefined;
  /** How many are known to be ahead; infinite before that is known. */
  behind = Infinity;

  /** `now`: milliseconds that never go back. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Milliseconds since it had all that there was; 0 while it has, Infinity before it first had. */
  get ms(): number {
    if (this.#caughtUpAt === undefined) return Infinity;
    const ms = this.#now() - this.#caughtUpAt;
    return ms <= graceMs ? 0 : ms;
  }

  /** It had all that there was at a time. */
  caughtUp(at: number): void {
    this.#caughtUpAt = at;
  }
}
