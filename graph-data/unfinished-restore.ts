import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { privateFolderMode, syncFolder } from './durable-files.ts';

/** Start of the names of a restore's own folders within a data folder. */
export const restorePrefix = 'restore.';

/**
 * The folder with the verified files of a restore. Its appearance, by one rename, commits the restore: whoever opens the data
 * folder next moves the files to their places.
 */
export const restoreReady: string = `${restorePrefix}ready`;

/** Files that belong to the database: those of the old database must be gone before the new one is in place. */
export const databaseFiles = [
  'pinwalk.db-wal',
  'pinwalk.db-shm',
  'pinwalk.db-journal',
  'pinwalk.db',
] as const;

/**
 * Completes a committed restore, if there is one in the data folder. Each step is one rename of a file that only this restore
 * has, so that two processes can do it at once, and a killed one can be followed by another.
 */
export function completeRestore(root: string): void {
  const ready = path.join(root, restoreReady);
  if (!existsSync(ready)) return;
  mkdirSync(path.join(root, 'snapshots'), { recursive: true, mode: privateFolderMode });
  const own = new Set<string>([...databaseFiles, 'snapshots']);
  const others = namesIn(ready).filter((name) => !own.has(name));
  const snapshots = namesIn(path.join(ready, 'snapshots')).map((name) => path.join('snapshots', name));
  for (const name of [...snapshots, ...others]) move(ready, root, name);
  syncFolder(path.join(root, 'snapshots'));
  for (const name of databaseFiles) {
    if (name === 'pinwalk.db') syncFolder(root);
    move(ready, root, name);
  }
  syncFolder(root);
  rmSync(ready, { recursive: true, force: true });
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function move(from: string, to: string, name: string): void {
  try {
    renameSync(path.join(from, name), path.join(to, name));
  } catch (error) {
    // Another process has moved it.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
