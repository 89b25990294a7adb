import { createHash } from 'node:crypto';
import { type Rate, rateOf, skewMsMax } from '../../engine/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { stoppedError } from '../errors.ts';
import { dayVersions, rowsOfDay } from '../interactions/index.ts';
import { DayCache } from './day-cache.ts';
import { type Cell, type DayCells, countDays } from './day-cells.ts';
import { loadDays } from './load-days.ts';
import { Names, dayMs, groupCount } from './names.ts';

/** Rows in memory at once, about 60 bytes each, unless a single day and those around it have more. */
const rowsMax = 4_000_000;

export const engagementGroups = ['surface', 'pipeline', 'arm', 'rank', 'day'] as const;
type EngagementGroup = (typeof engagementGroups)[number];

export interface EngagementOptions {
  /** First and last day, both included, of the impressions; of uncredited actions, of the actions. Days since 1970, UTC. */
  readonly from: number;
  readonly to: number;
  /** How long after an impression an action counts. */
  readonly windowHours: number;
  readonly touch: 'last' | 'all';
  /** `impression`: an impression counts once for each kind of action; `none`: every action counts. */
  readonly dedupe: 'impression' | 'none';
  readonly by: EngagementGroup;
  /** Only impressions of these. */
  readonly surface?: string | undefined;
  readonly pipeline?: string | undefined;
  readonly arm?: string | undefined;
}

interface Acted extends Rate {
  /** The kind of the actions. */
  readonly kind: string;
  /** Impressions with such an action. */
  readonly impressions: number;
  /** Such actions, each once for each impression that it is credited to. */
  readonly actions: number;
  /** Sum of their values. */
  readonly value: number;
}

export interface EngagementRow {
  /** The surface, pipeline, arm or day; `null` for impressions that name none. 51 stands for all ranks beyond 50. */
  readonly group: string | null;
  readonly impressions: number;
  readonly actions: readonly Acted[];
}

export interface EngagementReport {
  readonly total: EngagementRow;
  readonly rows: readonly EngagementRow[];
  /** Actions that no impression gets credit for, of all surfaces. */
  readonly uncredited: readonly { readonly kind: string; readonly actions: number }[];
  /** Days that were counted anew: their rows, or those of days around them, had changed. */
  readonly daysCounted: number;
}

/**
 * What people did with what they were shown. The first report of a rule reads all its rows, about 1 µs each; later ones only days
 * whose rows have changed, and the days around them. Throws `stopped` if the signal is aborted.
 */
export function engagementReport(
  folder: DataFolder,
  options: EngagementOptions,
  signal?: AbortSignal,
): EngagementReport {
  const { windowHours, touch, from, to } = options;
  const rule = { windowMs: windowHours * 3_600_000, touch };
  const around = Math.ceil(rule.windowMs / dayMs) + Math.ceil(skewMsMax / dayMs);
  const versions = dayVersions(folder);
  const stampOf = (day: number): string => stampAround(versions, day, around);
  const cache = new DayCache(folder, `${windowHours} ${touch}`);
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
      const loaded = loadDays(folder, first - around, last + around, names);
      const counted = countDays(loaded, [first, last], rule, names);
      const wanted = new Map([...counted].filter(([day]) => missing.includes(day)));
      for (const [day, cells] of wanted) days.set(day, cells);
      cache.store(wanted, stampOf);
    }
    return { ...summarize(days, options), daysCounted: missing.length };
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

function summarize(
  days: ReadonlyMap<number, DayCells>,
  options: EngagementOptions,
): Pick<EngagementReport, 'total' | 'rows' | 'uncredited'> {
  const total = new Sums();
  const groups = new Map<string | null, Sums>();
  const uncredited = new Map<string, number>();
  for (const [day, { cells, uncredited: own }] of [...days].toSorted(([a], [b]) => a - b)) {
    for (const [kind, count] of Object.entries(own))
      uncredited.set(kind, (uncredited.get(kind) ?? 0) + count);
    for (const cell of cells) {
      if (!isWanted(cell, options)) continue;
      const group = groupOfCell(cell, day, options.by);
      const sums = groups.get(group) ?? new Sums();
      groups.set(group, sums);
      sums.add(cell);
      total.add(cell);
    }
  }
  const rows = [...groups]
    .toSorted(([a], [b]) => compare(a, b, options.by))
    .map(([group, sums]) => sums.row(group, options));
  const others = [...uncredited].map(([kind, actions]) => ({ kind, actions }));
  return { total: total.row(null, options), rows, uncredited: others };
}

function isWanted(cell: Cell, options: EngagementOptions): boolean {
  return (['surface', 'pipeline', 'arm'] as const).every(
    (name) => options[name] === undefined || options[name] === cell[name],
  );
}

function groupOfCell(cell: Cell, day: number, by: EngagementGroup): string | null {
  if (by === 'day') return new Date(day * dayMs).toISOString().slice(0, 10);
  if (by !== 'rank') return cell[by];
  return cell.rank === 0 ? null : String(cell.rank);
}

function compare(a: string | null, b: string | null, by: EngagementGroup): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (by === 'rank') return Number(a) - Number(b);
  return a < b ? -1 : 1;
}

/** Sums of cells by group of people. */
class Sums {
  readonly #shown = Array<number>(groupCount).fill(0);
  readonly #kinds = new Map<string, { acted: number[]; actions: number[]; value: number }>();

  add({ shown, kinds }: Cell): void {
    addTo(this.#shown, shown);
    for (const [kind, { acted, actions, value }] of Object.entries(kinds)) {
      const own = this.#kinds.get(kind) ?? {
        acted: Array<number>(groupCount).fill(0),
        actions: Array<number>(groupCount).fill(0),
        value: 0,
      };
      this.#kinds.set(kind, own);
      addTo(own.acted, acted);
      addTo(own.actions, actions);
      own.value += value;
    }
  }

  row(group: string | null, { dedupe }: EngagementOptions): EngagementRow {
    const rates: Acted[] = [];
    for (const [kind, { acted, actions, value }] of [...this.#kinds].toSorted(([a], [b]) =>
      a < b ? -1 : 1,
    )) {
      const isShare = dedupe === 'impression';
      const rate = rateOf(this.#shown, isShare ? acted : actions, isShare);
      const [impressions, count] = [sumOf(acted), sumOf(actions)];
      if (rate !== undefined) rates.push({ kind, impressions, actions: count, value, ...rate });
    }
    return { group, impressions: sumOf(this.#shown), actions: rates };
  }
}

function addTo(sums: number[], more: readonly number[]): void {
  for (let i = 0; i < sums.length; i++) sums[i]! += more[i]!;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
