import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, linkSync, openSync, rmSync } from 'node:fs';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import type { DataFolder } from '../data-folder.ts';
import { type Database, asDataError, storageFaultOf } from '../database/index.ts';
import { partialSuffix, privateMode, syncFolder } from '../durable-files.ts';
import { DataError } from '../errors.ts';

export type Root = Pick<DataFolder, 'root'>;

const schemaVersion = 1;
/** "pinN". */
const applicationId = 0x70696e4e;

const schema = `
  CREATE TABLE channels (
    user TEXT NOT NULL,
    kind TEXT NOT NULL,
    channelId TEXT NOT NULL UNIQUE,
    address TEXT NOT NULL,
    consent INTEGER NOT NULL,
    consentAt INTEGER NOT NULL,
    timeZone TEXT NOT NULL,
    quietStart INTEGER,
    quietEnd INTEGER,
    perDay INTEGER,
    perWeek INTEGER,
    minGapMinutes INTEGER,
    language TEXT NOT NULL,
    unreachableAt INTEGER,
    PRIMARY KEY (user, kind)
  ) WITHOUT ROWID, STRICT;

  CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    user TEXT NOT NULL,
    channel TEXT NOT NULL,
    campaign TEXT NOT NULL,
    window TEXT NOT NULL,
    pins TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    link TEXT,
    image TEXT,
    language TEXT NOT NULL,
    state TEXT NOT NULL,
    notBefore INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    createdAt INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    leaseUntil INTEGER,
    transactionId TEXT,
    claimedAt INTEGER,
    sentAt INTEGER,
    readAt INTEGER,
    suppressedBy TEXT,
    failure TEXT,
    journal TEXT NOT NULL,
    UNIQUE (user, campaign, window)
  ) WITHOUT ROWID, STRICT;

  CREATE INDEX outbox_pending ON outbox (notBefore, id) WHERE state = 'pending';
  CREATE INDEX outbox_held ON outbox (notBefore, id) WHERE state = 'held';
  CREATE INDEX outbox_claimed ON outbox (leaseUntil) WHERE state = 'claimed';
  CREATE INDEX outbox_used ON outbox (user, channel, claimedAt) WHERE claimedAt IS NOT NULL;
  CREATE INDEX outbox_created ON outbox (createdAt);

  -- One row: what signs links. Its links are valid as long as this file is.
  CREATE TABLE secrets (links BLOB NOT NULL) STRICT;

  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${schemaVersion};
`;

/** The file of channels and notifications: created with the first channel. */
export function notificationsFile({ root }: Root): string {
  return path.join(root, 'notifications.db');
}

/** Whether a person was ever given a channel. Without, nothing of notifications is opened. */
export function hasNotifications(folder: Root): boolean {
  return existsSync(notificationsFile(folder));
}

/** Opens the file for writing. Full sync: what is committed survives a crash. Throws as {@link orFileError} does. */
export function openNotifications(folder: Root, busyMs: number): Database {
  const file = notificationsFile(folder);
  return orFileError(folder, () => {
    if (!existsSync(file)) createFile(folder);
    return opened(file, { timeout: busyMs }, (database) => {
      database.pragma('journal_mode = WAL');
      database.pragma('synchronous = FULL');
      database.pragma('secure_delete = ON');
    });
  });
}

/** Reads the file, and closes it again; undefined while there is none. Throws as {@link orFileError} does. */
export function inNotifications<Result>(
  folder: Root,
  read: (database: Database) => Result,
): Result | undefined {
  if (!hasNotifications(folder)) return undefined;
  const database = readOnly(folder);
  try {
    return orFileError(folder, () => read(database));
  } finally {
    database.close();
  }
}

/** Opens the file for reading. Throws as {@link orFileError} does. */
export function readOnly(folder: Root): Database {
  return orFileError(folder, () => opened(notificationsFile(folder), { readonly: true, timeout: 5_000 }));
}

function opened(
  file: string,
  options: SqliteDatabase.Options,
  prepare: (database: Database) => void = () => {},
): Database {
  const database = new SqliteDatabase(file, { ...options, fileMustExist: true });
  try {
    assertOwn(database);
    prepare(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Under another name until it has its tables: a file without a byte has lost them. Another process may create it first. */
function createFile(folder: Root): void {
  const file = notificationsFile(folder);
  const partial = `${file}.${process.pid}${partialSuffix}`;
  rmSync(partial, { force: true });
  try {
    closeSync(openSync(partial, 'wx', privateMode));
    const database = new SqliteDatabase(partial);
    database.pragma('synchronous = FULL');
    database.exec(`BEGIN; ${schema}`);
    database.prepare('INSERT INTO secrets VALUES (?)').run(randomBytes(32));
    database.exec('COMMIT');
    database.close();
    linkSync(partial, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(partial, { force: true });
  }
  syncFolder(folder.root);
}

/** Throws `notifications-damaged`, or `data-folder-unusable` for a file of a newer pinwalk. */
function assertOwn(database: Database): void {
  if (database.pragma('application_id', { simple: true }) !== applicationId) {
    const isEmpty = database.pragma('page_count', { simple: true }) === 0;
    throw damaged(isEmpty ? 'the file is empty' : 'the file is of another program');
  }
  const version = Number(database.pragma('user_version', { simple: true }));
  if (version === schemaVersion) return;
  const fault = `has schema version ${version}, and this pinwalk supports ${schemaVersion}: use a newer one`;
  throw new DataError('data-folder-unusable', `notifications.db ${fault}`);
}

/** The message has no path: responses contain it. */
function damaged(fault: string, cause?: unknown): DataError {
  return new DataError(
    'notifications-damaged',
    `channels and notifications are damaged (${fault}): stop the server, then restore notifications.db from a backup; ` +
      'deleting it with its -wal and -shm would forget who said no',
    { cause },
  );
}

/** Runs work on the file. Turns errors of SQLite into a {@link DataError} that names the remedy. */
export function orFileError<Result>(folder: Root, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof SqliteDatabase.SqliteError)) throw cause;
    if (storageFaultOf(cause) === 'damaged') throw damaged(`${cause.message}, ${cause.code}`, cause);
    throw asDataError({ root: folder.root, database: notificationsFile(folder) }, cause);
  }
}
