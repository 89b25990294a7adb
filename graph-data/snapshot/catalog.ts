import { existsSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { DataFolder } from '../data-folder.ts';
import { writeFileDurably, writeFully } from '../durable-files.ts';
import { DataError, messageOf } from '../errors.ts';
import { versionPattern } from './format.ts';
import { type LoadedSnapshot, loadSnapshot } from './load-snapshot.ts';

const extension = '.snapshot';
const pointerSchema = z.strictObject({
  active: z.string().regex(versionPattern),
  /** What was active before, latest first. */
  previous: z.array(z.string().regex(versionPattern)),
});
type Pointer = z.infer<typeof pointerSchema>;
const previousMax = 20;

export interface SnapshotEntry {
  readonly version: string;
  readonly bytes: number;
  /** When the file was written, ISO 8601. */
  readonly builtAt: string;
  readonly active: boolean;
}

export function snapshotFile(folder: DataFolder, version: string): string {
  if (!versionPattern.test(version)) {
    throw new DataError(
      'snapshot-unknown',
      `"${version}" is no snapshot version: those have 16 hexadecimal digits`,
    );
  }
  return path.join(folder.snapshots, version + extension);
}

/** All snapshots of the data folder, newest first. Does not look inside them: {@link loadSnapshot} does. */
export function listSnapshots(folder: DataFolder): SnapshotEntry[] {
  const active = readPointer(folder)?.active;
  return readdirSync(folder.snapshots, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .filter(({ name }) => versionPattern.test(name.slice(0, -extension.length)))
    .map(({ name }) => {
      const version = name.slice(0, -extension.length);
      const { size, mtimeMs } = statSync(path.join(folder.snapshots, name));
      return { version, bytes: size, builtAt: new Date(mtimeMs).toISOString(), active: version === active };
    })
    .toSorted((a, b) => b.builtAt.localeCompare(a.builtAt) || a.version.localeCompare(b.version));
}

/** The active snapshot's version, or undefined when none was ever activated. */
export function activeVersion(folder: DataFolder): string | undefined {
  return readPointer(folder)?.active;
}

/** Makes a snapshot the active one, after checking all of it. The pointer moves in one step. */
export function activateSnapshot(folder: DataFolder, version: string): void {
  loadSnapshot(folder, version);
  const pointer = readPointer(folder);
  if (pointer?.active === version) return;
  const previous = pointer === undefined ? [] : [pointer.active, ...pointer.previous];
  writePointer(folder, { active: version, previous: previous.slice(0, previousMax) });
}

/** Makes the snapshot active that was so before the present one, damaged ones passed over; returns its version. */
export function rollbackSnapshot(folder: DataFolder): string {
  const pointer = readSoundPointer(folder);
  const version = rollbackTarget(folder, pointer);
  if (pointer === undefined || version === undefined) {
    throw new DataError('snapshot-unknown', 'there is no earlier snapshot to roll back to');
  }
  writePointer(folder, {
    active: version,
    previous: pointer.previous.slice(pointer.previous.indexOf(version) + 1),
  });
  return version;
}

/** The latest sound snapshot of those that were active before. */
function rollbackTarget(folder: DataFolder, pointer: Pointer | undefined): string | undefined {
  return pointer?.previous.find((version) => {
    try {
      return loadSnapshot(folder, version).version === version;
    } catch (error) {
      if (error instanceof DataError) return false;
      throw error;
    }
  });
}

/** The pointer, for what must not guess which snapshot is served. */
function readSoundPointer(folder: DataFolder): Pointer | undefined {
  return readPointer(folder, (fault) => {
    throw new DataError(fault.code, `${fault.message}; activate a snapshot to mend it`);
  });
}

/**
 * Deletes all but the `keep` newest snapshots; never the active one, nor the one that a rollback would
 * take. Returns the versions deleted.
 */
export function pruneSnapshots(folder: DataFolder, keep: number): string[] {
  const pointer = readSoundPointer(folder);
  const rollback = rollbackTarget(folder, pointer);
  const deleted = listSnapshots(folder)
    .slice(keep)
    .map((entry) => entry.version)
    .filter((version) => version !== pointer?.active && version !== rollback);
  for (const version of deleted) rmSync(snapshotFile(folder, version));
  return deleted;
}

/**
 * Loads the active snapshot. When it is damaged or gone, the last good one instead: those active before it,
 * then the newest; `onDamaged` hears of each that was passed over. Throws `no-active-snapshot` when there
 * is none to serve.
 */
export function loadActiveSnapshot(
  folder: DataFolder,
  onDamaged: (fault: DataError) => void,
): LoadedSnapshot {
  const pointer = readPointer(folder, onDamaged);
  const inOrder = [
    ...(pointer === undefined ? [] : [pointer.active, ...pointer.previous]),
    ...listSnapshots(folder).map((entry) => entry.version),
  ];
  for (const version of new Set(inOrder)) {
    try {
      return loadSnapshot(folder, version);
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

function pointerFile(folder: DataFolder): string {
  return path.join(folder.snapshots, 'active.json');
}

/** A pointer that cannot be read counts as none: the newest snapshot is served, and activation mends it. */
function readPointer(folder: DataFolder, onDamaged?: (fault: DataError) => void): Pointer | undefined {
  const file = pointerFile(folder);
  if (!existsSync(file)) return undefined;
  try {
    return pointerSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    onDamaged?.(new DataError('snapshot-damaged', `${file} is damaged: ${messageOf(cause)}`, { cause }));
    return undefined;
  }
}

function writePointer(folder: DataFolder, pointer: Pointer): void {
  writeFileDurably(pointerFile(folder), (fd) => writeFully(fd, Buffer.from(`${JSON.stringify(pointer)}\n`)));
}
