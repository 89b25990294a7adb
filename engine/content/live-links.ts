import { type PinIndex, sharedFloat32Array, sharedInt32Array } from '../graph/index.ts';
import type { ScoredPin } from '../rank/index.ts';

/**
 * Near pins of pins whose words came or changed after the build: written by one thread, read by others at the same time. Lists
 * are rows, and only ever added: a pin's latest row replaces the one before, and what the build stored.
 */
export interface LiveLinks {
  /** Rows and entries written. */
  readonly counts: Int32Array<SharedArrayBuffer>;
  /** By pin: 0 if it is as built, −1 if it has no list now, −2 if it was deleted, else 1 + its latest row. */
  readonly rowOf: Int32Array<SharedArrayBuffer>;
  /** By row: its entries are e in [starts[row], starts[row + 1]). */
  readonly starts: Int32Array<SharedArrayBuffer>;
  /** By row: the pin whose list it is. */
  readonly targets: Int32Array<SharedArrayBuffer>;
  /** By entry: the near pin, its weight, and the row. */
  readonly pins: Int32Array<SharedArrayBuffer>;
  readonly weights: Float32Array<SharedArrayBuffer>;
  readonly rows: Int32Array<SharedArrayBuffer>;
  /** By near pin: 1 + its last entry; by entry: 1 + the entry of the same near pin before. */
  readonly last: Int32Array<SharedArrayBuffer>;
  readonly before: Int32Array<SharedArrayBuffer>;
}

/** Room for the lists of so many pins; a page that is never written takes no memory. */
const rowsMax = 2 ** 14;
const entriesPerRow = 128;
/** Stays: the number of a deleted pin is never given again. */
const deleted = -2;

/** For a graph of so many pins, its reserve included. O(pins). */
export function createLiveLinks(pinCount: number): LiveLinks {
  const entries = rowsMax * entriesPerRow;
  return {
    counts: sharedInt32Array(2),
    rowOf: sharedInt32Array(pinCount),
    starts: sharedInt32Array(rowsMax + 1),
    targets: sharedInt32Array(rowsMax),
    pins: sharedInt32Array(entries),
    weights: sharedFloat32Array(entries),
    rows: sharedInt32Array(entries),
    last: sharedInt32Array(pinCount),
    before: sharedInt32Array(entries),
  };
}

/** Whether there is no room for a list: a build is due. */
export function areLinksFull({ counts, starts, pins }: LiveLinks): boolean {
  return (
    Atomics.load(counts, 0) + 1 >= starts.length || Atomics.load(counts, 1) + entriesPerRow > pins.length
  );
}

/** Removes the list of a deleted pin for good. Any thread may do so while another one writes lists. O(1). */
export function removeLinks({ rowOf }: LiveLinks, pin: PinIndex): void {
  if (pin < rowOf.length) Atomics.store(rowOf, pin, deleted);
}

/**
 * Replaces the list of a pin; an empty one removes it. Entries are complete before a reader can find them, and nobody finds those of a
 * pin that was deleted while its list was made. Returns false, and changes nothing, without room. O(near).
 */
export function putLinks(live: LiveLinks, target: PinIndex, near: readonly ScoredPin[]): boolean {
  if (target >= live.rowOf.length) return false;
  const before = Atomics.load(live.rowOf, target);
  if (before === deleted) return true;
  if (near.length === 0) {
    Atomics.compareExchange(live.rowOf, target, before, -1);
    return true;
  }
  const [row, from] = [live.counts[0]!, live.counts[1]!];
  const kept = near.slice(0, entriesPerRow);
  if (areLinksFull(live)) return false;
  live.targets[row] = target;
  live.starts[row] = from;
  for (const [i, { pin, score }] of kept.entries()) {
    live.pins[from + i] = pin;
    live.weights[from + i] = score;
    live.rows[from + i] = row;
    live.before[from + i] = live.last[pin]!;
  }
  live.starts[row + 1] = from + kept.length;
  Atomics.store(live.counts, 1, from + kept.length);
  Atomics.store(live.counts, 0, row + 1);
  // Only a deletion can have come between.
  Atomics.compareExchange(live.rowOf, target, before, row + 1);
  for (const [i, { pin }] of kept.entries()) Atomics.store(live.last, pin, from + i + 1);
  return true;
}
