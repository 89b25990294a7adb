import { check } from '../base/index.ts';
import { type PinBoardGraph, degreeOf, nodeCount } from '../graph/index.ts';
import type { IsExcluded, TopPins } from '../rank/index.ts';

/** Pins by number of saves, most first. */
export interface Popularity {
  readonly counts: Int32Array;
  /** All pins with a save, by count, ties to the smaller index. */
  readonly order: Int32Array;
}

/** Popularity by the boards of each pin: all saves, ever. O(pins · log pins). */
export function popularityOf({ pinToBoard }: PinBoardGraph): Popularity {
  return popularityFrom(
    Int32Array.from({ length: nodeCount(pinToBoard) }, (_, pin) => degreeOf(pinToBoard, pin)),
  );
}

/** Popularity by counts from elsewhere: the saves within a window of time. Negative counts are refused. */
export function popularityFrom(counts: Int32Array): Popularity {
  check(
    counts.every((count) => count >= 0),
    'counts',
    'has a negative count',
  );
  const saved = Int32Array.from(counts.keys()).filter((pin) => counts[pin]! > 0);
  return { counts, order: saved.toSorted((a, b) => counts[b]! - counts[a]! || a - b) };
}

/**
 * The most saved pins that are not excluded: the baseline, and what is recommended to somebody new. A pin's score
 * is its count. O(k + pins that are excluded before the k-th).
 */
export function popular(
  { counts, order }: Popularity,
  top: TopPins,
  isExcluded?: IsExcluded,
): { readonly candidates: number } {
  for (const pin of order) {
    if (!top.wouldKeep(pin, counts[pin]!)) break;
    if (isExcluded?.(pin) !== true) top.offer(pin, counts[pin]!);
  }
  return { candidates: order.length };
}

/** The same by all saves of a graph as it is now, for one that is written to: no order is kept. O(pins + k log k). */
export function popularNow(
  { pinToBoard }: PinBoardGraph,
  top: TopPins,
  isExcluded?: IsExcluded,
): { readonly candidates: number } {
  let candidates = 0;
  for (let pin = 0; pin < nodeCount(pinToBoard); pin++) {
    const degree = degreeOf(pinToBoard, pin);
    if (degree === 0) continue;
    candidates++;
    if (top.wouldKeep(pin, degree) && isExcluded?.(pin) !== true) top.offer(pin, degree);
  }
  return { candidates };
}
