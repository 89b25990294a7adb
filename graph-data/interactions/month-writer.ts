import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import type { DataFolder } from '../data-folder.ts';
import { type Database, DatabaseFile, LookupCache } from '../database/index.ts';
import { removeLeftoversOf } from '../durable-files.ts';
import { type Interaction, contentId, dayMs, dayOf } from './interaction.ts';
import { orMonthError } from './month-errors.ts';
import { addQueries, hasQueries, openMonth } from './month-files.ts';
import { type Month, monthFile } from './month-names.ts';

/** Every row looks up its pin, and a list its user: some 200,000 and 50,000 short keys. The others repeat soon or not at all. */
const cacheBytes = { users: 2 ** 23, pins: 2 ** 25, names: 2 ** 20, lists: 2 ** 21 } as const;
/** Pages of the log that trigger a checkpoint: flooded pages are written once. */
const checkpointPages = 16_000;

/** The writing connection to one month. All methods throw a `DataError` for faults of the disk. */
export class MonthWriter {
  readonly #folder: DataFolder;
  readonly #month: Month;
  readonly #database: Database;
  readonly #file: DatabaseFile;
  readonly #caches: readonly { clear: () => void }[];
  readonly #ids: Readonly<Record<'user' | 'pin' | 'name', (key: string) => number>>;
  readonly #lists: ReturnType<typeof listsOf>;
  readonly #insert;
  readonly #has;
  readonly #stamp;
  readonly #selectDataVersion;
  #dataVersion: unknown;
  readonly #changedDays = new Set<number>();

  constructor(folder: DataFolder, month: Month, busyMs: number) {
    this.#month = month;
    this.#folder = { ...folder, database: monthFile(folder, month) };
    const database = this.#orDataError(() => openMonth(folder, month, busyMs));
    this.#database = database;
    this.#file = new DatabaseFile(this.#folder);
    database.pragma(`wal_autocheckpoint = ${checkpointPages}`);
    const [users, pins, names] = (['users', 'pins', 'names'] as const).map((table) => idsOf(database, table));
    this.#lists = listsOf(database);
    this.#caches = [users!, pins!, names!, this.#lists];
    this.#ids = { user: users!.of, pin: pins!.of, name: names!.of };
    this.#insert = database.prepare(
      `INSERT INTO interactions (day, id, list, pin, kind, at, rank, score, propensity, value)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    this.#has = database.prepare<[number, string]>('SELECT 1 FROM interactions WHERE day = ? AND id = ?');
    this.#stamp = database.prepare<[number, number]>('INSERT OR REPLACE INTO days VALUES (?, ?)');
    this.#selectDataVersion = database.prepare<[], number>('PRAGMA data_version').pluck();
  }

  /** Runs the work in one transaction, which is durable when this returns. */
  transact<Result>(work: () => Result): Result {
    const database = this.#database;
    return this.#orDataError(() => {
      this.#file.assertInPlace();
      try {
        database.exec('BEGIN IMMEDIATE');
        this.#refresh();
        const result = work();
        for (const day of this.#changedDays) this.#stamp.run(day, randomInt(2 ** 47));
        database.exec('COMMIT');
        this.#file.assertInPlace();
        return result;
      } catch (error) {
        if (database.inTransaction) database.exec('ROLLBACK');
        this.#dataVersion = undefined;
        throw error;
      } finally {
        this.#changedDays.clear();
      }
    });
  }

  /** Within {@link transact}: adds an interaction of this month; false if it is stored. */
  add(of: Interaction, at: number): boolean {
    const day = dayOf(at);
    const { name, pin } = this.#ids;
    const { rank = null, score = null, propensity = null, value = null } = of;
    const { changes } = this.#insert.run(
      day,
      of.id ?? contentId(of, at),
      this.#listOf(of),
      of.pin === undefined ? 0 : pin(of.pin),
      name(of.kind),
      at - day * dayMs,
      rank,
      score,
      propensity,
      value,
    );
    if (changes > 0) this.#changedDays.add(day);
    return changes > 0;
  }

  /** The list of an interaction: most follow one of the same list. */
  #listOf(of: Interaction): number {
    const { last } = this.#lists;
    if (last !== undefined && isSameList(last.of, of)) return last.id;
    const { user, name } = this.#ids;
    const nameOr0 = (key: string | undefined): number => (key === undefined ? 0 : name(key));
    const names = [nameOr0(of.surface), nameOr0(of.pipeline), nameOr0(of.arm)] as const;
    const id = this.#lists.of(of.recommendationId ?? '', user(of.user), ...names);
    this.#lists.last = { of, id };
    if (of.query !== undefined) this.#addQuery(id, of.query);
    return id;
  }

  /** A list was found by one query: the first one stays. */
  #addQuery(list: number, query: string): void {
    addQueries(this.#database);
    this.#database
      .prepare<[number, string]>('INSERT INTO queries VALUES (?, ?) ON CONFLICT DO NOTHING')
      .run(list, query);
  }

  /** Whether an interaction with this id of the application is stored. */
  has(id: string, day: number): boolean {
    return this.#has.get(day, id) !== undefined;
  }

  /** Deletes all rows of a person, and every copy of them in this file. Returns their number. O(month) if there are any. */
  erase(key: string): number {
    const database = this.#database;
    const of = database.prepare<[string], number>('SELECT id FROM users WHERE key = ?').pluck();
    const user = this.#orDataError(() => of.get(key));
    if (user === undefined) return 0;
    const rows = this.transact(() => {
      // No index has rows by list: one scan.
      const days = database
        .prepare<[number], number>(
          'DELETE FROM interactions WHERE list IN (SELECT id FROM lists WHERE user = ?) RETURNING day',
        )
        .pluck()
        .all(user);
      for (const day of days) this.#changedDays.add(day);
      if (hasQueries(database)) {
        database
          .prepare<[number]>('DELETE FROM queries WHERE list IN (SELECT id FROM lists WHERE user = ?)')
          .run(user);
      }
      database.prepare<[number]>('DELETE FROM lists WHERE user = ?').run(user);
      database.prepare<[number]>('DELETE FROM users WHERE id = ?').run(user);
      return days.length;
    });
    this.#rewrite();
    return rows;
  }

  /** Deletes the rows of all days before one, and what only they named. Returns their number. O(month) if there are any. */
  dropBefore(day: number): number {
    const database = this.#database;
    const rows = this.transact(() => {
      const { changes } = database.prepare<[number]>('DELETE FROM interactions WHERE day < ?').run(day);
      if (changes === 0) return 0;
      database.exec(`
        DELETE FROM lists WHERE id NOT IN (SELECT list FROM interactions);
        DELETE FROM users WHERE id NOT IN (SELECT user FROM lists);
        DELETE FROM pins WHERE id NOT IN (SELECT pin FROM interactions);
      `);
      if (hasQueries(database)) database.exec('DELETE FROM queries WHERE list NOT IN (SELECT id FROM lists)');
      database.prepare<[number]>('DELETE FROM days WHERE day < ?').run(day);
      return changes;
    });
    if (rows > 0) this.#rewrite();
    return rows;
  }

  close(): void {
    this.#database.close();
  }

  /** SQLite leaves copies of rows where it moved them between pages, and in its log. */
  #rewrite(): void {
    this.#clear();
    this.#orDataError(() => {
      this.#database.exec('VACUUM');
      this.#database.pragma('wal_checkpoint(TRUNCATE)');
    });
  }

  #clear(): void {
    for (const cache of this.#caches) cache.clear();
  }

  /** Discards cached ids after another connection has written, or a transaction has failed. */
  #refresh(): void {
    const version = this.#selectDataVersion.get();
    if (version === this.#dataVersion) return;
    this.#clear();
    this.#dataVersion = version;
  }

  #orDataError<Result>(work: () => Result): Result {
    return orMonthError(this.#folder, this.#month, work);
  }
}

/** Deletes a month, also a second name that a killed creation left of it. Durable once the folder is synced. */
export function deleteMonth(folder: DataFolder, month: Month): void {
  const file = monthFile(folder, month);
  removeLeftoversOf(file);
  for (const ending of ['', '-wal', '-shm']) rmSync(`${file}${ending}`, { force: true });
}

/** Whether all days of a month are before one. */
export function endsBefore(month: Month, day: number): boolean {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return Date.UTC(year, number) / dayMs <= day;
}

interface Ids<Key extends readonly unknown[]> {
  readonly of: (...key: Key) => number;
  readonly clear: () => void;
}

function idsOf(database: Database, table: 'users' | 'pins' | 'names'): Ids<[string]> {
  const select = database.prepare<[string], number>(`SELECT id FROM ${table} WHERE key = ?`).pluck();
  const insert = database.prepare<[string]>(`INSERT INTO ${table} (key) VALUES (?)`);
  const cache = new LookupCache<number>(
    (key) => select.get(key) ?? Number(insert.run(key).lastInsertRowid),
    () => '',
    cacheBytes[table],
  );
  return { of: (key) => cache.get(key)!, clear: () => cache.clear() };
}

function isSameList(a: Interaction, b: Interaction): boolean {
  return (
    a.recommendationId === b.recommendationId &&
    a.user === b.user &&
    a.surface === b.surface &&
    a.pipeline === b.pipeline &&
    a.arm === b.arm &&
    a.query === b.query
  );
}

interface Lists extends Ids<[string, number, number, number, number]> {
  /** The list of the last interaction. */
  last: { readonly of: Interaction; readonly id: number } | undefined;
}

function listsOf(database: Database): Lists {
  type Fields = [string, number, number, number, number];
  const select = database
    .prepare<Fields, number>(
      'SELECT id FROM lists WHERE recommendation = ? AND user = ? AND surface = ? AND pipeline = ? AND arm = ?',
    )
    .pluck();
  const insert = database.prepare<Fields>(
    'INSERT INTO lists (recommendation, user, surface, pipeline, arm) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const cache = new LookupCache<number>(
    () => undefined,
    () => '',
    cacheBytes.lists,
  );
  const lists: Lists = {
    last: undefined,
    of: (...fields) => {
      const key = fields.join('\0');
      let id = cache.get(key);
      if (id === undefined) {
        // Most are new: looking first would find nothing.
        const { changes, lastInsertRowid } = insert.run(...fields);
        id = changes > 0 ? Number(lastInsertRowid) : select.get(...fields)!;
        cache.set(key, id);
      }
      return id;
    },
    clear: () => {
      cache.clear();
      lists.last = undefined;
    },
  };
  return lists;
}
