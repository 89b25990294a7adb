import { workerData } from 'piscina';
import { openDataFolder } from '../../../graph-data/base/index.ts';
import { Store } from '../../../graph-data/database/index.ts';
import { localModels } from '../../../graph-data/models/index.ts';
import type { LoadedSnapshot } from '../../../graph-data/snapshot/index.ts';
import { type NodeKind, nodeNames } from '../../../engine/index.ts';
import { Problem } from '../../base/index.ts';
import type { RecommendationRequest, RecommendedItem } from '../../contract/index.ts';
import { Recommender } from '../../recommend/index.ts';
import { reportLoaded } from '../pool/index.ts';

/** What all threads share. */
export interface BulkData {
  readonly dataFolder: string;
  readonly snapshot: LoadedSnapshot;
  /** The request of every node; its query replaces this one. */
  readonly request: RecommendationRequest;
  readonly kind: NodeKind;
  /** Milliseconds since 1970: one time for all requests. */
  readonly time: number;
}

/** The nodes with indexes from `from` up to and without `to`. */
export interface BulkTask {
  readonly from: number;
  readonly to: number;
}

export interface BulkLists {
  /** In the order of their indexes. */
  readonly lists: readonly { readonly key: string; readonly items: readonly RecommendedItem[] }[];
  /** Nodes that the graph does not have: pins newer than the snapshot, which need a build. */
  readonly unknown: number;
}

const { dataFolder, snapshot, request, kind, time } = workerData as BulkData;
const folder = openDataFolder(dataFolder);
const store = Store.open(folder);
const recommender = new Recommender({
  store,
  folder,
  models: localModels(folder, () => time),
  now: () => performance.now(),
  wallClock: () => time,
});
reportLoaded();

/** Runs in a worker thread: one request a node, by the code that serves it. */
export default function recommendForNodes({ from, to }: BulkTask): BulkLists {
  const lists: { key: string; items: readonly RecommendedItem[] }[] = [];
  let unknown = 0;
  for (let index = from; index < to; index++) {
    const key = store.keyAt(kind, index);
    // A removed node has left its index.
    if (key === undefined) continue;
    const items = itemsFor(key);
    if (items === undefined) unknown++;
    else lists.push({ key, items });
  }
  return { lists, unknown };
}

function itemsFor(key: string): readonly RecommendedItem[] | undefined {
  const query = [{ [nodeNames[kind]]: key, weight: 1 }];
  try {
    return recommender.recommend(snapshot, { ...request, query }).items;
  } catch (error) {
    if (error instanceof Problem && error.code === `unknown-${nodeNames[kind]}`) return undefined;
    throw error;
  }
}
