import { notReady } from './problems.ts';

interface StorageWatchOptions {
  /** What happened to the files of the database; undefined while they are in place. */
  readonly faultNow: () => string | undefined;
  /** Called once when something happened to them. */
  readonly onFault: (fault: string) => void;
}

/** Whether the database that the server has open is still the one in its folder. */
export class StorageWatch {
  readonly #options: StorageWatchOptions;
  #last: string | undefined;

  constructor(options: StorageWatchOptions) {
    this.#options = options;
  }

  /** Throws `graph-not-ready` if the database was deleted or replaced. */
  assert(): void {
    if (this.#options.faultNow() === undefined) return;
    throw notReady('the database was deleted or replaced while the server runs: restart the server');
  }

  /** To be called from time to time. */
  check(): void {
    const fault = this.#options.faultNow();
    if (fault !== undefined && fault !== this.#last) {
      this.#options.onFault(`writes are refused, and the server is not ready: ${fault}`);
    }
    this.#last = fault;
  }
}
