import type { PinBoardGraph } from '../../../engine/index.ts';
import { DataError, type DataFolder, openDataFolder } from '../../../graph-data/base/index.ts';
import { Store, asDataError } from '../../../graph-data/database/index.ts';
import {
  type LoadOptions,
  type LoadedSnapshot,
  compareSnapshots,
  loadActiveSnapshot,
  loadSnapshot,
} from '../../../graph-data/snapshot/index.ts';
import { runForParent } from '../threads/index.ts';
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

function loadIntact(folder: DataFolder, options: LoadOptions, faults: string[]): LoadedSnapshot {
  try {
    return loadActiveSnapshot(folder, (fault) => faults.push(fault.message), options);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw new DataError(error.code, [error.message, ...faults].join('; '), { cause: error });
  }
}

await runForParent(({ dataFolder, version, compareWith }: LoadTask): Loaded => {
  const folder = openDataFolder(dataFolder);
  const faults: string[] = [];
  const store = Store.open(folder);
  try {
    const options = { reserve: reserveFor, database: store.database };
    const snapshot =
      version === undefined ? loadIntact(folder, options, faults) : loadSnapshot(folder, version, options);
    const overlap = compareWith && compareSnapshots(compareWith, snapshot.graph);
    return { snapshot, overlap, warmUpKeys: store.firstPinKeys(warmUpKeysMax), faults };
  } catch (error) {
    throw asDataError(folder, error);
  } finally {
    store.close();
  }
});
