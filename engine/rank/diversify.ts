import { check } from '../base/index.ts';
import type { PinIndex } from '../graph/index.ts';
import type { ScoredPin } from './top-pins.ts';

/**
 * Communities of pins, from fine to coarse: `pins[level * pinCount + pin]` is a pin's community at a level.
 * Two pins are as similar as the share of levels at which they are in one community: 0 to 1.
 */
export interface PinCommunities {
  readonly levels: number;
  readonly pinCount: number;
  readonly pins: Int32Array;
}

/** Share of levels at which two pins are in one community. A pin past the communities is like no other. */
export function similarity({ levels, pinCount, pins }: PinCommunities, a: PinIndex, b: PinIndex): number {
  if (levels === 0 || a >= pinCount || b >= pinCount) return 0;
  let together = 0;
  for (let level = 0; level < levels; level++) {
    together += Number(pins[level * pinCount + a] === pins[level * pinCount + b]);
  }
  return together / levels;
}

/**
 * The `k` of `ranked` (best first) that are good and unlike one another: maximal marginal relevance (Carbonell and
 * Goldstein, SIGIR 1998, doi:10.1145/290941.291025). The next is always the pin with the largest
 *
 *     (1 − diversity) · score / best score − diversity · similarity to the most similar pin chosen so far
 *
 * Diversity 0 keeps the order, 1 looks at similarity alone; ties keep the order. O(k · ranked). Throws
 * `invalid-parameter` for a diversity outside [0, 1].
 */
export function diversify(
  ranked: readonly ScoredPin[],
  k: number,
  diversity: number,
  communities: PinCommunities,
): ScoredPin[] {
  check(diversity >= 0 && diversity <= 1, 'diversity', `${diversity} is not in [0, 1]`);
  if (diversity === 0) return ranked.slice(0, k);
  const best = Math.abs(ranked[0]?.score ?? 1) || 1;
  const left = ranked.map((item) => ({ item, relevance: item.score / best, likeness: 0 }));
  const chosen: ScoredPin[] = [];
  while (chosen.length < k && left.length > 0) {
    let next = 0;
    let worth = -Infinity;
    for (const [i, { relevance, likeness }] of left.entries()) {
      const own = (1 - diversity) * relevance - diversity * likeness;
      if (own > worth) [next, worth] = [i, own];
    }
    const [{ item }] = left.splice(next, 1) as [(typeof left)[number]];
    chosen.push(item);
    for (const each of left) {
      each.likeness = Math.max(each.likeness, similarity(communities, each.item.pin, item.pin));
    }
  }
  return chosen;
}

/** Mean of 1 − similarity over all pairs of a list, 0 to 1; 0 for fewer than two pins. O(k² · levels). */
export function intraListDiversity(pins: readonly PinIndex[], communities: PinCommunities): number {
  let sum = 0;
  for (const [i, a] of pins.entries()) {
    for (const b of pins.slice(0, i)) sum += 1 - similarity(communities, a, b);
  }
  const pairs = (pins.length * (pins.length - 1)) / 2;
  return pairs === 0 ? 0 : sum / pairs;
}
