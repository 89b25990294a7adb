import type { Ftrl } from './ftrl.ts';
import { PendingRows } from './pending-rows.ts';
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
  const pending = new PendingRows(windowMs);
  const slotsAt = (row: number): Int32Array => slots.subarray(row * slotsMax, (row + 1) * slotsMax);
  const onClosed = (row: number): void => {
    model.learn(slotsAt(row), counts[row]!, 0);
  };
  replay(log, {
    onShown(row) {
      pending.close(log.times[row]!, onClosed);
      const own = slotsAt(row);
      counts[row] = slotsOf(row, own);
      logOdds[row] = model.logOdds(own, counts[row]);
      if (row >= from) pending.shown(row, log.times[row]!);
    },
    onActed(action, row, time) {
      if (log.actions.labels[action] !== label) return;
      pending.close(time, onClosed);
      if (pending.acted(row, time)) model.learn(slotsAt(row), counts[row]!, 1);
    },
  });
  return logOdds;
}
