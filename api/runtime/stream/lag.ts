/** A reader counts as caught up for this long: an idle topic is polled every half a second. */
const graceMs = 1_500;

/** How far a follower is behind its source. */
export class Lag {
  readonly #now: () => number;
  #caughtUpAt: number | undefined;
  /** Records known to be ahead; infinite until known. */
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
