import { type FSWatcher, watch } from 'node:fs';
import { type DataFolder, pointerMark } from '../../../graph-data/index.ts';

/** Polled as well as watched: not every file system reports changes. */
const pollMs = 1_000;

interface PointerWatchOptions {
  /** Called when another process has made another snapshot the active one. */
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
  #seen: string | undefined;
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
    let mark: string | undefined;
    try {
      mark = pointerMark(this.#folder);
    } catch {
      return; // A folder that is unreadable for a while is no reason to stop serving.
    }
    if (mark === undefined || mark === this.#seen) return;
    this.#seen = mark;
    this.#options.onMove(mark.slice(0, mark.indexOf(' ')));
  }
}
