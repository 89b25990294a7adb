import { execFile } from 'node:child_process';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type DataFolder, moduleBeside } from '../../graph-data/base/index.ts';

const intervalMs = 24 * 3_600_000;
const lowestPriority = 19;

interface CheckReport {
  readonly faults: readonly string[];
  readonly seconds: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

interface DatabaseCheckOptions {
  readonly folder: DataFolder;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
  /** Called when the database is damaged. */
  readonly onFaults: (faults: readonly string[]) => void;
  /** Called when it could not be checked. */
  readonly onFailure: (error: Error) => void;
}

/** Reads the whole database once a day, in a process of the lowest priority, to notice damage before requests do. */
export class DatabaseCheck {
  readonly #options: DatabaseCheckOptions;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #last: CheckReport | undefined;

  constructor(options: DatabaseCheckOptions) {
    this.#options = options;
  }

  /** The last finished check, if any. */
  get last(): CheckReport | undefined {
    return this.#last;
  }

  /** Checks now, and daily from now on. */
  start(): void {
    this.#timer = setInterval(() => this.#check(), intervalMs).unref();
    this.#check();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#stop.abort();
  }

  #check(): void {
    const { folder, now, wallClock, onFaults, onFailure } = this.#options;
    const { signal } = this.#stop;
    if (signal.aborted) return;
    const began = now();
    const file = fileURLToPath(moduleBeside('check-process', import.meta.url));
    const args = ['--disable-warning=ExperimentalWarning', file, folder.root];
    const child = execFile(
      process.execPath,
      args,
      { signal, killSignal: 'SIGKILL', env: { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] } },
      (error, stdout) => {
        if (signal.aborted) return;
        if (error !== null) {
          onFailure(error);
          return;
        }
        const faults = JSON.parse(stdout) as string[];
        this.#last = { faults, seconds: (now() - began) / 1000, at: wallClock() };
        if (faults.length > 0) onFaults(faults);
      },
    );
    child.unref();
    try {
      if (child.pid !== undefined) setPriority(child.pid, lowestPriority);
    } catch {
      // It has ended already, or the system does not allow it.
    }
  }
}
