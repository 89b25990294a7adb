import { closeSync, existsSync, mkdirSync, openSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import type { DataFolder } from '../data-folder.ts';
import type { Database } from '../database/index.ts';
import { privateFolderMode, privateMode, syncFolder } from '../durable-files.ts';
import { DataError } from '../errors.ts';

/** A calendar month, UTC: `2026-11`. */
export type Month = string;

/** The months of stored interactions are the files of this folder. */
export function interactionsFolder({ root }: Pick<DataFolder, 'root'>): string {
  return path.join(root, 'interactions');
}

export function monthFile(folder: Pick<DataFolder, 'root'>, month: Month): string {
  return path.join(interactionsFolder(folder), `${month}.db`);
}

export function monthOf(time: number): Month {
  return new Date(time).toISOString().slice(0, 7);
}

/** First day of a month, in days since 1970. */
export function firstDayOf(month: Month): number {
  return Date.parse(`${month}-01T00:00:00Z`) / 86_400_000;
}

/** The stored months, in order. A file without a byte holds nothing. */
export function listMonths(folder: Pick<DataFolder, 'root'>): Month[] {
  const all = interactionsFolder(folder);
  if (!existsSync(all)) return [];
  return readdirSync(all)
    .flatMap((name) => /^(\d{4}-\d{2})\.db$/.exec(name)?.[1] ?? [])
    .filter((month) => statSync(monthFile(folder, month)).size > 0)
    .toSorted();
}

const schemaVersion = 1;
/** "pinI". */
const applicationId = 0x70696e49;

/**
 * What most rows share is stored once: keys, names, and the list that an interaction belongs to. 0 stands for a missing name
 * and a missing pin. Rows lie in the order of days and ids: a day is read as one range, and an id is found without an index of
 * its own.
 */
const schema = `
  CREATE TABLE users (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE pins (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE) STRICT;
  -- Of kinds, surfaces, pipelines and arms. 1 is the kind of impressions.
  CREATE TABLE names (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE) STRICT;
  INSERT INTO names VALUES (1, 'impression');

  CREATE TABLE lists (
    id INTEGER PRIMARY KEY,
    recommendation TEXT NOT NULL,
    user INTEGER NOT NULL REFERENCES users (id),
    surface INTEGER NOT NULL,
    pipeline INTEGER NOT NULL,
    arm INTEGER NOT NULL,
    UNIQUE (recommendation, user, surface, pipeline, arm)
  ) STRICT;

  -- id: a text is the application's, 16 bytes are ours. at: milliseconds within the day.
  CREATE TABLE interactions (
    day INTEGER NOT NULL,
    id ANY NOT NULL,
    list INTEGER NOT NULL REFERENCES lists (id),
    pin INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    at INTEGER NOT NULL,
    rank INTEGER,
    score REAL,
    propensity REAL,
    value REAL,
    PRIMARY KEY (day, id)
  ) WITHOUT ROWID, STRICT;

  -- version: random, changes with the rows of the day.
  CREATE TABLE days (day INTEGER PRIMARY KEY, version INTEGER NOT NULL) STRICT;

  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${schemaVersion};
`;

/** Opens a month for writing, and creates it if it is missing. Full sync: what is committed survives a crash. */
export function openMonth(folder: DataFolder, month: Month, busyMs: number): Database {
  const file = monthFile(folder, month);
  if (!existsSync(file)) {
    mkdirSync(interactionsFolder(folder), { recursive: true, mode: privateFolderMode });
    closeSync(openSync(file, 'a', privateMode));
    syncFolder(interactionsFolder(folder));
    syncFolder(folder.root);
  }
  const database = new SqliteDatabase(file, { timeout: busyMs });
  try {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = OFF');
    database.pragma('secure_delete = ON');
    const create = database.transaction(() => {
      if (database.prepare('SELECT 1 FROM sqlite_master').get() === undefined) database.exec(schema);
    });
    create.immediate();
    assertMonth(database, file);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Opens a stored month for reading, as writers leave it. */
export function readMonth(folder: Pick<DataFolder, 'root'>, month: Month): Database {
  const file = monthFile(folder, month);
  const database = new SqliteDatabase(file, { readonly: true, fileMustExist: true, timeout: 5_000 });
  assertMonth(database, file);
  return database;
}

/** Throws `data-folder-unusable`. */
function assertMonth(database: Database, file: string): void {
  const isOurs = database.pragma('application_id', { simple: true }) === applicationId;
  const version = Number(database.pragma('user_version', { simple: true }));
  if (isOurs && version === schemaVersion) return;
  const fault = isOurs
    ? `has schema version ${version}, and this pinwalk supports ${schemaVersion}: use a newer one`
    : 'is a database of another program';
  throw new DataError('data-folder-unusable', `${file} ${fault}`);
}
