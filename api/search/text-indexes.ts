import {
  type DataFolder,
  type LoadedSnapshot,
  type SearchIndex,
  buildSearchIndex,
} from '../../graph-data/index.ts';

/** The index of a snapshot's texts; `none` where nothing is written. */
export type IndexState = 'ready' | 'building' | 'none';

interface Entry {
  readonly made: Promise<SearchIndex | undefined>;
  /** Resolves when searches no longer wait for the index. */
  readonly patience: Promise<void>;
  index: SearchIndex | undefined;
  state: IndexState;
}

/** How long the first searches of a snapshot wait for its index: enough for some 10,000 pins. */
const patienceMs = 1_000;

/** The index of each snapshot's texts, made in a thread at its first search. */
export class TextIndexes {
  readonly #folder: DataFolder;
  readonly #randomArm: string | undefined;
  readonly #onFault: (error: unknown) => void;
  readonly #entries = new WeakMap<LoadedSnapshot, Entry>();

  /** `randomArm`: the arm of searches in random order, where clicks are to count. */
  constructor(folder: DataFolder, onFault: (error: unknown) => void, randomArm: string | undefined) {
    this.#folder = folder;
    this.#randomArm = randomArm;
    this.#onFault = onFault;
  }

  /** The index, if it is ready within a second of the first search; later searches do not wait. */
  async of(snapshot: LoadedSnapshot): Promise<{ index: SearchIndex | undefined; state: IndexState }> {
    const entry = this.#entries.get(snapshot) ?? this.#start(snapshot);
    if (entry.state === 'building') await Promise.race([entry.made, entry.patience]);
    return entry;
  }

  /** The index, however long it takes. */
  async whole(snapshot: LoadedSnapshot): Promise<SearchIndex | undefined> {
    return (this.#entries.get(snapshot) ?? this.#start(snapshot)).made;
  }

  async #finish(entry: Entry): Promise<void> {
    entry.index = await entry.made;
    entry.state = entry.index === undefined ? 'none' : 'ready';
  }

  #start(snapshot: LoadedSnapshot): Entry {
    const made = buildSearchIndex(this.#folder, snapshot.graph, this.#randomArm).catch((error: unknown) => {
      this.#onFault(error);
      return undefined;
    });
    const patience = new Promise<void>((resolve) => {
      setTimeout(resolve, patienceMs).unref();
    });
    const entry: Entry = { made, patience, index: undefined, state: 'building' };
    this.#entries.set(snapshot, entry);
    void this.#finish(entry);
    return entry;
  }
}
