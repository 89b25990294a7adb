import { setTimeout as pause } from 'node:timers/promises';

interface AttemptsOptions {
  /** What to report of a failure, before its reason, and of the success after it. */
  readonly failing: string;
  readonly working: string;
  readonly onFault: (fault: string) => void;
  /** Ends all waiting. */
  readonly signal: AbortSignal;
}

/** Between attempts, doubled up to the second. */
const [msMin, msMax] = [100, 5_000];

/** Attempts at something that a broker or a disk may fail: reports each reason once, and waits longer after each. */
export class Attempts {
  readonly #options: AttemptsOptions;
  #ms = msMin;
  #fault: string | undefined;

  constructor(options: AttemptsOptions) {
    this.#options = options;
  }

  get isFailing(): boolean {
    return this.#fault !== undefined;
  }

  /** Resolves when it is time for the next attempt. */
  async failed(fault: string): Promise<void> {
    const { failing, onFault, signal } = this.#options;
    if (signal.aborted) return;
    if (fault !== this.#fault) onFault(`Kafka: ${failing}: ${fault}`);
    this.#fault = fault;
    await pause(this.#ms, undefined, { signal }).catch(() => {});
    this.#ms = Math.min(2 * this.#ms, msMax);
  }

  succeeded(): void {
    if (this.#fault !== undefined) this.#options.onFault(`Kafka: ${this.#options.working}`);
    this.#fault = undefined;
    this.#ms = msMin;
  }
}
