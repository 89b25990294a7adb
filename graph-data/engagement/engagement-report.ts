import { createHash } from 'node:crypto';
import { skewMsMax } from '../../engine/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { stoppedError } from '../errors.ts';
import { dayVersions, rowsOfDay } from '../interactions/index.ts';
import { DayCache } from './day-cache.ts';
import { type DayCells, countDays } from './day-cells.ts';
import { loadDays } from './load-days.ts';
import { Names, dayMs } from './names.ts';
import { pinClasses } from './pin-classes.ts';
import type { EngagementOptions, EngagementReport } from './report-types.ts';
import { summarize } from './summarize.ts';

/** Rows in memory at once, about 60 bytes each, unless a single day and those around it have more. */
const rowsMax = 4_000_000;

/**
 * What people did with what they were shown. The first report of a rule reads all its rows, about 1 µs each; later ones only days
 * whose rows have changed, and the days around them; counts by community and by popularity are kept for a snapshot each. Throws `stopped` if the
 * signal is aborted, `interactions-damaged`, and for these groups as {@link pinClasses} does.
 */
export function engagementReport(
  folder: DataFolder,
  options: EngagementOptions,
  signal?: AbortSignal,
): EngagementReport {
  const { windowHours, touch, from, to, by } = options;
  const rule = { windowMs: windowHours * 3_600_000, touch };
  const around = Math.ceil(rule.windowMs / dayMs) + Math.ceil(skewMsMax / dayMs);
  const versions = dayVersions(folder);
  const stampOf = (day: number): string => stampAround(versions, day, around);
  const classes = by === 'community' || by === 'popularity' ? pinClasses(folder, by) : undefined;
  const classedBy = classes === undefined ? 'rank' : `${by} ${classes.version}`;
  const cache = new DayCache(folder, `${windowHours} ${touch} ${classedBy}`);
  try {
    const days = new Map<number, DayCells>();
    const missing: number[] = [];
    for (const day of versions.keys()) {
      if (day < from || day > to) continue;
      const found = cache.find(day, stampOf(day));
      if (found === undefined) missing.push(day);
      else days.set(day, found);
    }
    for (const [first, last] of portions(
      folder,
      missing.toSorted((a, b) => a - b),
      around,
    )) {
      if (signal?.aborted === true) throw stoppedError();
      const names = new Names();
      const loaded = loadDays(folder, [first - around, last + around], names, classes?.classOf);
      const counted = countDays(loaded, [first, last], rule, names);
      const wanted = new Map([...counted].filter(([day]) => missing.includes(day)));
      for (const [day, cells] of wanted) days.set(day, cells);
      cache.store(wanted, stampOf);
    }
    return { ...summarize(days, options, classes?.nameOf ?? String), daysCounted: missing.length };
  } finally {
    classes?.close();
    cache.close();
  }
}

/** Changes with the rows of a day and of those around it. */
function stampAround(versions: ReadonlyMap<number, number>, day: number, around: number): string {
  const hash = createHash('sha256');
  for (let each = day - around; each <= day + around; each++) hash.update(`${versions.get(each) ?? ''};`);
  return hash.digest('base64url').slice(0, 22);
}

/** Splits ascending days into ranges whose rows fit into memory together with those around them. */
function portions(
  folder: DataFolder,
  days: readonly number[],
  around: number,
): [first: number, last: number][] {
  const ranges: [number, number][] = [];
  let rows = 0;
  for (const day of days) {
    const own = rowsOfDay(folder, day);
    const range = ranges.at(-1);
    if (range !== undefined && day - range[1] <= 2 * around + 1 && rows + own <= rowsMax) {
      range[1] = day;
      rows += own;
    } else {
      ranges.push([day, day]);
      rows = own;
    }
  }
  return ranges;
}
