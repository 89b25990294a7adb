import { LinkedList, Problem } from '../../base/index.ts';

interface WorkQueueOptions {
  /** Tasks that run at once. */
  readonly slots: number;
  /** A task that cannot start within this time is refused, usually on arrival. */
  readonly waitMsMax: number;
  readonly lengthMax: number;
  /** Milliseconds that never go back. */
  readonly now: () => number;
}

interface Waiting {
  readonly since: number;
  readonly start: (waitedMs: number) => void;
  readonly refuse: () => void;
}

/** Weight of the latest task in the running mean of durations. */
const latestShare = 0.05;

/**
 * Limits how many tasks run at once. A task that would wait too long, by the mean duration of recent tasks, is refused
 * with `overloaded` on arrival, so that the client learns at once.
 */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #waiting = new LinkedList<Waiting>();
  #running = 0;
  #meanMs = 1;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  get length(): number {
    return this.#waiting.size;
  }

  get running(): number {
    return this.#running;
  }

  /** Runs the task when its turn comes, unless the signal is aborted before. */
  async run<Result>(task: (waitedMs: number) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    const waitedMs = await this.#turn(signal);
    const started = this.#options.now();
    try {
      return await task(waitedMs);
    } finally {
      this.#meanMs += latestShare * (this.#options.now() - started - this.#meanMs);
      this.#running--;
      this.#startNext();
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<number> {
    const { slots, waitMsMax, lengthMax, now } = this.#options;
    if (signal?.aborted === true) return Promise.reject(new ClientGone());
    if (this.#running < slots) {
      this.#running++;
      return Promise.resolve(0);
    }
    const expectedMs = ((this.#waiting.size + 1) * this.#meanMs) / slots;
    if (expectedMs > waitMsMax || this.#waiting.size >= lengthMax) return Promise.reject(this.#overloaded());
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', gone);
        takeOut();
      };
      const waiting: Waiting = {
        since: now(),
        start: (waitedMs) => {
          leave();
          resolve(waitedMs);
        },
        refuse: () => {
          leave();
          reject(this.#overloaded());
        },
      };
      const gone = (): void => {
        leave();
        reject(new ClientGone());
      };
      // A running task may take longer than the mean: those behind it need not wait for it.
      const timer = setTimeout(waiting.refuse, waitMsMax);
      signal?.addEventListener('abort', gone, { once: true });
      const takeOut = this.#waiting.add(waiting);
    });
  }

  #startNext(): void {
    const { slots, now } = this.#options;
    for (const waiting of this.#waiting) {
      if (this.#running >= slots) return;
      this.#running++;
      waiting.start(now() - waiting.since);
    }
  }

  #overloaded(): Problem {
    return new Problem('overloaded', 'more requests than this server can answer in time', [], {
      'Retry-After': '1',
    });
  }
}

/** The client disconnected before its turn: no response is due. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}
