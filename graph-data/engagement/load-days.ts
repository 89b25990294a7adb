import type { InteractionColumns } from '../../engine/index.ts';
import type { DataFolder } from '../data-folder.ts';
import type { Database } from '../database/index.ts';
import { KeyTable } from '../import/index.ts';
import { firstDayOf, listMonths, readMonth } from '../interactions/index.ts';
import { type Names, dayMs, groupOf, rankMax } from './names.ts';

/** The interactions of some days, with numbers for everything that they name. */
export interface LoadedDays extends InteractionColumns {
  /** By row. */
  readonly lists: Int32Array;
  readonly kinds: Int32Array;
  /** 0: none; at most {@link rankMax} + 1. */
  readonly ranks: Int32Array;
  readonly values: Float64Array;
  /** By list: numbers of `names`, and the group of its person. */
  readonly byList: readonly { surface: number; pipeline: number; arm: number; group: number }[];
}

/** Rows of a page, at most about 1 MB of text. */
const pageRows = 20_000;
/** In a packed number, the milliseconds within the day are lowest, and the kind is highest: 20 bits are left for it. */
const atBits = 2 ** 27;
const rankBits = 2 ** 6;

/**
 * A page of a day's rows as four lists of numbers in JSON, and the last id: JSON.parse takes two thirds of the time that a row
 * object each does (0.60 against 0.92 µs a row).
 */
const pageSql = `
  SELECT json_group_array(list), json_group_array(pin),
    json_group_array((kind * ${rankBits} + min(coalesce(rank, 0), ${rankMax + 1})) * ${atBits} + at), json_group_array(coalesce(value, 0)), max(id)
  FROM (SELECT * FROM interactions WHERE day = ? AND id > ? ORDER BY id LIMIT ${pageRows})`;
type Page = [lists: string, pins: string, packed: string, values: string, last: string | Uint8Array | null];

type ListRow = [number, string, string, number, number, number];

/** Reads the interactions of the days from `first` to `last`, both included. O(their rows, plus lists of their months). */
export function loadDays(folder: DataFolder, first: number, last: number, names: Names): LoadedDays {
  const months = listMonths(folder).filter((month) => {
    const from = firstDayOf(month);
    return from <= last && from + 31 > first;
  });
  const open = months.map((month) => readMonth(folder, month));
  try {
    // One moment for the count and the rows.
    for (const month of open) month.exec('BEGIN');
    const countOf = (month: Database): number =>
      month
        .prepare<[number, number], number>('SELECT count(*) FROM interactions WHERE day BETWEEN ? AND ?')
        .pluck()
        .get(first, last)!;
    const count = open.reduce((sum, month) => sum + countOf(month), 0);
    const loaded = {
      count,
      isImpression: new Uint8Array(count),
      users: new Int32Array(count),
      pins: new Int32Array(count),
      recommendations: new Int32Array(count),
      times: new Float64Array(count),
      lists: new Int32Array(count),
      kinds: new Int32Array(count),
      ranks: new Int32Array(count),
      values: new Float64Array(count),
      byList: [] as { surface: number; pipeline: number; arm: number; group: number }[],
    };
    const keys = { users: new Keys(), pins: new Keys(), recommendations: new Keys() };
    let row = 0;
    for (const month of open) row = readMonthInto(month, [first, last], loaded, row, keys, names);
    return loaded;
  } finally {
    for (const month of open) month.close();
  }
}

/** Numbers of keys across months, from 1. */
class Keys {
  readonly #table = new KeyTable();
  #last = 0;

  of(key: string): number {
    const known = this.#table.get(key);
    if (known >= 0) return known;
    this.#table.add(key, ++this.#last);
    return this.#last;
  }
}

function readMonthInto(
  month: Database,
  days: [number, number],
  loaded: LoadedDays & { byList: { surface: number; pipeline: number; arm: number; group: number }[] },
  start: number,
  keys: { readonly users: Keys; readonly pins: Keys; readonly recommendations: Keys },
  names: Names,
): number {
  const numbersOf = (table: 'pins' | 'names', of: (key: string) => number): number[] => {
    const numbers = [0];
    for (const [id, key] of month
      .prepare<[], [number, string]>(`SELECT id, key FROM ${table}`)
      .raw()
      .iterate())
      numbers[id] = of(key);
    return numbers;
  };
  const pins = numbersOf('pins', (key) => keys.pins.of(key));
  const own = numbersOf('names', (key) => names.of(key));
  const impression = month.prepare<[], number>("SELECT id FROM names WHERE key = 'impression'").pluck().get();
  const offset = loaded.byList.length;
  const listIds: number[] = [];
  const [users, recommendations]: [number[], number[]] = [[], []];
  const lists = month
    .prepare<[], ListRow>(
      `SELECT lists.id, key, recommendation, surface, pipeline, arm FROM lists CROSS JOIN users ON users.id = user`,
    )
    .raw();
  for (const [id, user, recommendation, surface, pipeline, arm] of lists.iterate()) {
    listIds[id] = loaded.byList.length;
    users.push(keys.users.of(user));
    recommendations.push(recommendation === '' ? 0 : keys.recommendations.of(recommendation));
    loaded.byList.push({
      surface: own[surface]!,
      pipeline: own[pipeline]!,
      arm: own[arm]!,
      group: groupOf(user),
    });
  }
  let i = start;
  const pages = month.prepare<[number, string | Uint8Array], Page>(pageSql).raw();
  for (let day = days[0]; day <= days[1]; day++) {
    // Every id is after an empty text.
    for (let last: string | Uint8Array | null = ''; last !== null;) {
      const page: Page = pages.get(day, last)!;
      const [list, pin, packed, value] = page
        .slice(0, 4)
        .map((json) => JSON.parse(json as string) as number[]);
      for (const [row, id] of list!.entries()) {
        const at = listIds[id]!;
        const high = Math.floor(packed![row]! / atBits);
        const kind = Math.floor(high / rankBits);
        loaded.lists[i] = at;
        loaded.users[i] = users[at - offset]!;
        loaded.recommendations[i] = recommendations[at - offset]!;
        loaded.pins[i] = pins[pin![row]!]!;
        loaded.kinds[i] = own[kind]!;
        loaded.isImpression[i] = kind === impression ? 1 : 0;
        loaded.times[i] = day * dayMs + (packed![row]! % atBits);
        loaded.ranks[i] = high % rankBits;
        loaded.values[i] = value![row]!;
        i++;
      }
      last = list!.length < pageRows ? null : page[4];
    }
  }
  return i;
}
