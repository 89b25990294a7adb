interface Waiter {
  readonly position: number;
  readonly end: () => void;
}

/** A position of the change log that others wait for. */
export class Positions {
  readonly #read: () => number;
  readonly #waiters = new Set<Waiter>();
  #isClosed = false;

  /** `read`: the present position. */
  constructor(read: () => number) {
    this.#read = read;
  }

  get current(): number {
    return this.#read();
  }

  /** To be called when the position may have advanced. O(1) if nobody waits. */
  advanced(): void {
    if (this.#waiters.size === 0) return;
    const { current } = this;
    for (const { position, end } of this.#waiters) if (position <= current) end();
  }

  /** Resolves with whether the position is reached: at once, within these milliseconds, or when it is closed or aborted. */
  async reached(position: number, msMax: number, signal?: AbortSignal): Promise<boolean> {
    if (this.current >= position) return true;
    if (msMax > 0 && !this.#isClosed && signal?.aborted !== true) await this.#wait(position, msMax, signal);
    return this.current >= position;
  }

  /** Ends all waiting. */
  close(): void {
    this.#isClosed = true;
    for (const { end } of this.#waiters) end();
  }

  async #wait(position: number, msMax: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const waiter = {
        position,
        end: () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', waiter.end);
          this.#waiters.delete(waiter);
          resolve();
        },
      };
      const timer = setTimeout(waiter.end, msMax);
      signal?.addEventListener('abort', waiter.end);
      this.#waiters.add(waiter);
    });
  }
}
