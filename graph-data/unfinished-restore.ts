import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { privateFolderMode, syncFolder } from './durable-files.ts';

/** Start of the names of a restore's own folders within a data folder. */
export const restorePrefix = 'restore.';

/** Folders of a data folder, by their names. */
const [interactions, models] = ['interactions', 'models'];

/**
 * The folder with the verified files of a restore. Its appearance, by one rename, commits the restore: the next
 * process that opens the data folder moves the files to their places.
 */
export const restoreReady: string = `${restorePrefix}ready`;

/** Files that belong to the database: those of the old database must be gone before the new one is in place. */
export const databaseFiles = [
  'pinwalk.db-wal',
  'pinwalk.db-shm',
  'pinwalk.db-journal',
  'pinwalk.db',
] as const;

/** Database files beside the graph's: channels and notifications, and campaigns. */
const sideDatabases = ['notifications.db', 'campaigns.db'] as const;
/** With their logs, in the order in which a restore puts them in place. */
export const sideFiles: readonly string[] = sideDatabases.flatMap((name) => [
  `${name}-wal`,
  `${name}-shm`,
  `${name}-journal`,
  name,
]);

/**
 * Completes a committed restore, if there is one in the data folder. Each step is one rename of a file that only this restore
 * has, so that two processes can do it at once, and a killed one can be followed by another.
 */
export function completeRestore(root: string): void {
  const ready = path.join(root, restoreReady);
  if (!existsSync(ready)) return;
  mkdirSync(path.join(root, 'snapshots'), { recursive: true, mode: privateFolderMode });
  const own = new Set<string>([...databaseFiles, ...sideFiles, 'snapshots', interactions, models]);
  const others = namesIn(ready).filter((name) => !own.has(name));
  const snapshots = namesIn(path.join(ready, 'snapshots')).map((name) => path.join('snapshots', name));
  // As for the database: the log of an old month must be gone before the new month is in place.
  const months = namesIn(path.join(ready, interactions))
    .toSorted((a, b) => Number(a.endsWith('.db')) - Number(b.endsWith('.db')))
    .map((name) => path.join(interactions, name));
  if (months.length > 0)
    mkdirSync(path.join(root, interactions), { recursive: true, mode: privateFolderMode });
  const ofModels = namesIn(path.join(ready, models)).map((name) => path.join(models, name));
  if (ofModels.length > 0) mkdirSync(path.join(root, models), { recursive: true, mode: privateFolderMode });
  for (const name of [...snapshots, ...months, ...ofModels, ...others]) move(ready, root, name);
  syncFolder(path.join(root, 'snapshots'));
  if (ofModels.length > 0) syncFolder(path.join(root, models));
  if (months.length > 0) {
    removeEmptied(path.join(root, interactions));
    syncFolder(path.join(root, interactions));
  }
  for (const name of sideFiles) move(ready, root, name);
  for (const name of sideDatabases) removeIfEmptied(path.join(root, name));
  for (const name of databaseFiles) {
    if (name === 'pinwalk.db') syncFolder(root);
    move(ready, root, name);
  }
  syncFolder(root);
  rmSync(ready, { recursive: true, force: true });
}

/** Deletes the months that the restore has emptied. */
function removeEmptied(folder: string): void {
  for (const name of namesIn(folder).filter((each) => each.endsWith('.db')))
    removeIfEmptied(path.join(folder, name));
}

/** A database without a byte would count as damaged. Its logs go first. */
function removeIfEmptied(file: string): void {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 1) > 0) return;
  for (const suffix of ['-wal', '-shm', '-journal', '']) rmSync(file + suffix, { force: true });
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
