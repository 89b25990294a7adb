import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { DataFolder } from '../data-folder.ts';
import { DataError } from '../errors.ts';
import { readPointer } from './active-pointer.ts';
import { versionPattern } from './format.ts';
import { type LoadOptions, type LoadedSnapshot, loadSnapshot } from './load-snapshot.ts';
import { extension } from './snapshot-file.ts';

interface SnapshotEntry {
  readonly version: string;
  readonly bytes: number;
  /** When the file was written, ISO 8601. */
  readonly builtAt: string;
  readonly active: boolean;
  /** Active until another activation: no build replaces it. */
  readonly pinned: boolean;
}

/** All snapshots of the data folder, newest first. Does not verify the files; {@link loadSnapshot} does. */
export function listSnapshots(folder: DataFolder): SnapshotEntry[] {
  const pointer = readPointer(folder);
  return readdirSync(folder.snapshots, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .filter(({ name }) => versionPattern.test(name.slice(0, -extension.length)))
    .map(({ name }) => {
      const version = name.slice(0, -extension.length);
      const { size, mtimeMs } = statSync(path.join(folder.snapshots, name));
      const active = version === pointer?.active;
      const pinned = active && pointer.pinned === true;
      return { version, bytes: size, builtAt: new Date(mtimeMs).toISOString(), active, pinned };
    })
    .toSorted((a, b) => b.builtAt.localeCompare(a.builtAt) || a.version.localeCompare(b.version));
}

/** Whether there is a snapshot that was built after this one. */
export function hasNewer(folder: DataFolder, version: string): boolean {
  const snapshots = listSnapshots(folder);
  const own = snapshots.find((each) => each.version === version);
  return own !== undefined && snapshots[0]!.builtAt > own.builtAt;
}

/**
 * Loads the active snapshot. If it is damaged or missing, loads the first intact one of those active before it, then of
 * the newest. Calls `onDamaged` for each one skipped. Throws `no-active-snapshot` if no snapshot can be loaded.
 */
export function loadActiveSnapshot(
  folder: DataFolder,
  onDamaged: (fault: DataError) => void,
  options?: LoadOptions,
): LoadedSnapshot {
  const pointer = readPointer(folder, onDamaged);
  const inOrder = [
    ...(pointer === undefined ? [] : [pointer.active, ...pointer.previous]),
    ...listSnapshots(folder).map((entry) => entry.version),
  ];
  for (const version of new Set(inOrder)) {
    try {
      return loadSnapshot(folder, version, options);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      onDamaged(error);
    }
  }
  throw new DataError(
    'no-active-snapshot',
    `${folder.root} has no snapshot to serve: run pinwalk build first`,
  );
}
