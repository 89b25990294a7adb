import { rmSync } from 'node:fs';
import type { DataFolder } from '../data-folder.ts';
import { deleteTree } from '../interests/index.ts';
import { rollbackTarget } from './activate.ts';
import { deletePointer, readIntactPointer, readPointer, writePointer } from './active-pointer.ts';
import { listSnapshots } from './catalog.ts';
import { snapshotFile } from './snapshot-file.ts';

/**
 * Deletes all but the `keep` newest snapshots, but never the active one or the target of a rollback. Returns the deleted
 * versions. Throws `snapshot-damaged` if the pointer cannot be read.
 */
export function pruneSnapshots(folder: DataFolder, keep: number): string[] {
  const pointer = readIntactPointer(folder);
  const old = listSnapshots(folder)
    .slice(keep)
    .map((entry) => entry.version)
    .filter((version) => version !== pointer?.active);
  // Found by reading whole snapshots, so only if it matters.
  const rollback = old.length === 0 ? undefined : rollbackTarget(folder, pointer);
  const deleted = old.filter((version) => version !== rollback);
  for (const version of deleted) deleteFiles(folder, version);
  return deleted;
}

/**
 * Deletes snapshots, the active one included, and removes them from the pointer. If the active one is deleted, so is the
 * pointer. Returns the versions that existed.
 */
export function dropSnapshots(folder: DataFolder, versions: readonly string[]): string[] {
  const pointer = readPointer(folder);
  const dropped = listSnapshots(folder)
    .map(({ version }) => version)
    .filter((version) => versions.includes(version));
  if (pointer !== undefined && dropped.includes(pointer.active)) deletePointer(folder);
  else if (pointer !== undefined) {
    const previous = pointer.previous.filter((version) => !dropped.includes(version));
    writePointer(folder, { ...pointer, previous });
  }
  for (const version of dropped) deleteFiles(folder, version);
  return dropped;
}

function deleteFiles(folder: DataFolder, version: string): void {
  deleteTree(folder, version);
  rmSync(snapshotFile(folder, version), { force: true });
}
