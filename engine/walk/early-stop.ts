import { type PinBoardGraph, degreeOf } from '../graph/index.ts';
import { TopPins } from '../rank/index.ts';
import type { PowerTable } from '../sparse/index.ts';
import { lostNode } from './lane-layout.ts';
import type { PixieParams } from './pixie-params.ts';
import type { VisitTable } from './visit-table.ts';

/**
 * Whether a walk may stop after a share p of its steps: whether its top is expected to share at least `stableOverlap` of
 * its pins with the top of the full walk.
 *
 * Visit counts are modelled as Poisson. Given c visits so far, the final count has mean c / p and variance
 * c · (1 − p) / p². A pin with c visits therefore stays above the edge of the top, at t visits (halfway between the last
 * pin in and the first pin out), with probability Φ((c − t) / √((c + t)(1 − p))). The mean of these probabilities over
 * the top is the expected overlap. Counts are weighted by the popularity discount; query pins and excluded pins take part.
 * O(distinct pins · log stableTop).
 */
export function isTopStable(
  graph: PinBoardGraph,
  visits: VisitTable,
  share: number,
  params: PixieParams,
  discounts: PowerTable,
): boolean {
  const { stableOverlap } = params;
  // A top that holds all pins is stable at once, so it holds at most half of them.
  const pinsVisited = visits.size - Number(visits.visitCountOf(lostNode) > 0);
  const topMax = Math.min(params.stableTop, pinsVisited >> 1);
  const top = new TopPins(topMax + 1);
  for (let i = 0; i < visits.size; i++) {
    const slot = visits.touched[i]!;
    const pin = visits.entries[2 * slot]!;
    if (pin === lostNode) continue;
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

/** Φ, by Abramowitz and Stegun 7.1.26; absolute error below 1.5e-7. */
function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - poly * Math.exp(-x * x);
  return z < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
}
