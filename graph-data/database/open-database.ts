import { existsSync } from 'node:fs';
import path from 'node:path';
import { isMainThread } from 'node:worker_threads';
import SqliteDatabase from 'better-sqlite3';
import type { DataFolder } from '../data-folder.ts';
import { DataError, messageOf } from '../errors.ts';
import { assertNothingLost, createFile, isFileEmpty, recordId, recordedId } from './database-file.ts';
import { migrations } from './schema.ts';
import { assertLogIsWhole } from './write-ahead-log.ts';

export type Database = SqliteDatabase.Database;

/**
 * Connections of this thread by file. The kernel drops all locks that a process holds on a file when the process closes any
 * descriptor of it. Other processes would then truncate the index of the log under these connections, which ends in SIGBUS
 * or damage (https://sqlite.org/howtocorrupt.html, 2.2). So the index may be read only while none of them is open.
 */
let connections: readonly (readonly [file: string, database: Database])[] = [];

function remember(folder: DataFolder, database: Database): Database {
  const open = connections.filter(([, each]) => each.open);
  connections = [...open, [path.resolve(folder.database), database]];
  return database;
}

/** Worker threads are started by a thread that has the database open. */
function isOpenHere(folder: DataFolder): boolean {
  const file = path.resolve(folder.database);
  return !isMainThread || connections.some(([each, { open }]) => each === file && open);
}

/** How long a statement waits for the write of another process. */
const busyTimeoutMs = 5_000;

/**
 * Opens the data folder's database for reading and writing, creates it if it is missing, and migrates its schema.
 * Write-ahead log with full sync: committed data survives a crash. Throws `data-folder-unusable` if the file is not
 * a pinwalk database or comes from a newer pinwalk, and `data-folder-in-use` if another process holds the lock.
 */
export function openDatabase(folder: DataFolder): Database {
  let database: Database | undefined;
  try {
    if (isFileEmpty(folder)) {
      assertNothingLost(folder, 'pinwalk.db is missing or empty');
      createFile(folder);
    }
    if (!isOpenHere(folder)) assertLogIsWhole(folder.database);
    database = remember(folder, new SqliteDatabase(folder.database, { timeout: busyTimeoutMs }));
    // The writers assign every id themselves, so references hold. One check per save would double the cost of an import.
    database.pragma('foreign_keys = OFF');
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    migrate(database, folder);
    bind(database, folder);
    return database;
  } catch (cause) {
    database?.close();
    throw asDataError(folder, cause);
  }
}

/** Loads SQLite into this thread. Otherwise the first database does. */
export function loadSqlite(): void {
  new SqliteDatabase(':memory:').close();
}

/** Creates an empty database if there is none. */
export function ensureDatabase(folder: DataFolder): void {
  if (!existsSync(folder.database)) openDatabase(folder).close();
}

/** Opens the database read-only; undefined if it does not exist. */
export function openDatabaseReadOnly(folder: DataFolder): Database | undefined {
  if (isFileEmpty(folder)) assertNothingLost(folder, 'pinwalk.db is missing or empty');
  if (!existsSync(folder.database)) return undefined;
  openDatabase(folder).close(); // migrates the schema and recovers the write-ahead log of a killed process
  return connectReadOnly(folder);
}

/**
 * The same for the database of a server that runs. Neither the file nor its write-ahead log is written, even if the server has been
 * killed meanwhile.
 */
export function openServedReadOnly(folder: DataFolder): Database | undefined {
  if (isFileEmpty(folder)) assertNothingLost(folder, 'pinwalk.db is missing or empty');
  if (!existsSync(folder.database)) return undefined;
  if (!isOpenHere(folder)) assertLogIsWhole(folder.database);
  return connectReadOnly(folder);
}

function connectReadOnly(folder: DataFolder): Database {
  try {
    return remember(folder, new SqliteDatabase(folder.database, { readonly: true, timeout: busyTimeoutMs }));
  } catch (cause) {
    throw asDataError(folder, cause);
  }
}

function migrate(database: Database, folder: DataFolder): void {
  if (isPinwalk(database) && schemaVersion(database) === migrations.length) return;
  const run = database.transaction(() => {
    const from = schemaVersion(database);
    if (!isPinwalk(database)) {
      throw new DataError('data-folder-unusable', `${folder.database} is a database of another program`);
    }
    if (from > migrations.length) {
      throw new DataError(
        'data-folder-unusable',
        `${folder.database} has schema version ${from}, and this pinwalk supports up to ${migrations.length}: use the newer ` +
          `pinwalk that wrote it, or restore a backup of this one (docs/upgrading.md)`,
      );
    }
    for (const migration of migrations.slice(from)) database.exec(migration);
    // A backup of the time before databases had ids.
    const recorded = recordedId(folder);
    if (recorded !== undefined) database.prepare('UPDATE source SET id = ?').run(recorded);
    database.pragma(`user_version = ${migrations.length}`);
    database.pragma(`application_id = ${applicationId}`);
  });
  run.immediate();
}

/** Ties the database to its folder. Throws `data-folder-unusable` if it is not the one that the folder had. */
function bind(database: Database, folder: DataFolder): void {
  const { id, position } = database
    .prepare<[], { id: string; position: number }>('SELECT id, position FROM source')
    .get()!;
  const recorded = recordedId(folder);
  if (recorded === id) return;
  if (position === 0) assertNothingLost(folder, 'pinwalk.db is new');
  if (recorded === undefined) recordId(folder, id);
  else {
    throw new DataError(
      'data-folder-unusable',
      `${folder.database} is not the database that this folder had (pinwalk.id names it): restore that one, or, to use ` +
        `this one from now on, delete pinwalk.id`,
    );
  }
}

/** "pinw": marks the file as a pinwalk database. */
const applicationId = 0x70696e77;

/** Whether this is a pinwalk database or an empty file. */
function isPinwalk(database: Database): boolean {
  if (database.pragma('application_id', { simple: true }) === applicationId) return true;
  return database.prepare('SELECT 1 FROM sqlite_master').get() === undefined;
}

function schemaVersion(database: Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

/** Turns an SQLite error into a {@link DataError} that names the remedy; returns any other error unchanged. */
export function asDataError(folder: Pick<DataFolder, 'root' | 'database'>, cause: unknown): unknown {
  if (!(cause instanceof SqliteDatabase.SqliteError)) return cause;
  if (cause.code.startsWith('SQLITE_BUSY') || cause.code.startsWith('SQLITE_LOCKED')) {
    const fault = `another process is writing to ${folder.root}: wait until it finishes, or stop it`;
    return new DataError('data-folder-in-use', fault, { cause });
  }
  return new DataError(
    'data-folder-unusable',
    `cannot use ${folder.database}: ${messageOf(cause)} (${cause.code}); ${remedyFor(cause.code)}`,
    { cause },
  );
}

/** Why the database could not be read or written. */
export type StorageFault = 'in-use' | 'full' | 'gone' | 'unwritable' | 'damaged' | 'other';

/** The fault of an error of SQLite, as it is or as {@link asDataError} returns it; `other` for other errors. */
export function storageFaultOf(error: unknown): StorageFault {
  const code = sqliteCodeOf(error) ?? '';
  if (error instanceof DataError) {
    if (error.code === 'data-folder-in-use') return 'in-use';
    if (error.code === 'database-gone') return 'gone';
    if (/^(database|interactions|notifications|campaigns)-damaged$/.test(error.code)) return 'damaged';
  }
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return 'in-use';
  if (code.startsWith('SQLITE_FULL')) return 'full';
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/.test(code)) return 'unwritable';
  return isDamage(code) ? 'damaged' : 'other';
}

/** Whether the database, not the program, is at fault. */
export function isStorageError(error: unknown): boolean {
  if (storageFaultOf(error) !== 'other') return true;
  return /^SQLITE_(IOERR|PROTOCOL|NOMEM)/.test(sqliteCodeOf(error) ?? '');
}

function sqliteCodeOf(error: unknown): string | undefined {
  const cause = error instanceof DataError ? error.cause : error;
  return cause instanceof SqliteDatabase.SqliteError ? cause.code : undefined;
}

function remedyFor(code: string): string {
  return isDamage(code)
    ? 'restore it from a backup, or import into another data folder'
    : 'make sure that the folder is writable and the disk is not full';
}

function isDamage(code: string): boolean {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(code);
}
