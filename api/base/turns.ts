/**
 * Shares the event loop between long tasks: in each turn of the loop, one waiting task continues, first come,
 * first served. So the loop is held for one slice of one task at a time, however many tasks wait.
 */
export class Turns {
  readonly #inNextTurn: (work: () => void) => unknown;
  readonly #waiting: (() => void)[] = [];

  /** `inNextTurn` is `setImmediate`. */
  constructor(inNextTurn: (work: () => void) => unknown) {
    this.#inNextTurn = inNextTurn;
  }

  /** Resolves when it is the caller's turn. To be awaited between two slices of a few milliseconds. */
  async next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length === 1) this.#inNextTurn(this.#release);
    });
  }

  readonly #release = (): void => {
    this.#waiting.shift()!();
    if (this.#waiting.length > 0) this.#inNextTurn(this.#release);
  };
}
