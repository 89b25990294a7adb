import type { DataFolder } from '../data-folder.ts';
import {
  ChangeLog,
  type Database,
  DatabaseFile,
  asDataError,
  dropChanges,
  openDatabase,
} from '../database/index.ts';
import { type AppliedLines, ChangeApplier, parseChanges } from '../changes/index.ts';
import { ChangeExecutor } from './change-executor.ts';
import type { Applied, WriteOutcome, WriteRequest } from './changes.ts';
import { type ErasedRows, Eraser } from './eraser.ts';
import { NodeIds } from './node-ids.ts';
import { Stopped } from './save-buffer.ts';

/** 256 MB: a writer returns to the same pages. With 64, 2.4 M saves were written at four fifths of the rate (docs/perf-notes.md). */
const cacheKiB = 262_144;
/**
 * Write-ahead log size, in pages of 4 KiB, that makes a commit wait for a checkpoint. A server has the log copied in another thread
 * before that (`checkpointer.ts`).
 */
const checkpointPages = 48_000;

/** About 10 ms of work. */
const changesPerDrop = 20_000;

/**
 * The writing connection of a server. Executes many requests per transaction; after {@link apply} returns, all of them
 * are durable. Use one per thread; other processes may write to the same database.
 */
export class SaveWriter {
  readonly #folder: DataFolder;
  readonly #database: Database;
  readonly #file: DatabaseFile;
  readonly #log: ChangeLog;
  readonly #ids: NodeIds;
  readonly #executor: ChangeExecutor;
  readonly #eraser: Eraser;
  readonly #selectDataVersion;
  #applier: ChangeApplier | undefined;
  /** Changes when another connection has written. */
  #dataVersion: unknown;

  /** Takes an open database of the folder for its exclusive use. `file`: default, as it is now. */
  constructor(database: Database, folder: DataFolder, file: DatabaseFile = new DatabaseFile(folder)) {
    this.#folder = folder;
    this.#file = file;
    this.#database = database;
    this.#log = new ChangeLog(database);
    this.#ids = new NodeIds(database, this.#log);
    this.#executor = new ChangeExecutor(database, this.#log, this.#ids);
    this.#eraser = new Eraser(database);
    this.#selectDataVersion = database.prepare<[], number>('PRAGMA data_version').pluck();
  }

  /**
   * Opens the database of a data folder for writing. `busyMs`: how long a statement waits for the write of another
   * process. `file`: default, as it is now. Throws `data-folder-unusable`, `data-folder-in-use` and `database-gone`, as
   * all methods do.
   */
  static open(
    folder: DataFolder,
    { busyMs, file }: { readonly busyMs: number; readonly file?: DatabaseFile },
  ): SaveWriter {
    // Opening would create a new database.
    file?.assertInPlace();
    const database = openDatabase(folder);
    database.pragma(`busy_timeout = ${busyMs}`);
    database.pragma(`cache_size = -${cacheKiB}`);
    database.pragma(`wal_autocheckpoint = ${checkpointPages}`);
    // Overwrites deleted data with zeros.
    database.pragma('secure_delete = ON');
    return new SaveWriter(database, folder, file);
  }

  /**
   * Executes requests in order, in one transaction. A request is atomic (unless `isWhole` is false), and a refused one
   * does not affect the others. If this throws, nothing was written.
   *
   * About 5 µs per save of known nodes, 20 µs per new pin, plus one commit.
   */
  apply(requests: readonly WriteRequest[]): Applied;
  /** The same, but gives up before the commit once `mustStop` says so: undefined then, and nothing was written. */
  apply(requests: readonly WriteRequest[], mustStop: () => boolean): Applied | undefined;
  apply(requests: readonly WriteRequest[], mustStop?: () => boolean): Applied | undefined {
    return this.#transact(() => {
      const outcomes: WriteOutcome[] = [];
      for (const request of requests) {
        if (mustStop?.() === true) throw new Stopped();
        outcomes.push(this.#executor.execute(request));
      }
      this.#executor.flush(mustStop);
      this.#log.flush(this.#ids.next);
      return { outcomes, position: this.#log.position };
    });
  }

  /**
   * Deletes all rows of a user in one transaction, and records that copies remain to be removed, from free pages and
   * the write-ahead log. An unknown user has no rows. `time`: now, in milliseconds since 1970.
   */
  erase(user: string, time: number): ErasedRows {
    return this.#transact(() => {
      const rows = this.#eraser.erase(user, time, this.#ids, this.#log);
      this.#log.flush(this.#ids.next);
      return rows;
    })!;
  }

  /**
   * Applies lines of another database's change log to this copy of it, in one transaction. `time`: now, in milliseconds since
   * 1970. Throws an error if they do not follow its position.
   */
  applyChanges(lines: Uint8Array, time: number): AppliedLines {
    const changes = parseChanges(lines);
    // Its writer has the rows: after a power failure, the replica fetches them again. The log is synced before
    // its pages are copied.
    if (this.#applier === undefined) this.#database.pragma('synchronous = NORMAL');
    const applied = this.#transact(() => {
      this.#applier ??= new ChangeApplier(this.#database);
      return this.#applier.apply(changes, time);
    })!;
    // The log, and cached ids, do not know of it.
    this.#dataVersion = undefined;
    return applied;
  }

  /**
   * Drops the change log up to a position and rewrites the database file (VACUUM), so that no copy of deleted rows
   * remains in it. Returns the number of dropped changes. O(database); needs as much free disk space again.
   */
  scrub(upTo: number): number {
    return this.#withDataErrors(() => {
      const dropped = dropChanges(this.#database, upTo);
      this.#database.exec('VACUUM');
      return dropped;
    });
  }

  /** Drops a batch of changes up to a position, small enough to hardly delay writes. Returns their number. */
  dropChanges(upTo: number): number {
    return this.#withDataErrors(() => dropChanges(this.#database, upTo, changesPerDrop));
  }

  /**
   * Checkpoints and truncates the write-ahead log, and then marks all erasures as complete. Returns false if a reader
   * blocked it for the whole busy timeout.
   */
  truncateWal(): boolean {
    return this.#withDataErrors(() => {
      const [result] = this.#database.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
      if (result!.busy !== 0) return false;
      this.#eraser.finish();
      return true;
    });
  }

  close(): void {
    this.#database.close();
  }

  /** Undefined if the work was stopped. */
  #transact<Result>(work: () => Result): Result | undefined {
    const database = this.#database;
    return this.#withDataErrors(() => {
      this.#file.assertInPlace();
      try {
        database.exec('BEGIN IMMEDIATE');
        this.#refresh();
        this.#ids.begin();
        const result = work();
        database.exec('COMMIT');
        this.#file.assertInPlace();
        return result;
      } catch (error) {
        // Some errors, such as a full disk, have already ended the transaction.
        if (database.inTransaction) database.exec('ROLLBACK');
        if (error instanceof Stopped) {
          this.#log.restart();
          this.#executor.clear();
          this.#ids.undo();
          return undefined;
        }
        this.#dataVersion = undefined;
        throw error;
      }
    });
  }

  #withDataErrors<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw asDataError(this.#folder, error);
    }
  }

  /** Discards cached ids and position after another connection has written or a transaction has failed. */
  #refresh(): void {
    const version = this.#selectDataVersion.get();
    if (version === this.#dataVersion) return;
    this.#log.restart();
    this.#executor.clear();
    this.#ids.restart();
    this.#dataVersion = version;
  }
}
