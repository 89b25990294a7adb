import { closeSync, existsSync, openSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { DataFolder } from '../data-folder.ts';
import { privateMode, writeFileDurably, writeFully } from '../durable-files.ts';
import { DataError } from '../errors.ts';
import { restorePrefix } from '../unfinished-restore.ts';

/**
 * The file that names the database of a data folder, by its id. Without it, a folder that lost its database
 * would look like a new one: without API keys, and with numbers that the old snapshots use for others.
 */
function idFile(folder: DataFolder): string {
  return path.join(folder.root, 'pinwalk.id');
}

/** The id of the folder's database; undefined if none was recorded. */
export function recordedId(folder: DataFolder): string | undefined {
  return existsSync(idFile(folder)) ? readFileSync(idFile(folder), 'utf8').trim() : undefined;
}

/** Records the id. In a read-only folder, the present file stays. */
export function recordId(folder: DataFolder, id: string): void {
  try {
    writeFileDurably(idFile(folder), (fd) => writeFully(fd, Buffer.from(`${id}\n`)));
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
  }
}

/** Whether the file of the database is missing or has no byte. */
export function isFileEmpty(folder: DataFolder): boolean {
  return (statSync(folder.database, { throwIfNoEntry: false })?.size ?? 0) === 0;
}

/** Creates the file of a new database, which only its owner can read; SQLite gives its other files the same mode. */
export function createFile(folder: DataFolder): void {
  try {
    closeSync(openSync(folder.database, 'a', privateMode));
  } catch {
    // SQLite reports why.
  }
}

/** The mode of the database, in octal, if other users of the machine can open it. Windows has no such modes. */
export function modeForOthers({ root, database }: DataFolder): string | undefined {
  if (process.platform === 'win32') return undefined;
  const [folderMode, mode] = [statSync(root).mode, statSync(database).mode];
  return folderMode & 0o011 && mode & 0o066 ? (mode & 0o777).toString(8) : undefined;
}

/**
 * Throws `data-folder-unusable` if the folder shows that it had a database with content: `present` is its state
 * now.
 */
export function assertNothingLost(folder: DataFolder, present: string): void {
  const traces = [
    ...(recordedId(folder) === undefined ? [] : ['pinwalk.id']),
    ...(readdirSync(folder.snapshots).some((name) => /^active\.json$|\.snapshot$/.test(name))
      ? ['snapshots']
      : []),
    ...(readdirSync(folder.root).some((name) => name.startsWith(restorePrefix))
      ? ['an unfinished restore']
      : []),
  ];
  if (traces.length === 0) return;
  throw new DataError(
    'data-folder-unusable',
    `${folder.root} had a database (it has ${traces.join(' and ')}), but ${present}: restore pinwalk.db, with its ` +
      `pinwalk.db-wal if there is one, from a backup; or, to begin anew, use another folder`,
  );
}

/**
 * The files of an open database, to notice that they were deleted or replaced: from then on, writes would go to files that
 * nobody can open again.
 */
export class DatabaseFile {
  readonly #database: string;
  readonly #seen = new Map<string, string>();

  /** To be called right after opening the database. `seen`: that of another thread, {@link DatabaseFile.seen}. */
  constructor({ database }: DataFolder, seen?: string) {
    this.#database = database;
    const present = seen ?? inodeOf(database);
    if (present !== undefined) this.#seen.set(database, present);
  }

  get seen(): string | undefined {
    return this.#seen.get(this.#database);
  }

  /** What happened to the files; undefined while they are in place. Microseconds. */
  get fault(): string | undefined {
    // While a connection is open, nothing else removes the write-ahead log, which the first read or write creates.
    for (const file of [this.#database, `${this.#database}-wal`]) {
      const present = inodeOf(file);
      const seen = this.#seen.get(file);
      if (seen === undefined && present !== undefined) this.#seen.set(file, present);
      else if (present !== seen) {
        return `${file} was ${present === undefined ? 'deleted or moved' : 'replaced'} while it was in use: put it back, or restart`;
      }
    }
    return undefined;
  }

  /** Throws `database-gone`. */
  assertInPlace(): void {
    const { fault } = this;
    if (fault !== undefined) throw new DataError('database-gone', fault);
  }
}

function inodeOf(file: string): string | undefined {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat && `${stat.dev} ${stat.ino}`;
}
