import { statSync } from 'node:fs';

/** Age after which the file is looked at again, in milliseconds. */
const ageMsMax = 500;

interface WatchedFileOptions<Value> {
  readonly file: string;
  readonly read: () => Value;
  /** Milliseconds, never going back. */
  readonly now: () => number;
  readonly onFault: (error: unknown) => void;
}

/**
 * The parsed content of a file, in memory. A use more than half a second after the last check looks whether the
 * file has changed. So a running server sees what a command has written, and most requests read no file.
 */
export class WatchedFile<Value> {
  readonly #options: WatchedFileOptions<Value>;
  #value: Value;
  #checkedAt: number;
  #stamp: string;

  /** Throws what `read` throws. A file that becomes faulty later is reported to `onFault`, and the last good value stays. */
  constructor(options: WatchedFileOptions<Value>) {
    this.#options = options;
    this.#stamp = this.#fileStamp();
    this.#checkedAt = options.now();
    this.#value = options.read();
  }

  get value(): Value {
    const now = this.#options.now();
    if (now - this.#checkedAt < ageMsMax) return this.#value;
    this.#checkedAt = now;
    const stamp = this.#fileStamp();
    if (stamp === this.#stamp) return this.#value;
    this.#stamp = stamp;
    try {
      this.#value = this.#options.read();
    } catch (error) {
      this.#options.onFault(error);
    }
    return this.#value;
  }

  /** Adopts the content that the caller has just written to the file. */
  wrote(value: Value): void {
    this.#value = value;
    this.#stamp = this.#fileStamp();
  }

  /** Changes whenever the file does: each version is a new file. */
  #fileStamp(): string {
    const stats = statSync(this.#options.file, { throwIfNoEntry: false, bigint: true });
    return stats === undefined ? '' : `${stats.ino} ${stats.mtimeNs} ${stats.size}`;
  }
}
