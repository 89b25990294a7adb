import { type FSWatcher, watch } from 'node:fs';
import { type DataFolder, pointerMark } from '../../../graph-data/index.ts';

/** Looks this often also without being told: not every file system tells. */
const pollMs = 1_000;

/** Hears when another process has made another snapshot the active one. */
export class PointerWatch {
  readonly #folder: DataFolder;
  readonly #onMove: (version: string) => void;
  readonly #isBusy: () => boolean;
  readonly #onTick: () => void;
  #seen: string | undefined;
  #watcher: FSWatcher | undefined;
  #poll: NodeJS.Timeout | undefined;

  /** While `isBusy`, nothing is told: it is told afterwards. `onTick` is called every second. */
  constructor(
    folder: DataFolder,
    onMove: (version: string) => void,
    isBusy: () => boolean,
    onTick: () => void,
  ) {
    this.#folder = folder;
    this.#onMove = onMove;
    this.#isBusy = isBusy;
    this.#onTick = onTick;
  }

  start(): void {
    this.#poll = setInterval(() => {
      this.#look();
      this.#onTick();
    }, pollMs).unref();
    try {
      this.#watcher = watch(this.#folder.snapshots, { persistent: false }, (_event, name) => {
        if (name === null || name === 'active.json') this.#look();
      });
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      // No watches are left, or the file system has none: the poll does.
    }
  }

  /** Takes the pointer as it is for known. */
  markSeen(): void {
    this.#seen = pointerMark(this.#folder);
  }

  stop(): void {
    clearInterval(this.#poll);
    this.#watcher?.close();
  }

  #look(): void {
    if (this.#isBusy()) return;
    let mark: string | undefined;
    try {
      mark = pointerMark(this.#folder);
    } catch {
      return; // A folder that cannot be read for a while is no reason to stop serving.
    }
    if (mark === undefined || mark === this.#seen) return;
    this.#seen = mark;
    this.#onMove(mark.slice(0, mark.indexOf(' ')));
  }
}
