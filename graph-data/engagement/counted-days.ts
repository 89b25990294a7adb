import { createHash } from 'node:crypto';
import { type AttributionRule, skewMsMax } from '../../engine/attribution/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { stoppedError } from '../errors.ts';
import { dayVersions, rowsOfDay, dayMs } from '../interactions/index.ts';
import { DayCache } from './day-cache.ts';
import { type LoadedDays, loadDays } from './load-days.ts';
import { Names } from './names.ts';

/** Rows in memory at once, about 60 bytes each, unless a single day and those around it have more. */
const rowsMax = 4_000_000;

/** A count by day, which is kept under a name of its own. */
interface DayCount<Cells> {
  /** Everything on which the cells of a day depend beside its rows: counts of another name are others. */
  readonly name: string;
  readonly rule: AttributionRule;
  /** First and last day, both included. Days since 1970, UTC. */
  readonly from: number;
  readonly to: number;
  /** The class of a pin. Default: the class of a row is its rank. */
  readonly classOf?: ((pin: string) => number) | undefined;
  /** Whether `count` gets the keys of users: some 100 bytes each. */
  readonly needsUserKeys?: boolean;
  /**
   * Counts the days of a range, of rows that include all days on which they depend. `people` has the keys of users, if they
   * are needed.
   */
  readonly count: (
    loaded: LoadedDays,
    range: readonly [number, number],
    names: Names,
    people: Names,
  ) => ReadonlyMap<number, Cells>;
}

/**
 * The cells of every day with interactions, in the order of days, and how many days were counted anew: their rows, or those
 * of days around them, had changed. Throws `stopped` if the signal is aborted.
 */
export function countedDays<Cells>(
  folder: DataFolder,
  { name, rule, from, to, classOf, needsUserKeys = false, count }: DayCount<Cells>,
  signal?: AbortSignal,
): { days: ReadonlyMap<number, Cells>; daysCounted: number } {
  const around = Math.ceil(rule.windowMs / dayMs) + Math.ceil(skewMsMax / dayMs);
  const versions = dayVersions(folder);
  const stampOf = (day: number): string => stampAround(versions, day, around);
  const cache = new DayCache<Cells>(folder, name);
  try {
    cache.use();
    const days = new Map<number, Cells>();
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
      const [names, people] = [new Names(), new Names()];
      const loaded = loadDays(folder, [first - around, last + around], names, {
        classOf,
        people: needsUserKeys ? people : undefined,
      });
      const counted = count(loaded, [first, last], names, people);
      const wanted = new Map([...counted].filter(([day]) => missing.includes(day)));
      for (const [day, cells] of wanted) days.set(day, cells);
      cache.store(wanted, stampOf);
    }
    return { days: new Map([...days].toSorted(([a], [b]) => a - b)), daysCounted: missing.length };
  } finally {
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
