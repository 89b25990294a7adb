import { type FSWatcher, watch } from 'node:fs';
import { type DataFolder, type PointerMark, moveTo, pointerMark } from '../../../graph-data/index.ts';
import { Problem } from '../../base/index.ts';

/** Polled as well as watched: not every file system reports changes. */
const pollMs = 1_000;

interface PointerWatchOptions {
  /** Called when another process has made another snapshot the active one, or pinned or released it. */
  readonly onMove: (version: string) => void;
  /** While true, a move is not reported; it is afterwards. */
  readonly isBusy: () => boolean;
  /** Called every second. */
  readonly onTick: () => void;
}

/** Watches the pointer to the active snapshot. */
export class PointerWatch {
  readonly #folder: DataFolder;
  readonly #options: PointerWatchOptions;
  #seen: PointerMark | undefined;
  #watcher: FSWatcher | undefined;
  #poll: NodeJS.Timeout | undefined;

  constructor(folder: DataFolder, options: PointerWatchOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  start(): void {
    this.#poll = setInterval(() => {
      this.#check();
      this.#options.onTick();
    }, pollMs).unref();
    try {
      this.#watcher = watch(this.#folder.snapshots, { persistent: false }, (_event, name) => {
        if (name === null || name === 'active.json') this.#check();
      });
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      // The system has no watches left, or the file system none at all: polling suffices.
    }
  }

  /** The active snapshot, if it is pinned, as far as is known. */
  get pinned(): string | undefined {
    return this.#seen?.isPinned === true ? this.#seen.active : undefined;
  }

  /** Throws `conflict` if another process has moved the watched pointer, which is not reported yet. */
  assertUnmoved(): void {
    if (this.#poll === undefined) return;
    const now = pointerMark(this.#folder);
    // A build may have rewritten the file of the active snapshot.
    if (now?.active === this.#seen?.active && now?.isPinned === this.#seen?.isPinned) return;
    throw new Problem(
      'conflict',
      'another process has activated a snapshot meanwhile: this one is not activated',
    );
  }

  /** Moves the pointer; see `moveTo` for `pin`. */
  moveTo(version: string, pin: boolean | undefined): void {
    moveTo(this.#folder, version, pin);
    this.markSeen();
  }

  /** Marks the present position of the pointer as known. */
  markSeen(): void {
    this.#seen = pointerMark(this.#folder);
  }

  stop(): void {
    clearInterval(this.#poll);
    this.#watcher?.close();
  }

  #check(): void {
    if (this.#options.isBusy()) return;
    let mark: PointerMark | undefined;
    try {
      mark = pointerMark(this.#folder);
    } catch {
      return; // A folder that is unreadable for a while is no reason to stop serving.
    }
    if (mark === undefined || mark.text === this.#seen?.text) return;
    this.#seen = mark;
    this.#options.onMove(mark.active);
  }
}
