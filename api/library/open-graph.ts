import {
  type DataFolder,
  type GraphCounts,
  type LoadedSnapshot,
  Store,
  loadActiveSnapshot,
  loadSnapshot,
  localModels,
  messageOf,
  openExistingDataFolder,
} from '../../graph-data/index.ts';
import { validate } from '../base/index.ts';
import { Recommender, assertNotShown } from '../recommend/index.ts';
import { PresetCatalog } from '../recommend/presets/index.ts';
import type { RecommendationRequest } from '../contract/index.ts';

export interface OpenGraphOptions {
  /** Version of the snapshot to open. Default: the active one. */
  readonly snapshot?: string | undefined;
  /** Called with the reason when a damaged snapshot is skipped. Default: a warning of the process. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** A snapshot in memory and the database beside it, until it is closed. */
export class OpenGraph implements Disposable {
  readonly snapshot: LoadedSnapshot;
  /** The contents of the snapshot. */
  readonly counts: GraphCounts;
  readonly store: Store;
  /** The data folder's own presets. */
  readonly presets: PresetCatalog;
  readonly #recommender: Recommender;
  #isClosed = false;

  constructor(folder: DataFolder, snapshot: LoadedSnapshot, store: Store, presets: PresetCatalog) {
    this.snapshot = snapshot;
    this.counts = snapshot.header.counts;
    this.store = store;
    this.presets = presets;
    this.#recommender = new Recommender({
      store,
      folder,
      models: localModels(folder, Date.now),
      now: () => performance.now(),
      wallClock: Date.now,
    });
  }

  /** Of the snapshot: `graphVersion` of its answers. */
  get version(): string {
    return this.snapshot.version;
  }

  /** What answers on it, one request after another. Throws once it is closed. */
  get recommender(): Recommender {
    if (this.#isClosed) throw new Error('this graph is closed: open it again with openGraph');
    return this.#recommender;
  }

  /** A request, checked, with its defaults. Throws a `Problem`: `invalid-request` with every fault. */
  checked(request: unknown): RecommendationRequest {
    const checked = validate(this.presets.request, request);
    assertNotShown(checked);
    return checked;
  }

  /** Closes the database. The graph's memory goes when nobody holds this any more. Closing twice is no fault. */
  close(): void {
    if (!this.#isClosed) this.store.close();
    this.#isClosed = true;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Opens a data folder's active snapshot for queries: the graph goes to memory, 8 bytes a save and a pin and 12
 * a board, at 0.7 to 1 GB/s. Later builds are not seen: open anew. Throws `DataError`, with the codes
 * `no-active-snapshot` (build one first), `snapshot-damaged`, `snapshot-unknown`, `presets-unusable` and
 * `data-folder-unusable`.
 */
export function openGraph(dataFolder: string, options: OpenGraphOptions = {}): OpenGraph {
  const { snapshot: version, onWarning = (message) => process.emitWarning(message) } = options;
  const folder = openExistingDataFolder(dataFolder);
  const snapshot =
    version === undefined
      ? loadActiveSnapshot(folder, (fault) => onWarning(fault.message))
      : loadSnapshot(folder, version);
  const onFault = (fault: unknown): void => onWarning(messageOf(fault));
  const presets = new PresetCatalog(folder, () => performance.now(), onFault);
  return new OpenGraph(folder, snapshot, Store.open(folder), presets);
}
