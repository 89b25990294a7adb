import { check } from '../base/index.ts';

/**
 * Impressions whose outcome is not known yet. A row becomes a positive example when its action comes, and a negative one when its
 * window closes without it; never both. An action after the window counts for nothing. O(1) a row.
 */
export class PendingRows {
  readonly #windowMs: number;
  #rows: number[] = [];
  #times: number[] = [];
  #head = 0;
  readonly #open = new Map<number, number>();

  constructor(windowMs: number) {
    check(windowMs > 0, 'windowMs', `${windowMs} is not positive`);
    this.#windowMs = windowMs;
  }

  /** An impression; times must not descend. */
  shown(row: number, time: number): void {
    this.#rows.push(row);
    this.#times.push(time);
    this.#open.set(row, time + this.#windowMs);
  }

  /** An action on an impression: whether the row is now a positive example. Only the first action counts. */
  acted(row: number, time: number): boolean {
    const until = this.#open.get(row);
    if (until === undefined || time > until) return false;
    return this.#open.delete(row);
  }

  /** Calls `onClosed` with rows whose window closed before a time, in the order of their impressions: negative examples. */
  close(time: number, onClosed: (row: number) => void): void {
    while (this.#head < this.#rows.length && this.#times[this.#head]! + this.#windowMs < time) {
      const row = this.#rows[this.#head++]!;
      if (this.#open.delete(row)) onClosed(row);
    }
    if (this.#head < 1024 || this.#head < this.#rows.length / 2) return;
    this.#rows = this.#rows.slice(this.#head);
    this.#times = this.#times.slice(this.#head);
    this.#head = 0;
  }
}
