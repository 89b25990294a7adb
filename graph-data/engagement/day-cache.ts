import { existsSync } from 'node:fs';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import type { DataFolder } from '../data-folder.ts';
import type { Database } from '../database/index.ts';
import { interactionsFolder } from '../interactions/index.ts';
import type { DayCells } from './day-cells.ts';

/** Rules whose days are kept. */
const rulesMax = 8;
const version = 1;

/**
 * The counted days of former reports, in a file that may be deleted at any time: an erasure does. A day counts as long as its
 * stamp is that of the rows on which it depends.
 */
export class DayCache {
  readonly #database: Database;
  readonly #rule: string;
  readonly #select;
  readonly #insert;

  constructor(folder: DataFolder, rule: string) {
    this.#rule = rule;
    const file = path.join(interactionsFolder(folder), 'reports.db');
    const isIn = existsSync(interactionsFolder(folder));
    const database = new SqliteDatabase(isIn ? file : ':memory:', { timeout: 5_000 });
    this.#database = database;
    database.pragma('secure_delete = ON');
    if (database.pragma('user_version', { simple: true }) !== version) {
      database.exec(`
        BEGIN IMMEDIATE;
        DROP TABLE IF EXISTS days;
        CREATE TABLE days (
          rule TEXT NOT NULL, day INTEGER NOT NULL, stamp TEXT NOT NULL, cells TEXT NOT NULL, PRIMARY KEY (rule, day)
        ) WITHOUT ROWID, STRICT;
        PRAGMA user_version = ${version};
        COMMIT;
      `);
    }
    this.#select = database
      .prepare<[string, number, string], string>(
        'SELECT cells FROM days WHERE rule = ? AND day = ? AND stamp = ?',
      )
      .pluck();
    this.#insert = database.prepare<[string, number, string, string]>(
      'INSERT OR REPLACE INTO days VALUES (?, ?, ?, ?)',
    );
  }

  find(day: number, stamp: string): DayCells | undefined {
    const cells = this.#select.get(this.#rule, day, stamp);
    return cells === undefined ? undefined : (JSON.parse(cells) as DayCells);
  }

  store(days: ReadonlyMap<number, DayCells>, stampOf: (day: number) => string): void {
    const database = this.#database;
    const write = database.transaction(() => {
      for (const [day, cells] of days) this.#insert.run(this.#rule, day, stampOf(day), JSON.stringify(cells));
      const rules = database.prepare<[], string>('SELECT DISTINCT rule FROM days').pluck().all();
      const others = rules.filter((rule) => rule !== this.#rule).slice(rulesMax - 1);
      for (const rule of others) database.prepare<[string]>('DELETE FROM days WHERE rule = ?').run(rule);
    });
    write.immediate();
  }

  close(): void {
    this.#database.close();
  }
}
