import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { partialSuffix, privateFolderMode } from '../durable-files.ts';

/** A file in each staging folder, which its process keeps locked. */
const lockName = 'lock';
/** A folder that another process takes for abandoned, before it is locked, is made again. */
const attemptsMax = 10;

/**
 * A temporary folder that is locked until it is disposed of, or its process ends, however. Process ids could not tell whether
 * it is in use: each container counts them from 1, and sees none of another's. The lock is SQLite's on a file, which the
 * kernel shares between containers, and releases with the process.
 */
export class StagingFolder implements Disposable {
  readonly path: string;
  readonly #lock: SqliteDatabase.Database;

  private constructor(folder: string, lock: SqliteDatabase.Database) {
    this.path = folder;
    this.#lock = lock;
  }

  /** Creates `<prefix><random part>.partial`. */
  static create(prefix: string): StagingFolder {
    for (let attempt = 1; ; attempt++) {
      const folder = `${prefix}${randomBytes(6).toString('hex')}${partialSuffix}`;
      mkdirSync(folder, { mode: privateFolderMode });
      const lock = lockOf(folder);
      if (lock !== undefined) return new StagingFolder(folder, lock);
      rmSync(folder, { recursive: true, force: true });
      if (attempt === attemptsMax) throw new Error(`cannot lock ${folder}`);
    }
  }

  /** Deletes the folder. */
  [Symbol.dispose](): void {
    this.#lock.close();
    rmSync(this.path, { recursive: true, force: true });
  }
}

/**
 * Deletes the staging folders in `folder` whose names contain `marker` and that no process has locked. Returns the names of
 * those that are locked, without `own`.
 */
export function removeAbandoned(folder: string, marker: string, own?: StagingFolder): string[] {
  if (!existsSync(folder)) return [];
  const found = readdirSync(folder).filter((name) => name.includes(marker) && name.endsWith(partialSuffix));
  return found.filter((name) => {
    const each = path.join(folder, name);
    if (each === own?.path) return false;
    const lock = lockOf(each);
    if (lock === undefined) return existsSync(each);
    rmSync(each, { recursive: true, force: true });
    lock.close();
    return false;
  });
}

/** Undefined if another process has it, or has deleted the folder. */
function lockOf(folder: string): SqliteDatabase.Database | undefined {
  const file = path.join(folder, lockName);
  let lock: SqliteDatabase.Database | undefined;
  try {
    lock = new SqliteDatabase(file, { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
    if (existsSync(file)) return lock;
  } catch (error) {
    const { code } = error as { readonly code?: string };
    if (code !== 'SQLITE_BUSY' && existsSync(folder)) {
      lock?.close();
      throw error;
    }
  }
  lock?.close();
  return undefined;
}
