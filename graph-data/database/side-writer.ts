import type { DataFolder } from '../data-folder.ts';
import { DatabaseFile } from './database-file.ts';
import type { Database } from './open-database.ts';
import type { SideFile } from './side-file.ts';

interface Open<Statements> {
  readonly database: Database;
  readonly file: DatabaseFile;
  readonly statements: Statements;
}

/**
 * The writing connection to a {@link SideFile}, with the prepared statements of its owner. It is opened with the first write;
 * several processes may write.
 */
export class SideWriter<Statements> {
  readonly #file: SideFile;
  readonly #folder: DataFolder;
  readonly #busyMs: number;
  readonly #prepare: (database: Database) => Statements;
  #open: Open<Statements> | undefined;

  /** `busyMs`: how long a statement waits for the write of another process. */
  constructor(
    file: SideFile,
    folder: DataFolder,
    busyMs: number,
    prepare: (database: Database) => Statements,
  ) {
    this.#file = file;
    this.#folder = folder;
    this.#busyMs = busyMs;
    this.#prepare = prepare;
  }

  /** One transaction, durable when this returns; undefined, without any work, while there is no file. */
  ifOpen<Result>(work: (statements: Statements, database: Database) => Result): Result | undefined {
    return this.#open !== undefined || this.#file.existsIn(this.#folder) ? this.transact(work) : undefined;
  }

  /** The same, and creates the file if it is missing. */
  transact<Result>(work: (statements: Statements, database: Database) => Result): Result {
    return this.#file.orError(this.#folder, () => {
      const { database, file, statements } = this.#opened();
      try {
        file.assertInPlace();
        database.exec('BEGIN IMMEDIATE');
        const result = work(statements, database);
        database.exec('COMMIT');
        file.assertInPlace();
        return result;
      } catch (error) {
        if (database.inTransaction) database.exec('ROLLBACK');
        // The file may have been repaired or replaced by the next time.
        if (!database.open || file.fault !== undefined) this.close();
        throw error;
      }
    });
  }

  /** SQLite leaves copies of deleted rows where it moved them between pages, and in its log. O(file). */
  rewrite(): void {
    this.#file.orError(this.#folder, () => {
      const { database } = this.#opened();
      database.exec('VACUUM');
      database.pragma('wal_checkpoint(TRUNCATE)');
    });
  }

  close(): void {
    this.#open?.database.close();
    this.#open = undefined;
  }

  #opened(): Open<Statements> {
    if (this.#open === undefined) {
      const database = this.#file.openToWrite(this.#folder, this.#busyMs);
      const file = new DatabaseFile({ ...this.#folder, database: this.#file.pathIn(this.#folder) });
      this.#open = { database, file, statements: this.#prepare(database) };
    }
    return this.#open;
  }
}
