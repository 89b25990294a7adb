import type { ModelLog } from './replay.ts';

/** What became of impressions. */
interface Outcomes {
  /** 1 for an action within the window. */
  readonly y: Uint8Array;
  /** When that was known: the action's arrival, or the end of the window. Rows that end later are missing, not negative. */
  readonly settledAt: Float64Array;
}

/** The outcomes of a label; those of `PendingRows`, for learners that take all rows at once. O(rows + actions). */
export function outcomesOf({ count, times, actions }: ModelLog, label: number, windowMs: number): Outcomes {
  const y = new Uint8Array(count);
  const settledAt = times.map((time) => time + windowMs);
  for (let i = 0; i < actions.count; i++) {
    const [row, at] = [actions.rows[i]!, actions.times[i]!];
    if (actions.labels[i] !== label || y[row] === 1 || at > times[row]! + windowMs) continue;
    y[row] = 1;
    settledAt[row] = at;
  }
  return { y, settledAt };
}
