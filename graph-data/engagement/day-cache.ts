import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import type { DataFolder } from '../data-folder.ts';
import { type Database, isStorageError, storageFaultOf } from '../database/index.ts';
import { interactionsFolder } from '../interactions/index.ts';

/** Rules whose days are kept: those used last. */
const rulesMax = 32;
const version = 3;

/**
 * The counted days of former reports, in a file that may be deleted at any time: an erasure does. A day counts as long as its
 * stamp is that of the rows on which it depends. A damaged file is replaced; while another process writes to it, days are
 * counted without it.
 */
export class DayCache<Cells> {
  readonly #file: string;
  readonly #rule: string;
  #database: Database | undefined;

  constructor(folder: DataFolder, rule: string) {
    this.#rule = rule;
    this.#file = path.join(interactionsFolder(folder), 'reports.db');
    if (!existsSync(interactionsFolder(folder))) return;
    this.#database = new SqliteDatabase(this.#file, { timeout: 5_000 });
    this.#try((database) => {
      database.pragma('secure_delete = ON');
      if (database.pragma('user_version', { simple: true }) === version) return;
      database.exec(`
        BEGIN IMMEDIATE;
        DROP TABLE IF EXISTS days;
        DROP TABLE IF EXISTS rules;
        -- used: a rule with a larger number was used later.
        CREATE TABLE rules (rule TEXT PRIMARY KEY, used INTEGER NOT NULL) WITHOUT ROWID, STRICT;
        CREATE TABLE days (
          rule TEXT NOT NULL, day INTEGER NOT NULL, stamp TEXT NOT NULL, cells TEXT NOT NULL, PRIMARY KEY (rule, day)
        ) WITHOUT ROWID, STRICT;
        PRAGMA user_version = ${version};
        COMMIT;
      `);
    });
  }

  find(day: number, stamp: string): Cells | undefined {
    return this.#try((database) => {
      const cells = database
        .prepare<[string, number, string], string>(
          'SELECT cells FROM days WHERE rule = ? AND day = ? AND stamp = ?',
        )
        .pluck()
        .get(this.#rule, day, stamp);
      return cells === undefined ? undefined : (JSON.parse(cells) as Cells);
    });
  }

  store(days: ReadonlyMap<number, Cells>, stampOf: (day: number) => string): void {
    this.#try((database) => {
      const insert = database.prepare<[string, number, string, string]>(
        'INSERT OR REPLACE INTO days VALUES (?, ?, ?, ?)',
      );
      const write = database.transaction(() => {
        for (const [day, cells] of days) insert.run(this.#rule, day, stampOf(day), JSON.stringify(cells));
      });
      write.immediate();
    });
  }

  /** Notes that the rule is used now, and forgets the days of the least recently used rules. */
  use(): void {
    this.#try((database) => {
      const isLast = 'SELECT rule = ? FROM rules ORDER BY used DESC LIMIT 1';
      if (database.prepare<[string], number>(isLast).pluck().get(this.#rule) === 1) return;
      const write = database.transaction(() => {
        database
          .prepare<[string]>('INSERT OR REPLACE INTO rules SELECT ?, 1 + ifnull(max(used), 0) FROM rules')
          .run(this.#rule);
        database
          .prepare<[number]>(
            'DELETE FROM rules WHERE rule NOT IN (SELECT rule FROM rules ORDER BY used DESC LIMIT ?)',
          )
          .run(rulesMax);
        database.exec('DELETE FROM days WHERE rule NOT IN (SELECT rule FROM rules)');
      });
      write.immediate();
    });
  }

  close(): void {
    this.#database?.close();
    this.#database = undefined;
  }

  #try<Result>(work: (database: Database) => Result): Result | undefined {
    if (this.#database === undefined) return undefined;
    try {
      return work(this.#database);
    } catch (error) {
      this.close();
      // Anything but an error of SQLite comes from cells that are no JSON.
      if (storageFaultOf(error) === 'damaged' || error instanceof SyntaxError)
        for (const ending of ['', '-journal']) rmSync(`${this.#file}${ending}`, { force: true });
      else if (!isStorageError(error)) throw error;
      return undefined;
    }
  }
}
