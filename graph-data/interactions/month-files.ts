import { closeSync, existsSync, linkSync, mkdirSync, openSync, rmSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';
import type { DataFolder } from '../data-folder.ts';
import type { Database } from '../database/index.ts';
import {
  partialSuffix,
  privateFolderMode,
  privateMode,
  removeLeftovers,
  syncFolder,
} from '../durable-files.ts';
import { DataError } from '../errors.ts';
import { damagedMonth, orMonthError } from './month-errors.ts';
import { type Month, type MonthFolder, interactionsFolder, monthFile } from './month-names.ts';

const schemaVersion = 1;
/** The version of a month with queries, since an earlier pinwalk would not erase them with the person. */
const queriesVersion = 2;
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

/** Typed queries, by list: only in months with queries. */
const queriesSchema = `
  CREATE TABLE queries (list INTEGER PRIMARY KEY REFERENCES lists (id), text TEXT NOT NULL) STRICT;
  PRAGMA user_version = ${queriesVersion};
`;

/** Whether anybody's query is stored in a month. */
export function hasQueries(database: Database): boolean {
  return database.pragma('user_version', { simple: true }) === queriesVersion;
}

/** Within a transaction: lets a month store queries. */
export function addQueries(database: Database): void {
  if (!hasQueries(database)) database.exec(queriesSchema);
}

/** Opens a month for writing, and creates it if it is missing. Full sync: commits survive a crash. */
export function openMonth(folder: DataFolder, month: Month, busyMs: number): Database {
  const file = monthFile(folder, month);
  if (!existsSync(file)) createMonth(folder, file);
  const database = new SqliteDatabase(file, { timeout: busyMs, fileMustExist: true });
  try {
    assertMonth(database, month);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = OFF');
    database.pragma('secure_delete = ON');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Under another name until it has its tables: a month without a byte has lost them. Another process may create it first. */
function createMonth(folder: DataFolder, file: string): void {
  mkdirSync(interactionsFolder(folder), { recursive: true, mode: privateFolderMode });
  const partial = `${file}.${process.pid}${partialSuffix}`;
  // Of any month: a process that is killed after the link leaves a second name of a month that exists.
  removeLeftovers(interactionsFolder(folder));
  rmSync(partial, { force: true });
  try {
    closeSync(openSync(partial, 'wx', privateMode));
    const database = new SqliteDatabase(partial);
    database.pragma('synchronous = FULL');
    database.exec(`BEGIN; ${schema}; COMMIT`);
    database.close();
    linkSync(partial, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(partial, { force: true });
  }
  syncFolder(interactionsFolder(folder));
  syncFolder(folder.root);
}

/** Opens a stored month for reading, as writers leave it. Throws as {@link orMonthError} does. */
export function readMonth(folder: MonthFolder, month: Month): Database {
  return orMonthError(folder, month, () => {
    const options = { readonly: true, fileMustExist: true, timeout: 5_000 };
    const database = new SqliteDatabase(monthFile(folder, month), options);
    try {
      assertMonth(database, month);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/** Opens a stored month, and closes it after the work. Throws as {@link orMonthError} does. */
export function inMonth<Result>(
  folder: MonthFolder,
  month: Month,
  work: (database: Database) => Result,
): Result {
  const database = readMonth(folder, month);
  try {
    return orMonthError(folder, month, () => work(database));
  } finally {
    database.close();
  }
}

/** Throws `interactions-damaged`, or `data-folder-unusable` for a month of a newer pinwalk. */
function assertMonth(database: Database, month: Month): void {
  if (database.pragma('application_id', { simple: true }) !== applicationId) {
    const isEmpty = database.pragma('page_count', { simple: true }) === 0;
    throw damagedMonth(month, isEmpty ? 'the file is empty' : 'the file is of another program');
  }
  const version = Number(database.pragma('user_version', { simple: true }));
  if (version === schemaVersion || version === queriesVersion) return;
  const fault = `has schema version ${version}, and this pinwalk supports ${queriesVersion}: use a newer one`;
  throw new DataError('data-folder-unusable', `interactions/${month}.db ${fault}`);
}
