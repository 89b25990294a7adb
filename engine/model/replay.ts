import { check } from '../base/index.ts';
import type { FeatureState, Shown } from './features/index.ts';

/** Impressions in the order of their times, and the actions that are credited to them in the order of theirs. */
export interface ModelLog {
  readonly count: number;
  readonly times: Float64Array;
  /** Row by row, as the fields of the features name them. */
  readonly entities: Float64Array;
  readonly numbers: Float64Array;
  readonly zoneOf: (row: number) => string;
  readonly actions: ActionColumns;
}

export interface ActionColumns {
  readonly count: number;
  /** The impression of each action. */
  readonly rows: Int32Array;
  readonly labels: Uint8Array;
  /** When it arrived. */
  readonly times: Float64Array;
  /** The counted quantity: 1, or its value. */
  readonly amounts: Float64Array;
}

interface ReplayHandler {
  /** Called before an impression is counted: its features may be read. */
  readonly onShown: (row: number) => void;
  /** After all impressions of this moment were shown. */
  readonly onCounted?: (row: number) => void;
  readonly onActed: (action: number, row: number, time: number) => void;
}

/**
 * Replays a log as it happened: an impression is scored from earlier events only, actions count from their arrival on, and
 * impressions of one moment, such as a list, do not know each other. O(rows).
 */
export function replay(log: ModelLog, { onShown, onCounted, onActed }: ReplayHandler): void {
  const { count, times, actions } = log;
  let action = 0;
  const actUntil = (time: number): void => {
    for (; action < actions.count && actions.times[action]! < time; action++) {
      const [row, at] = [actions.rows[action]!, actions.times[action]!];
      check(at >= times[row]!, 'actions', 'an action is earlier than its impression');
      onActed(action, row, at);
    }
  };
  for (let row = 0; row < count;) {
    const time = times[row]!;
    actUntil(time);
    let end = row;
    for (; end < count && times[end] === time; end++) onShown(end);
    for (; row < end; row++) onCounted?.(row);
  }
  actUntil(Infinity);
}

/** An impression of a log. */
export function shownAt(log: ModelLog, row: number): Shown {
  const [entities, numbers] = [log.entities.length / log.count, log.numbers.length / log.count];
  return {
    time: log.times[row]!,
    entities: log.entities.subarray(row * entities, (row + 1) * entities),
    numbers: log.numbers.subarray(row * numbers, (row + 1) * numbers),
    zone: log.zoneOf(row),
  };
}

/** The features of all impressions, row by row. */
export function featureRows(log: ModelLog, state: FeatureState): Float64Array {
  const rows = new Float64Array(log.count * state.width);
  const { labels, amounts } = log.actions;
  replay(log, {
    onShown: (row) => state.read(shownAt(log, row), rows, row * state.width),
    onCounted: (row) => state.shown(shownAt(log, row)),
    onActed: (i, row, time) => state.acted(shownAt(log, row), labels[i]!, time, amounts[i]),
  });
  return rows;
}

/** The log as it was before a time, with the impressions of that time. */
function logUntil(log: ModelLog, time: number): ModelLog {
  const { actions, count } = log;
  let end = 0;
  while (end < count && log.times[end]! <= time) end++;
  const [entities, numbers] = [log.entities.length / count, log.numbers.length / count];
  let known = 0;
  while (known < actions.count && actions.times[known]! < time) known++;
  return {
    count: end,
    times: log.times.subarray(0, end),
    entities: log.entities.subarray(0, end * entities),
    numbers: log.numbers.subarray(0, end * numbers),
    zoneOf: log.zoneOf,
    actions: {
      count: known,
      rows: actions.rows.subarray(0, known),
      labels: actions.labels.subarray(0, known),
      times: actions.times.subarray(0, known),
      amounts: actions.amounts.subarray(0, known),
    },
  };
}

/**
 * The first row whose features know what comes after it: they differ when computed from a log that ends there. -1 if there is none
 * among the rows looked at; a leak shows in most rows, so a few looks are enough. `all`: `rowsOf` the log. O(looks · log).
 */
export function leakAt(
  log: ModelLog,
  all: Float64Array,
  rowsOf: (log: ModelLog) => Float64Array,
  looks: readonly number[],
): number {
  const width = all.length / log.count;
  for (const row of looks) {
    const cut = rowsOf(logUntil(log, log.times[row]!));
    for (let i = row * width; i < (row + 1) * width; i++) if (!Object.is(all[i]!, cut[i]!)) return row;
  }
  return -1;
}
