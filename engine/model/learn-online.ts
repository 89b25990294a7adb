import type { Ftrl } from './ftrl.ts';
import { OnlineLearner } from './online-learner.ts';
import { type ModelLog, replay } from './replay.ts';

interface OnlineOptions {
  readonly label: number;
  /** How long after an impression an action counts. */
  readonly windowMs: number;
  readonly model: Ftrl;
  /** Slots of a row, at most. */
  readonly slotsMax: number;
  /** Writes the slots of a row as they are at its impression; returns their number. */
  readonly slotsOf: (row: number, out: Int32Array) => number;
  /** Rows before it are not learned. */
  readonly from?: number | undefined;
}

/**
 * Learns a log in its order, as a server does: each impression is scored by the model of its moment, and learned when its action
 * comes or its window closes. Returns the log odds of all impressions. O(rows · slots).
 */
export function learnOnline(log: ModelLog, options: OnlineOptions): Float64Array {
  const { label, windowMs, model, slotsMax, slotsOf, from = 0 } = options;
  const logOdds = new Float64Array(log.count);
  const slots = new Int32Array(log.count * slotsMax);
  const counts = new Int32Array(log.count);
  const slotsAt = (row: number): Int32Array => slots.subarray(row * slotsMax, (row + 1) * slotsMax);
  const slotsOfRow = (row: number): Int32Array =>
    slots.subarray(row * slotsMax, row * slotsMax + counts[row]!);
  const learner = new OnlineLearner({ model, windowMs, slotsOf: slotsOfRow });
  replay(log, {
    onShown(row) {
      learner.settle(log.times[row]!);
      const own = slotsAt(row);
      counts[row] = slotsOf(row, own);
      logOdds[row] = model.logOdds(own, counts[row]);
      if (row >= from) learner.shown(row, log.times[row]!);
    },
    onActed(action, row, time) {
      if (log.actions.labels[action] === label) learner.acted(row, time);
    },
  });
  return logOdds;
}
