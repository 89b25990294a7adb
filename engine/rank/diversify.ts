import { check } from '../base/index.ts';
import type { PinIndex } from '../graph/index.ts';
import type { ScoredPin } from './top-pins.ts';

/** Communities of pins, from fine to coarse: `pins[level * pinCount + pin]` is a pin's community at a level. */
export interface PinCommunities {
  readonly levels: number;
  readonly pinCount: number;
  readonly pins: Int32Array;
}

/**
 * Similarity of two pins in [0, 1]: the share of levels at which they are in the same community. 0 for a pin newer than
 * the communities.
 */
function similarity({ levels, pinCount, pins }: PinCommunities, a: PinIndex, b: PinIndex): number {
  if (levels === 0 || a >= pinCount || b >= pinCount) return 0;
  let common = 0;
  for (let level = 0; level < levels; level++) {
    common += Number(pins[level * pinCount + a] === pins[level * pinCount + b]);
  }
  return common / levels;
}

/**
 * Reranks `ranked` (best first) by maximal marginal relevance, MMR (Carbonell and Goldstein, SIGIR 1998,
 * doi:10.1145/290941.291025), and returns the first `k`. The next pin is always the one with the largest
 *
 *     (1 − diversity) · score / |best score| − diversity · largest similarity to a selected pin
 *
 * Diversity 0 is pure relevance and keeps the order, 1 is maximum variety; ties keep the order. The paper's λ is
 * 1 − diversity. O(k · ranked · levels). Throws `invalid-parameter` unless `diversity` is in [0, 1].
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
  const remaining = ranked.map((scored) => ({ scored, relevance: scored.score / best, similarityMax: 0 }));
  const selected: ScoredPin[] = [];
  while (selected.length < k && remaining.length > 0) {
    let next = 0;
    let largest = -Infinity;
    for (const [i, { relevance, similarityMax }] of remaining.entries()) {
      const marginal = (1 - diversity) * relevance - diversity * similarityMax;
      if (marginal > largest) [next, largest] = [i, marginal];
    }
    const [{ scored }] = remaining.splice(next, 1) as [(typeof remaining)[number]];
    selected.push(scored);
    for (const each of remaining) {
      each.similarityMax = Math.max(each.similarityMax, similarity(communities, each.scored.pin, scored.pin));
    }
  }
  return selected;
}

/** Intra-list diversity: the mean of 1 − similarity over all pairs, in [0, 1]; 0 for fewer than two pins. O(k² · levels). */
export function intraListDiversity(pins: readonly PinIndex[], communities: PinCommunities): number {
  let sum = 0;
  for (const [i, a] of pins.entries()) {
    for (const b of pins.slice(0, i)) sum += 1 - similarity(communities, a, b);
  }
  const pairs = (pins.length * (pins.length - 1)) / 2;
  return pairs === 0 ? 0 : sum / pairs;
}
