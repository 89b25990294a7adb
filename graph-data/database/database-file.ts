import { closeSync, existsSync, openSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { DataFolder } from '../data-folder.ts';
import { privateMode, writeFileDurably, writeFully } from '../durable-files.ts';
import { DataError } from '../errors.ts';

/**
 * The file that names the database of a data folder, by its id. Without it, a folder whose database is lost would pass for
 * a new one: without API keys, and with numbers that the old snapshots use for others.
 */
function idFile(folder: DataFolder): string {
  return path.join(folder.root, 'pinwalk.id');
}

/** The id of the folder's database; undefined if none was recorded. */
export function recordedId(folder: DataFolder): string | undefined {
  return existsSync(idFile(folder)) ? readFileSync(idFile(folder), 'utf8').trim() : undefined;
}

/** Records the id. A folder that cannot be written keeps what it has. */
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

/** Throws `data-folder-unusable` if the folder shows that it had a database with content: `present` is what it has now. */
export function assertNothingLost(folder: DataFolder, present: string): void {
  const traces = [
    ...(recordedId(folder) === undefined ? [] : ['pinwalk.id']),
    ...(readdirSync(folder.snapshots).some((name) => /^active\.json$|\.snapshot$/.test(name))
      ? ['snapshots']
      : []),
  ];
  if (traces.length === 0) return;
  throw new DataError(
    'data-folder-unusable',
    `${folder.root} had a database (it has ${traces.join(' and ')}), but ${present}: restore pinwalk.db, with its ` +
      `pinwalk.db-wal if there is one, from a backup; or, to begin anew, use another folder`,
  );
}
