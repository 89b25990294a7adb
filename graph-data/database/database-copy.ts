import SqliteDatabase from 'better-sqlite3';
import type { DataFolder } from '../data-folder.ts';
import { type GraphCounts, readCounts } from './counts.ts';
import type { Database } from './open-database.ts';

/** A state of a database. */
export interface DatabaseState {
  readonly id: string;
  readonly position: number;
  readonly schemaVersion: number;
  readonly counts: GraphCounts;
}

const pagesPerStep = 1_000;

/**
 * Copies the present state of an open database to a new file while other processes write. The read transaction
 * makes the steps see one state: without it, SQLite starts again after each commit of another process. `onStep`
 * is called about every millisecond with the pages done; an error that it throws ends the copy. Writers are not
 * held up, but their log grows meanwhile.
 */
export async function copyDatabase(
  database: Database,
  file: string,
  onStep: (done: number, total: number) => void,
): Promise<void> {
  database.exec('BEGIN');
  try {
    // Begins the transaction.
    database.prepare('SELECT count(*) FROM sqlite_master').get();
    await database.backup(file, {
      progress: ({ totalPages, remainingPages }) => {
        onStep(totalPages - remainingPages, totalPages);
        return pagesPerStep;
      },
    });
  } finally {
    database.exec('COMMIT');
  }
}

/** Opens a copy that no other process uses, without migrating its schema. */
export function openCopy(folder: DataFolder): Database {
  return new SqliteDatabase(folder.database, { readonly: true, fileMustExist: true });
}

/** O(rows). */
export function readState(database: Database): DatabaseState {
  const source = database
    .prepare<[], { id: string; position: number }>('SELECT id, position FROM source')
    .get()!;
  const schemaVersion = Number(database.pragma('user_version', { simple: true }));
  return { ...source, schemaVersion, counts: readCounts(database) };
}

/** The first fault that SQLite's quick check finds; undefined if there is none. O(rows). */
export function quickCheck(database: Database): string | undefined {
  const result = String(database.pragma('quick_check(1)', { simple: true }));
  return result === 'ok' ? undefined : result;
}
