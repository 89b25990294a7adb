import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { DataFolder } from '../data-folder.ts';
import { writeFileDurably, writeFully } from '../durable-files.ts';
import { DataError, messageOf } from '../errors.ts';
import { versionPattern } from './format.ts';
import { snapshotFile } from './snapshot-file.ts';

const previousMax = 20;

const version = z.string().regex(versionPattern);
const pointerSchema = z.strictObject({
  active: version,
  /** The versions active before, latest first. */
  previous: z.array(version),
  /** Only an activation by hand moves the pointer: no build does. Absent if not, as before there were pins. */
  pinned: z.literal(true).optional(),
});
export type Pointer = z.infer<typeof pointerSchema>;

export interface PointerMark {
  readonly active: string;
  readonly isPinned: boolean;
  /** Differs when anything does. */
  readonly text: string;
}

function pointerFile(folder: DataFolder): string {
  return path.join(folder.snapshots, 'active.json');
}

/** The pointer, or undefined if there is none or it is damaged. Calls `onDamaged` in the latter case. */
export function readPointer(folder: DataFolder, onDamaged?: (fault: DataError) => void): Pointer | undefined {
  const file = pointerFile(folder);
  if (!existsSync(file)) return undefined;
  try {
    return pointerSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    onDamaged?.(new DataError('snapshot-damaged', `${file} is damaged: ${messageOf(cause)}`, { cause }));
    return undefined;
  }
}

/** {@link readPointer}, but throws `snapshot-damaged`: for operations that must not guess the active snapshot. */
export function readIntactPointer(folder: DataFolder): Pointer | undefined {
  return readPointer(folder, (fault) => {
    throw new DataError(fault.code, `${fault.message}; activate a snapshot to repair it`);
  });
}

/** Replaces the pointer atomically and durably. */
export function writePointer(folder: DataFolder, pointer: Pointer): void {
  writeFileDurably(pointerFile(folder), (fd) => writeFully(fd, Buffer.from(`${JSON.stringify(pointer)}\n`)));
}

export function deletePointer(folder: DataFolder): void {
  rmSync(pointerFile(folder));
}

/** The version of the active snapshot, or undefined if none was activated. */
export function activeVersion(folder: DataFolder): string | undefined {
  return readPointer(folder)?.active;
}

/** The version of the active snapshot, if it is pinned. */
export function pinnedVersion(folder: DataFolder): string | undefined {
  const pointer = readPointer(folder);
  return pointer?.pinned === true ? pointer.active : undefined;
}

/** Points to a snapshot, without checking it, and remembers the previous one. */
export function pointTo(folder: DataFolder, active: string, isPinned: boolean = false): void {
  const pointer = readPointer(folder);
  if (pointer?.active === active && (pointer.pinned === true) === isPinned) return;
  const before = pointer === undefined ? [] : [pointer.active, ...pointer.previous];
  const previous = pointer?.active === active ? pointer.previous : before.slice(0, previousMax);
  writePointer(folder, { active, previous, ...(isPinned && { pinned: true }) });
}

/**
 * A mark that changes whenever another snapshot becomes active, is pinned or released, or the file of the active one is
 * rewritten. undefined if none is active.
 */
export function pointerMark(folder: DataFolder): PointerMark | undefined {
  const pointer = readPointer(folder);
  if (pointer === undefined) return undefined;
  const { active, pinned: isPinned = false } = pointer;
  const modified = statSync(snapshotFile(folder, active), { throwIfNoEntry: false })?.mtimeMs;
  return { active, isPinned, text: `${active} ${modified} ${isPinned}` };
}
