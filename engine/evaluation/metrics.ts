import { check } from '../check.ts';
import type { PinIndex } from '../graph/index.ts';

/** How well one list of recommendations met what was held out; all 0 to 1. */
export interface ListQuality {
  /** Share of the relevant pins that are in the list. */
  readonly recall: number;
  /** Normalised discounted cumulative gain. */
  readonly ndcg: number;
  /** Harmonic mean of recall and precision, the latter over k: 2 · hits / (k + relevant). */
  readonly f1: number;
  /** 1 when at least one relevant pin is in the list. */
  readonly hitRate: number;
}

/**
 * Recall, NDCG, F1 and hit rate at k of one list, best first, as LightGCN's evaluation defines them (He et al., SIGIR
 * 2020, doi:10.1145/3397271.3401063): recall is over all relevant pins, also when there are more than k, and the
 * ideal gain is that of min(k, relevant) hits. O(k). Throws `invalid-parameter` when nothing is relevant.
 */
export function listQuality(
  recommended: readonly PinIndex[],
  relevant: ReadonlySet<PinIndex>,
  k: number,
): ListQuality {
  check(Number.isInteger(k) && k > 0, 'k', `${k} is not a positive integer`);
  check(relevant.size > 0, 'relevant', 'has no pin');
  let [hits, gain, idealGain] = [0, 0, 0];
  for (const [place, pin] of recommended.slice(0, k).entries()) {
    if (!relevant.has(pin)) continue;
    hits++;
    gain += 1 / Math.log2(place + 2);
  }
  for (let place = 0; place < Math.min(k, relevant.size); place++) idealGain += 1 / Math.log2(place + 2);
  const f1 = (2 * hits) / (k + relevant.size);
  return { recall: hits / relevant.size, ndcg: gain / idealGain, f1, hitRate: Number(hits > 0) };
}
