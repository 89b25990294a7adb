import { existsSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';
import type { DataFolder } from '../data-folder.ts';
import { DataError, messageOf } from '../errors.ts';
import { migrations } from './schema.ts';

export type Database = SqliteDatabase.Database;

/** How long a statement waits for another process's write to end. */
const busyTimeoutMs = 5_000;

/**
 * Opens the data folder's database for reading and writing, makes it when it is missing, and brings its
 * schema up to date. Write-ahead log with full sync: what is committed survives a crash.
 * Throws `data-folder-unusable` when the file is no database of ours or of a newer pinwalk.
 */
export function openDatabase(folder: DataFolder): Database {
  let database: Database | undefined;
  try {
    database = new SqliteDatabase(folder.database, { timeout: busyTimeoutMs });
    // Foreign keys are kept by the writers here, which number every row themselves: a check a save would
    // double the cost of an import.
    database.pragma('foreign_keys = OFF');
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    migrate(database, folder);
    return database;
  } catch (cause) {
    database?.close();
    throw asDataError(folder, cause);
  }
}

/** Makes an empty database when there is none yet. */
export function ensureDatabase(folder: DataFolder): void {
  if (!existsSync(folder.database)) openDatabase(folder).close();
}

/** Opens the database for reading only; undefined when nothing was ever imported. */
export function openDatabaseReadOnly(folder: DataFolder): Database | undefined {
  if (!existsSync(folder.database)) return undefined;
  openDatabase(folder).close(); // brings the schema up to date, and the log of a killed process in
  try {
    return new SqliteDatabase(folder.database, { readonly: true, timeout: busyTimeoutMs });
  } catch (cause) {
    throw asDataError(folder, cause);
  }
}

function migrate(database: Database, folder: DataFolder): void {
  if (isOurs(database) && schemaVersion(database) === migrations.length) return;
  const run = database.transaction(() => {
    const from = schemaVersion(database);
    if (!isOurs(database)) {
      throw new DataError('data-folder-unusable', `${folder.database} is a database of another program`);
    }
    if (from > migrations.length) {
      throw new DataError(
        'data-folder-unusable',
        `the database has schema ${from}, this pinwalk knows up to ${migrations.length}: use a newer pinwalk`,
      );
    }
    for (const migration of migrations.slice(from)) database.exec(migration);
    database.pragma(`user_version = ${migrations.length}`);
    database.pragma(`application_id = ${applicationId}`);
  });
  run.immediate();
}

/** "pinw", which marks the file as ours. */
const applicationId = 0x70696e77;

/** Whether the database is ours, or new and nobody's. */
function isOurs(database: Database): boolean {
  if (database.pragma('application_id', { simple: true }) === applicationId) return true;
  return database.prepare('SELECT 1 FROM sqlite_master').get() === undefined;
}

function schemaVersion(database: Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

/** What SQLite says, in words that say what to do. */
export function asDataError(folder: DataFolder, cause: unknown): unknown {
  if (!(cause instanceof SqliteDatabase.SqliteError)) return cause;
  if (cause.code.startsWith('SQLITE_BUSY') || cause.code.startsWith('SQLITE_LOCKED')) {
    return new DataError(
      'data-folder-in-use',
      `another process is writing to ${folder.root}: wait until it is done, or stop it`,
      { cause },
    );
  }
  return new DataError(
    'data-folder-unusable',
    `cannot use ${folder.database}: ${messageOf(cause)} (${cause.code}); ${remedyFor(cause.code)}`,
    { cause },
  );
}

/** Why nothing could be written, of what {@link asDataError} made of it. */
export type StorageFault = 'in-use' | 'full' | 'unwritable' | 'damaged' | 'other';

export function storageFaultOf(error: unknown): StorageFault {
  if (!(error instanceof DataError)) return 'other';
  if (error.code === 'data-folder-in-use') return 'in-use';
  const code = error.cause instanceof SqliteDatabase.SqliteError ? error.cause.code : '';
  if (code.startsWith('SQLITE_FULL')) return 'full';
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/.test(code)) return 'unwritable';
  return /^SQLITE_(CORRUPT|NOTADB)/.test(code) ? 'damaged' : 'other';
}

function remedyFor(code: string): string {
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code))
    return 'restore it from a backup, or import into another data folder';
  return 'see that the folder can be written and the disk is not full';
}
