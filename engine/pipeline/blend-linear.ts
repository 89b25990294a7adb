import type { Stats } from './algorithms.ts';
import { type ScoredPin, TopPins } from '../rank/index.ts';

/** Candidates of one algorithm, best first, and the best score met, which an excluded pin may have. */
export interface Found {
  readonly stats: Stats;
  readonly found: ScoredPin[];
  readonly best: number;
}

/** Candidates of each of the two lists, at least: a pin below both is in no list of 100 or fewer. */
export const blendedMin = 500;

/**
 * Blends the scores of an algorithm with those of item weights:
 *
 *     score(j) = (1 − share) · own(j) / own best + share · weights(j) / weights best
 *
 * A pin that one list lacks has 0 there. The scales are the best scores before exclusions, so later pages and filters do
 * not change them. Of the sum, the length, the maximum and the range of scores, and reciprocal ranks, none was better than
 * another beyond noise (docs/linear.md). Returns the `k` best pins with a score other than 0. O(pins of both lists).
 */
export function blendLinear(own: Found, weights: Found, share: number, k: number): Found {
  const scores = new Map<number, number>();
  const add = ({ found, best }: Found, part: number): void => {
    const scale = part / (Math.abs(best) || 1);
    for (const { pin, score } of found) scores.set(pin, (scores.get(pin) ?? 0) + scale * score);
  };
  add(own, 1 - share);
  add(weights, share);
  const top = new TopPins(k);
  for (const [pin, score] of scores) if (score !== 0) top.offer(pin, score);
  const { weightsRead = 0, isTruncated } = weights.stats;
  const stats = {
    ...own.stats,
    weightsRead,
    isTruncated: own.stats['isTruncated'] === true || isTruncated === true,
  };
  const found = top.drain();
  return { stats, found, best: found[0]?.score ?? 0 };
}
