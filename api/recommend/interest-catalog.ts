import { InterestIndex } from '../../engine/interests/index.ts';
import { DataError, type DataFolder } from '../../graph-data/base/index.ts';
import {
  type InterestEdits,
  InterestTree,
  editsFile,
  readEdits,
  readTree,
  writeEdits,
} from '../../graph-data/interests/index.ts';
import type { LoadedSnapshot } from '../../graph-data/snapshot/index.ts';
import { Problem } from '../base/index.ts';
import { WatchedFile } from './watched-file.ts';

/** The interests of a snapshot, edits included. */
export interface ServedInterests {
  readonly tree: InterestTree;
  readonly index: InterestIndex;
  readonly edits: InterestEdits;
}

/**
 * The interests of a data folder's snapshots, read on first use: a server without requests for interests reads
 * no tree. One a thread: edits by another thread or process count within half a second.
 */
export class InterestCatalog {
  readonly #folder: DataFolder;
  readonly #edits: WatchedFile<InterestEdits>;
  #last: { readonly snapshot: LoadedSnapshot; readonly served: ServedInterests } | undefined;

  /** Throws `interests-unusable` for edits that cannot be read; later faults are reported, and the last good edits stay. */
  constructor(folder: DataFolder, now: () => number, onFault: (error: unknown) => void) {
    this.#folder = folder;
    const read = (): InterestEdits => readEdits(folder, onFault);
    this.#edits = new WatchedFile({ file: editsFile(folder), read, now, onFault });
  }

  get edits(): InterestEdits {
    return this.#edits.value;
  }

  /** Without interests for a snapshot that has none. Throws the problem `storage-unavailable` for a damaged tree. */
  of(snapshot: LoadedSnapshot): ServedInterests {
    const { edits } = this;
    if (this.#last?.snapshot === snapshot && this.#last.served.edits === edits) return this.#last.served;
    const { graph, communities, version } = snapshot;
    const built = communities === undefined ? [] : stored(() => readTree(this.#folder, version) ?? []);
    const tree = new InterestTree(built, edits);
    const none = { levels: 0, pins: new Int32Array(0), boards: new Int32Array(0) };
    const served = { tree, index: new InterestIndex(graph, communities ?? none, tree.placed), edits };
    this.#last = { snapshot, served };
    return served;
  }

  /** Replaces the edits, durably. Throws the problem `storage-unavailable`. */
  write(edits: InterestEdits): void {
    stored(() => writeEdits(this.#folder, edits));
    this.#edits.wrote(edits);
  }
}

function stored<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw new Problem('storage-unavailable', error.message, [], { 'Retry-After': '1' });
  }
}
