import { type PinBoardGraph, degreeOf } from '../graph/index.ts';
import { TopPins } from '../rank/index.ts';
import type { PowerTable } from '../sparse/index.ts';
import { nowhere } from './interleaved-walk.ts';
import type { PixieParams } from './pixie-params.ts';
import type { VisitTable } from './visit-table.ts';

/**
 * Whether the top of a walk that has made `share` of its steps is expected to agree with the top of the whole
 * walk in at least `stableOverlap` of its pins.
 *
 * Counts are taken for Poisson. Given c visits so far, the final count is c / share in the mean, with variance
 * c · (1 − share) / share²; so a pin c visits strong stays above the edge of the top, t visits strong (half-way
 * between the last pin in and the first out), with probability Φ((c − t) / √((c + t)(1 − share))). The mean of
 * these over the top is the overlap to expect. Scores enter by their discounts; query pins and excluded ones are
 * in the top like others. O(distinct pins · log stableTop).
 */
export function isTopStable(
  graph: PinBoardGraph,
  visits: VisitTable,
  share: number,
  params: PixieParams,
  discounts: PowerTable,
): boolean {
  const { stableOverlap } = params;
  // Of a few pins, all are in the top at once: then the better half of them has to be stable.
  const pinsVisited = visits.size - Number(visits.visitCountOf(nowhere) > 0);
  const topMax = Math.min(params.stableTop, pinsVisited >> 1);
  const top = new TopPins(topMax + 1);
  for (let place = 0; place < visits.size; place++) {
    const slot = visits.touched[place]!;
    const pin = visits.entries[2 * slot]!;
    if (pin === nowhere) continue;
    top.offer(pin, visits.entries[2 * slot + 1]! * discounts.of(degreeOf(graph.pinToBoard, pin)));
  }
  const best = top.drain();
  const stableTop = best.length - 1;
  if (stableTop < 1) return true;
  const varianceOf = (rank: number): number =>
    best[rank]!.score * discounts.of(degreeOf(graph.pinToBoard, best[rank]!.pin)) * (1 - share);
  const edge = (best[stableTop - 1]!.score + best[stableTop]!.score) / 2;
  let overlap = 0;
  for (let rank = 0; rank < stableTop; rank++) {
    overlap += normalCdf((best[rank]!.score - edge) / Math.sqrt(varianceOf(rank) + varianceOf(stableTop)));
  }
  return overlap >= stableOverlap * stableTop;
}

/** Φ by Abramowitz and Stegun 7.1.26, absolute error under 1.5e-7. */
function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - poly * Math.exp(-x * x);
  return z < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
}
