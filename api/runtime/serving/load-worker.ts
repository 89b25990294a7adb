import type { PinBoardGraph } from '../../../engine/index.ts';
import {
  DataError,
  type DataFolder,
  type LoadOptions,
  type LoadedSnapshot,
  Store,
  compareSnapshots,
  loadActiveSnapshot,
  loadSnapshot,
  openDataFolder,
} from '../../../graph-data/index.ts';
import { answerParent } from '../threads/index.ts';
import { reserveFor } from './graph-follower.ts';

export interface LoadTask {
  readonly dataFolder: string;
  /** Default: the active one, or the last good one instead. */
  readonly version?: string;
  /** The graph that is served now. */
  readonly compareWith?: PinBoardGraph;
}

export interface Loaded {
  readonly snapshot: LoadedSnapshot;
  /** With the graph that is served now; undefined when there is none, or nothing to compare. */
  readonly overlap: number | undefined;
  readonly warmUpKeys: readonly string[];
  /** Why snapshots were passed over. */
  readonly faults: readonly string[];
}

const warmUpKeysMax = 100;

function loadLastGood(folder: DataFolder, options: LoadOptions, faults: string[]): LoadedSnapshot {
  try {
    return loadActiveSnapshot(folder, (fault) => faults.push(fault.message), options);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw new DataError(error.code, [error.message, ...faults].join('; '), { cause: error });
  }
}

await answerParent(({ dataFolder, version, compareWith }: LoadTask): Loaded => {
  const folder = openDataFolder(dataFolder);
  const faults: string[] = [];
  const store = Store.open(folder);
  try {
    const options = { reserve: reserveFor, database: store.database };
    const snapshot =
      version === undefined ? loadLastGood(folder, options, faults) : loadSnapshot(folder, version, options);
    const overlap = compareWith && compareSnapshots(compareWith, snapshot.graph);
    return { snapshot, overlap, warmUpKeys: store.firstPinKeys(warmUpKeysMax), faults };
  } finally {
    store.close();
  }
});
