import type { Ftrl } from './ftrl.ts';
import { PendingRows } from './pending-rows.ts';

/** A learner's place in a log: the one code path of training and serving. */
interface OnlineLearnerOptions {
  readonly model: Ftrl;
  /** How long after an impression an action counts, in milliseconds. */
  readonly windowMs: number;
  /** The slots of a row, as they were at its impression. */
  readonly slotsOf: (row: number) => Int32Array;
  /** Called after a row was learned: it is not needed again. */
  readonly onLearned?: ((row: number, slots: Int32Array) => void) | undefined;
}

/**
 * Learns impressions in the order of what became of them: a row is a positive example when its action comes, a negative one when its
 * window closes. The weights of a moment follow from the events before it, however often {@link settle} was called. O(slots) a row.
 */
export class OnlineLearner {
  readonly #options: OnlineLearnerOptions;
  readonly #pending: PendingRows;
  readonly #learnNegative = (row: number): void => this.#learn(row, 0);

  constructor(options: OnlineLearnerOptions) {
    this.#options = options;
    this.#pending = new PendingRows(options.windowMs);
  }

  /** Learns the rows whose window closed before a time, milliseconds since 1970. Call it before rows of that time are scored. */
  settle(time: number): void {
    this.#pending.close(time, this.#learnNegative);
  }

  /** An impression that will be learned; times must not descend. */
  shown(row: number, time: number): void {
    this.#pending.shown(row, time);
  }

  /** The action on a row: only the first one within the window counts. */
  acted(row: number, time: number): void {
    this.settle(time);
    if (this.#pending.acted(row, time)) this.#learn(row, 1);
  }

  #learn(row: number, y: 0 | 1): void {
    const { model, slotsOf, onLearned } = this.#options;
    const slots = slotsOf(row);
    model.learn(slots, slots.length, y);
    onLearned?.(row, slots);
  }
}
