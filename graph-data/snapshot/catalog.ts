import { existsSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { DataFolder } from '../data-folder.ts';
import { writeFileDurably, writeFully } from '../durable-files.ts';
import { DataError, messageOf } from '../errors.ts';
import { compareSnapshots } from './compare.ts';
import { versionPattern } from './format.ts';
import { type LoadOptions, type LoadedSnapshot, loadSnapshot } from './load-snapshot.ts';

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

/**
 * Least overlap ({@link compareSnapshots}) with the active snapshot that is accepted unasked. Measured: with 20 % more
 * saves 0.69 to 0.84 on synthetic graphs of 30,000 to 2.3 M saves and 0.89 on the sample graph; with twice as many, or
 * half, 0.36 to 0.64 and 0.81 to 0.85; for graphs of other topics, or of noise, over the same pins 0.02 to 0.06. (Two
 * seeds of one generator, which agree on what is popular, come to 0.24 to 0.56.) So a graph may double between two
 * builds, and an import that mixed up its columns does not come through.
 */
export const overlapMin = 0.3;

/** How a snapshot became the active one. */
export interface Activation {
  /** The version that was active before. */
  readonly previous: string | undefined;
  /** With the one before; undefined when there was no sound one, or nothing to compare. */
  readonly overlap: number | undefined;
}

/**
 * Makes a snapshot the active one, after checking all of it and comparing it with the one that is active. The pointer
 * moves in one step. Throws `snapshot-unlike` when the two are too unlike, unless it is forced or was active before,
 * so that it has been accepted already.
 */
export function activateSnapshot(
  folder: DataFolder,
  version: string,
  { force = false }: { readonly force?: boolean } = {},
): Activation {
  const { graph } = loadSnapshot(folder, version);
  const previous = activeVersion(folder);
  const active = previous === version ? undefined : loadIfSound(folder, previous);
  const overlap = active && compareSnapshots(active.graph, graph);
  if (!force) assertLike(folder, version, overlap);
  pointTo(folder, version);
  return { previous, overlap };
}

/** Throws `snapshot-unlike` when a snapshot of that overlap may not become active unasked. */
export function assertLike(
  folder: DataFolder,
  version: string,
  overlap: number | undefined,
  least: number = overlapMin,
): void {
  if (overlap === undefined || overlap >= least || wasActive(folder, version)) return;
  throw new DataError(
    'snapshot-unlike',
    `snapshot ${version} recommends other things than the active one: the overlap of their top 50 is ` +
      `${overlap.toFixed(2)}, under ${least}. It is kept, but not activated. See whether the right data was ` +
      `imported; if this is meant, activate it with force (pinwalk snapshots activate ${version} --force)`,
  );
}

/** Moves the pointer, durably and in one step, to a snapshot that is known to be sound and accepted. */
export function pointTo(folder: DataFolder, version: string): void {
  const pointer = readPointer(folder);
  if (pointer?.active === version) return;
  const previous = pointer === undefined ? [] : [pointer.active, ...pointer.previous];
  writePointer(folder, { active: version, previous: previous.slice(0, previousMax) });
}

function wasActive(folder: DataFolder, version: string): boolean {
  return readPointer(folder)?.previous.includes(version) === true;
}

function loadIfSound(folder: DataFolder, version: string | undefined): LoadedSnapshot | undefined {
  try {
    return version === undefined ? undefined : loadSnapshot(folder, version);
  } catch (error) {
    if (error instanceof DataError) return undefined;
    throw error;
  }
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
  return pointer?.previous.find((version) => loadIfSound(folder, version) !== undefined);
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
 * Deletes these snapshots whatever they are, and leaves them out of the pointer; without the active one, there is no
 * pointer. Returns those that were there.
 */
export function dropSnapshots(folder: DataFolder, versions: readonly string[]): string[] {
  const pointer = readPointer(folder);
  const dropped = listSnapshots(folder)
    .map(({ version }) => version)
    .filter((version) => versions.includes(version));
  if (pointer !== undefined && dropped.includes(pointer.active)) rmSync(pointerFile(folder));
  else if (pointer !== undefined) {
    const previous = pointer.previous.filter((version) => !dropped.includes(version));
    writePointer(folder, { ...pointer, previous });
  }
  for (const version of dropped) rmSync(snapshotFile(folder, version), { force: true });
  return dropped;
}

/**
 * Loads the active snapshot. When it is damaged or gone, the last good one instead: those active before it,
 * then the newest; `onDamaged` hears of each that was passed over. Throws `no-active-snapshot` when there
 * is none to serve.
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

/**
 * The active version, and after a space what changes whenever the pointer names another snapshot or the file of the one
 * that it names was written anew; undefined while none is active.
 */
export function pointerMark(folder: DataFolder): string | undefined {
  const version = activeVersion(folder);
  if (version === undefined) return undefined;
  const written = statSync(snapshotFile(folder, version), { throwIfNoEntry: false })?.mtimeMs;
  return `${version} ${written}`;
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
