import type { DataFolder } from '../data-folder.ts';
import { DataError } from '../errors.ts';
import {
  type Pointer,
  activeVersion,
  pointTo,
  readIntactPointer,
  readPointer,
  writePointer,
} from './active-pointer.ts';
import { hasNewer } from './catalog.ts';
import { compareSnapshots } from './compare.ts';
import { type LoadedSnapshot, loadSnapshot } from './load-snapshot.ts';

/**
 * Minimum overlap ({@link compareSnapshots}) with the active snapshot to be activated without force. Measured overlaps:
 * with 20 % more saves 0.69 to 0.84 on synthetic graphs of 30,000 to 2.3 M saves and 0.89 on the sample graph; with
 * twice or half as many, 0.36 to 0.64 and 0.81 to 0.85; with other topics or noise on the same pins, 0.02 to 0.06; with
 * another seed of the same generator, which keeps the popular pins, 0.24 to 0.56. So a graph may double between two
 * builds, and an import that mixed up its columns is refused.
 */
export const overlapMin = 0.3;

interface Activation {
  /** The version active before. */
  readonly previous: string | undefined;
  /** Overlap with it; undefined if there was none, it is damaged, or it recommends nothing. */
  readonly overlap: number | undefined;
}

export interface ActivationOptions {
  /** Even if the overlap with the active snapshot is too small. */
  readonly force?: boolean | undefined;
  /** Whether to pin it: no build replaces it then, until another activation. Default: if there is a newer snapshot. */
  readonly pin?: boolean | undefined;
}

/**
 * Makes a snapshot the active one, after verifying it and comparing it with the active one. The pointer is replaced
 * atomically. Throws `snapshot-unlike` if their overlap is too small, unless `force` is set or the snapshot was active
 * before, and the codes of {@link loadSnapshot}.
 */
export function activateSnapshot(
  folder: DataFolder,
  version: string,
  { force = false, pin }: ActivationOptions = {},
): Activation {
  const { graph } = loadSnapshot(folder, version);
  const previous = activeVersion(folder);
  const active = previous === version ? undefined : loadIfIntact(folder, previous);
  const overlap = active && compareSnapshots(active.graph, graph);
  if (!force) assertSimilar(folder, version, overlap);
  moveTo(folder, version, pin);
  return { previous, overlap };
}

/** Points to a snapshot without checking it; `pin` as in {@link ActivationOptions}. */
export function moveTo(folder: DataFolder, version: string, pin: boolean = hasNewer(folder, version)): void {
  pointTo(folder, version, pin);
}

/** Throws `snapshot-unlike` if the overlap is below `least`, unless the snapshot was active before. */
export function assertSimilar(
  folder: DataFolder,
  version: string,
  overlap: number | undefined,
  least: number = overlapMin,
): void {
  if (overlap === undefined || overlap >= least) return;
  if (readPointer(folder)?.previous.includes(version) === true) return;
  throw new DataError(
    'snapshot-unlike',
    `snapshot ${version} recommends other pins than the active one: the overlap of their top 50 is ` +
      `${overlap.toFixed(2)}, under ${least}. It is kept, but not activated. Check that the right data was ` +
      `imported; if the change is intended, activate it with force (pinwalk snapshots activate ${version} --force)`,
  );
}

/**
 * Activates and pins the snapshot that was active before the present one, and skips damaged ones. Returns its version. Throws
 * `snapshot-unknown` if there is none.
 */
export function rollbackSnapshot(folder: DataFolder): string {
  const pointer = readIntactPointer(folder);
  const version = rollbackTarget(folder, pointer);
  if (pointer === undefined || version === undefined) {
    throw new DataError('snapshot-unknown', 'there is no earlier snapshot to roll back to');
  }
  writePointer(folder, {
    active: version,
    previous: pointer.previous.slice(pointer.previous.indexOf(version) + 1),
    pinned: true,
  });
  return version;
}

/** The latest intact snapshot of those that were active before. */
export function rollbackTarget(folder: DataFolder, pointer: Pointer | undefined): string | undefined {
  return pointer?.previous.find((version) => loadIfIntact(folder, version) !== undefined);
}

function loadIfIntact(folder: DataFolder, version: string | undefined): LoadedSnapshot | undefined {
  try {
    return version === undefined ? undefined : loadSnapshot(folder, version);
  } catch (error) {
    if (error instanceof DataError) return undefined;
    throw error;
  }
}
