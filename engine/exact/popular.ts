import { Work, prices } from '../base/index.ts';
import { type PinBoardGraph, degreeOf, nodeCount } from '../graph/index.ts';
import type { IsExcluded, TopPins } from '../rank/index.ts';

/** The ranking of pins by saves. */
export interface Popularity {
  readonly counts: Int32Array;
  /** All pins with a save, by count, descending; ties go to the smaller index. */
  readonly order: Int32Array;
}

/** The ranking by all saves of a graph. O(pins · log pins). */
export function popularityOf({ pinToBoard }: PinBoardGraph): Popularity {
  const counts = Int32Array.from({ length: nodeCount(pinToBoard) }, (_, pin) => degreeOf(pinToBoard, pin));
  const saved = Int32Array.from(counts.keys()).filter((pin) => counts[pin]! > 0);
  return { counts, order: saved.toSorted((a, b) => counts[b]! - counts[a]! || a - b) };
}

/**
 * The most saved pins, except excluded ones: the baseline, and the recommendations for new users. The score is the number
 * of saves. O(k log k + excluded pins before the k-th).
 */
export function popular(
  { counts, order }: Popularity,
  top: TopPins,
  isExcluded?: IsExcluded,
  work: Work = new Work(),
): { readonly candidates: number } {
  for (const pin of order.subarray(0, work.take(order.length, prices.node))) {
    if (!top.wouldKeep(pin, counts[pin]!)) break;
    if (isExcluded?.(pin) !== true) top.offer(pin, counts[pin]!);
  }
  return { candidates: order.length };
}

/** Like {@link popular}, for a live graph, by its saves at the moment of the call. O(pins + k log k). */
export function popularNow(
  { pinToBoard }: PinBoardGraph,
  top: TopPins,
  isExcluded?: IsExcluded,
  work: Work = new Work(),
): { readonly candidates: number } {
  let candidates = 0;
  const pinsMax = work.take(nodeCount(pinToBoard), prices.node);
  for (let pin = 0; pin < pinsMax; pin++) {
    const degree = degreeOf(pinToBoard, pin);
    if (degree === 0) continue;
    candidates++;
    if (top.wouldKeep(pin, degree) && isExcluded?.(pin) !== true) top.offer(pin, degree);
  }
  return { candidates };
}
