import SqliteDatabase from 'better-sqlite3';
import { asDataError, storageFaultOf } from '../database/index.ts';
import { DataError } from '../errors.ts';
import { type Month, type MonthFolder, monthFile } from './month-names.ts';

/** Turns an error of SQLite at a month into a {@link DataError} that names the remedy; returns any other error unchanged. */
export function asMonthError(folder: MonthFolder, month: Month, cause: unknown): unknown {
  if (!(cause instanceof SqliteDatabase.SqliteError)) return cause;
  return storageFaultOf(cause) === 'damaged'
    ? damagedMonth(month, `${cause.message}, ${cause.code}`, cause)
    : asDataError({ root: folder.root, database: monthFile(folder, month) }, cause);
}

/** The message has no path: responses contain it. */
export function damagedMonth(month: Month, fault: string, cause?: unknown): DataError {
  return new DataError(
    'interactions-damaged',
    `the interactions of ${month} are damaged (${fault}): stop the server, then restore interactions/${month}.db from a backup, or ` +
      `delete it with its -wal and -shm, which gives up what it has of that month`,
    { cause },
  );
}

/** Runs work that reads or writes a month. Throws its errors as {@link asMonthError} returns them. */
export function orMonthError<Result>(folder: MonthFolder, month: Month, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw asMonthError(folder, month, error);
  }
}
