import { Problem } from '../../base/index.ts';

/** Requests take longer on workers that are new, for about so long. */
const settlingMs = 1_000;

/** Lets one swap run at a time. */
export class SwapTurn {
  readonly #now: () => number;
  #running: Promise<unknown> | undefined;
  #settledAt = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Whether a swap is running, or has ended so recently that requests take longer. */
  get isSettling(): boolean {
    return this.isRunning || this.#now() < this.#settledAt;
  }

  /** Throws `conflict` while another swap is running. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.isRunning) {
      throw new Problem('conflict', 'another snapshot is being loaded: wait until that is done');
    }
    const running = work().finally(() => {
      this.#running = undefined;
      this.#settledAt = this.#now() + settlingMs;
    });
    this.#running = running;
    return running;
  }

  /** Resolves when no swap is running. */
  async end(): Promise<void> {
    while (this.#running !== undefined) await Promise.allSettled([this.#running]);
  }
}
