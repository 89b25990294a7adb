import type { PinBoardGraph } from '../../../engine/index.ts';
import { DataError, type DataFolder, moduleBeside, openDataFolder } from '../../../graph-data/base/index.ts';
import { Store, asDataError } from '../../../graph-data/database/index.ts';
import {
  type LoadOptions,
  type LoadedSnapshot,
  compareSnapshots,
  listSnapshots,
  loadActiveSnapshot,
  loadSnapshot,
} from '../../../graph-data/snapshot/index.ts';
import { runInThread } from '../threads/index.ts';
import { reserveFor } from './graph-follower.ts';

export interface LoadTask {
  readonly dataFolder: string;
  /** Default: the active one, or the newest intact one if that is damaged. */
  readonly version?: string;
  /** The served graph. */
  readonly compareWith?: PinBoardGraph;
}

export interface Loaded {
  readonly snapshot: LoadedSnapshot;
  /** With the served graph; undefined when there is none, or nothing to compare. */
  readonly overlap: number | undefined;
  readonly warmUpKeys: readonly string[];
  /** Why snapshots were skipped. */
  readonly faults: readonly string[];
}

const warmUpKeysMax = 100;
/** Between two pins of a comparison, each of which takes 1 ms. */
const restMs = 4;
/** Loaded in about 0.1 s. */
const bytesHereMax = 64e6;
const loadWorker = moduleBeside('load-worker', import.meta.url);

function loadIntact(folder: DataFolder, options: LoadOptions, faults: string[]): LoadedSnapshot {
  try {
    return loadActiveSnapshot(folder, (fault) => faults.push(fault.message), options);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw new DataError(error.code, [error.message, ...faults].join('; '), { cause: error });
  }
}

/**
 * Leaves the cores to threads that serve: even at the lowest priority, work without a rest delays requests. With rests, 0.63 as many
 * take over 10 ms beside a swap (docs/perf-notes.md).
 */
function rest(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, restMs);
}

/** Loads a snapshot, and what its workers begin with. */
export function loadFor({ dataFolder, version, compareWith }: LoadTask): Loaded {
  const folder = openDataFolder(dataFolder);
  const faults: string[] = [];
  const store = Store.open(folder);
  try {
    const options = { reserve: reserveFor, database: store.database };
    const snapshot =
      version === undefined ? loadIntact(folder, options, faults) : loadSnapshot(folder, version, options);
    const overlap = compareWith && compareSnapshots(compareWith, snapshot.graph, { rest });
    return { snapshot, overlap, warmUpKeys: store.firstPinKeys(warmUpKeysMax), faults };
  } catch (error) {
    throw asDataError(folder, error);
  } finally {
    store.close();
  }
}

/**
 * Loads a snapshot in a thread of its own, in the background with the lowest priority. While nobody is served, small ones are loaded
 * here: in less time than the thread takes to load its code.
 */
export async function load(
  task: LoadTask,
  options: { readonly signal: AbortSignal; readonly isInBackground: boolean },
): Promise<Loaded> {
  const snapshots = listSnapshots(openDataFolder(task.dataFolder));
  const areSmall = snapshots.every(({ bytes }) => bytes < bytesHereMax);
  // A mistyped version is refused at once: on a busy machine, the thread takes seconds to start.
  const isUnknown = task.version !== undefined && !snapshots.some(({ version }) => version === task.version);
  const isHere = isUnknown || (areSmall && !options.isInBackground);
  return isHere ? loadFor(task) : runInThread(loadWorker, task, options);
}
