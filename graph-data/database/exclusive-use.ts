import SqliteDatabase from 'better-sqlite3';
import type { DataFolder } from '../data-folder.ts';
import { DataError } from '../errors.ts';
import { isFileEmpty } from './database-file.ts';
import { storageFaultOf } from './open-database.ts';

/**
 * Throws `data-folder-in-use` if a server or another process has the database open, even if it does not write. A damaged
 * database passes: no one can use it.
 */
export function assertUnused(folder: DataFolder): void {
  if (isFileEmpty(folder)) return;
  let database: SqliteDatabase.Database | undefined;
  try {
    database = new SqliteDatabase(folder.database, { timeout: 0 });
    // Every connection to a database with a write-ahead log holds a shared lock on the file.
    database.pragma('locking_mode = EXCLUSIVE');
    database.exec('BEGIN IMMEDIATE; ROLLBACK');
  } catch (cause) {
    if (storageFaultOf(cause) !== 'in-use') return;
    const fault = `a server or another command uses ${folder.root}: stop it first`;
    throw new DataError('data-folder-in-use', fault, { cause });
  } finally {
    database?.close();
  }
}
