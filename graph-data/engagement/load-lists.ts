import type { Database } from '../database/index.ts';
import { KeyTable } from '../import/index.ts';
import { type Names, groupOf } from './names.ts';

/** By list: numbers of `Names`, and the group of its person. */
export interface ListColumns {
  readonly surfaces: Int32Array;
  readonly pipelines: Int32Array;
  readonly arms: Int32Array;
  readonly groups: Uint8Array;
}

export function newListColumns(count: number): ListColumns {
  return {
    surfaces: new Int32Array(count),
    pipelines: new Int32Array(count),
    arms: new Int32Array(count),
    groups: new Uint8Array(count),
  };
}

/** Numbers of keys across months, from 1. */
export class Keys {
  readonly #table = new KeyTable();
  #last = 0;

  of(key: string): number {
    const known = this.#table.get(key);
    if (known >= 0) return known;
    this.#table.add(key, ++this.#last);
    return this.#last;
  }
}

export interface LogKeys {
  readonly users: Pick<Keys, 'of'>;
  readonly pins: Keys;
  readonly recommendations: Keys;
}

/** The lists of a month by their ids in it: indexes into {@link ListColumns}, and numbers of what their rows share. */
export interface MonthLists {
  readonly count: number;
  readonly indexes: Int32Array;
  readonly users: Int32Array;
  /** 0: none. */
  readonly recommendations: Int32Array;
}

type ListRow = [
  id: number,
  user: number,
  recommendation: string,
  surface: number,
  pipeline: number,
  arm: number,
];

/** Reads the lists of a month to `start` and after it. O(lists). */
export function readLists(
  month: Database,
  byList: ListColumns,
  start: number,
  keys: LogKeys,
  names: Names,
): MonthLists {
  const own = numbersOf(month, 'names', (key) => names.of(key));
  const groups = numbersOf(month, 'users', groupOf);
  const numbers = numbersOf(month, 'users', (key) => keys.users.of(key));
  const size = largestId(month, ['lists']) + 1;
  const [indexes, users, recommendations] = [
    new Int32Array(size),
    new Int32Array(size),
    new Int32Array(size),
  ];
  const rows = month
    .prepare<[], ListRow>('SELECT id, user, recommendation, surface, pipeline, arm FROM lists')
    .raw();
  let index = start;
  for (const [id, user, recommendation, surface, pipeline, arm] of rows.iterate()) {
    indexes[id] = index;
    users[id] = numbers[user]!;
    if (recommendation !== '') recommendations[id] = keys.recommendations.of(recommendation);
    byList.surfaces[index] = own[surface]!;
    byList.pipelines[index] = own[pipeline]!;
    byList.arms[index] = own[arm]!;
    byList.groups[index] = groups[user]!;
    index++;
  }
  return { count: index - start, indexes, users, recommendations };
}

/** The numbers of the keys of a table, by their ids in the month. The id 0, for a missing key, has 0. */
export function numbersOf(
  month: Database,
  table: 'users' | 'pins' | 'names',
  of: (key: string) => number,
): Int32Array {
  const numbers = new Int32Array(largestId(month, [table]) + 1);
  const rows = month.prepare<[], [number, string]>(`SELECT id, key FROM ${table}`).raw();
  for (const [id, key] of rows.iterate()) numbers[id] = of(key);
  return numbers;
}

const tables = ['users', 'pins', 'names', 'lists'] as const;

/** The largest id of some tables of a month. */
export function largestId(month: Database, of: readonly (typeof tables)[number][] = tables): number {
  const max = (table: string): number =>
    month.prepare<[], number | null>(`SELECT max(id) FROM ${table}`).pluck().get() ?? 0;
  return Math.max(...of.map(max));
}
