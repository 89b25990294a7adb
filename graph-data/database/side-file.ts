import { closeSync, existsSync, linkSync, openSync, rmSync } from 'node:fs';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import type { DataFolder } from '../data-folder.ts';
import { partialSuffix, privateMode, removeLeftoversOf, syncFolder } from '../durable-files.ts';
import { DataError, type DataErrorCode } from '../errors.ts';
import { type Database, asDataError, storageFaultOf } from './open-database.ts';

export type Root = Pick<DataFolder, 'root'>;

/** The contents of a database file beside the graph's. */
interface SideFileSpec {
  /** Of the file, within the data folder. */
  readonly name: string;
  /** As messages call its content, in the plural: `channels and notifications`. */
  readonly content: string;
  readonly applicationId: number;
  readonly schemaVersion: number;
  /** Creates the tables. */
  readonly schema: string;
  /** SQL that brings a file of version 1 to 2, of 2 to 3, and so on. Default: there was no other version. */
  readonly upgrades?: readonly string[];
  /** The first rows of a new file. */
  readonly fill: (database: Database) => void;
  readonly damagedCode: DataErrorCode;
  /** What deleting the file would do: `forget who said no`. */
  readonly loss: string;
}

/**
 * A database file of its own within a data folder: created with its first row, so that a folder that does not use it has none.
 * Methods throw the spec's `damagedCode`, `data-folder-in-use` and `data-folder-unusable`.
 */
export class SideFile {
  readonly #spec: SideFileSpec;

  constructor(spec: SideFileSpec) {
    this.#spec = spec;
  }

  pathIn({ root }: Root): string {
    return path.join(root, this.#spec.name);
  }

  existsIn(folder: Root): boolean {
    return existsSync(this.pathIn(folder));
  }

  /**
   * Opens the file for writing, creates it if missing, and upgrades an older version. Full sync: commits survive a
   * crash.
   */
  openToWrite(folder: Root, busyMs: number): Database {
    return this.orError(folder, () => {
      removeLeftoversOf(this.pathIn(folder));
      if (!this.existsIn(folder)) this.#create(folder);
      return this.#opened(folder, { timeout: busyMs }, (database) => {
        database.pragma('journal_mode = WAL');
        database.pragma('synchronous = FULL');
        database.pragma('secure_delete = ON');
        this.#upgrade(database);
      });
    });
  }

  /** Opens the file for reading; one of an older version is brought to this one first. */
  openToRead(folder: Root): Database {
    const options = { readonly: true, timeout: 5_000 };
    return this.orError(folder, () => {
      const database = this.#opened(folder, options);
      if (versionOf(database) === this.#spec.schemaVersion) return database;
      database.close();
      this.openToWrite(folder, options.timeout).close();
      return this.#opened(folder, options);
    });
  }

  /** Reads the file, and closes it again; undefined while there is none. */
  read<Result>(folder: Root, read: (database: Database) => Result): Result | undefined {
    if (!this.existsIn(folder)) return undefined;
    const database = this.openToRead(folder);
    try {
      return this.orError(folder, () => read(database));
    } finally {
      database.close();
    }
  }

  /** Runs work on the file. Turns errors of SQLite into a {@link DataError} that names the remedy. */
  orError<Result>(folder: Root, work: () => Result): Result {
    try {
      return work();
    } catch (cause) {
      if (!(cause instanceof SqliteDatabase.SqliteError)) throw cause;
      if (storageFaultOf(cause) === 'damaged') throw this.#damaged(`${cause.message}, ${cause.code}`, cause);
      throw asDataError({ root: folder.root, database: this.pathIn(folder) }, cause);
    }
  }

  #opened(
    folder: Root,
    options: SqliteDatabase.Options,
    prepare: (database: Database) => void = () => {},
  ): Database {
    const database = new SqliteDatabase(this.pathIn(folder), { ...options, fileMustExist: true });
    try {
      this.#assertOwn(database);
      prepare(database);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** Under another name until it has its tables: a file without a byte has lost them. Another process may create it first. */
  #create(folder: Root): void {
    const { schema, applicationId, schemaVersion, fill } = this.#spec;
    const file = this.pathIn(folder);
    const partial = `${file}.${process.pid}${partialSuffix}`;
    rmSync(partial, { force: true });
    try {
      closeSync(openSync(partial, 'wx', privateMode));
      const database = new SqliteDatabase(partial);
      database.pragma('synchronous = FULL');
      database.exec(
        `BEGIN; ${schema}; PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion};`,
      );
      fill(database);
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

  /** In one transaction; another process may have done it meanwhile. */
  #upgrade(database: Database): void {
    const { schemaVersion, upgrades = [] } = this.#spec;
    if (versionOf(database) === schemaVersion) return;
    database
      .transaction(() => {
        for (const sql of upgrades.slice(versionOf(database) - 1)) database.exec(sql);
        database.pragma(`user_version = ${schemaVersion}`);
      })
      .immediate();
  }

  /** Throws `damagedCode`, or `data-folder-unusable` for a file of a newer pinwalk. */
  #assertOwn(database: Database): void {
    const { name, applicationId, schemaVersion } = this.#spec;
    if (database.pragma('application_id', { simple: true }) !== applicationId) {
      const isEmpty = database.pragma('page_count', { simple: true }) === 0;
      throw this.#damaged(isEmpty ? 'the file is empty' : 'the file is of another program');
    }
    const version = versionOf(database);
    if (version > 0 && version <= schemaVersion) return;
    const fault = `has schema version ${version}, and this pinwalk supports ${schemaVersion}: use a newer one`;
    throw new DataError('data-folder-unusable', `${name} ${fault}`);
  }

  /** The message has no path: responses contain it. */
  #damaged(fault: string, cause?: unknown): DataError {
    const { damagedCode, content, name, loss } = this.#spec;
    return new DataError(
      damagedCode,
      `${content} are damaged (${fault}): stop the server, then restore ${name} from a backup; ` +
        `deleting it with its -wal and -shm would ${loss}`,
      { cause },
    );
  }
}

function versionOf(database: Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}
