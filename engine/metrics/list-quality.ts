import { check } from '../base/index.ts';
import type { PinIndex } from '../graph/index.ts';

/** The metrics that say how well a list met what was held out; all 0 to 1, more is better. */
export const accuracyMetrics = ['recall', 'precision', 'ndcg', 'map', 'mrr', 'hitRate', 'f1'] as const;
export type AccuracyMetric = (typeof accuracyMetrics)[number];

/** How well one list of recommendations met what was held out; all 0 to 1. */
export interface ListQuality extends Readonly<Record<AccuracyMetric, number>> {
  /** Hits / relevant. Over all relevant pins, also when there are more than k. */
  readonly recall: number;
  /** Hits / k, also when the list is shorter: places that are left empty count as misses. */
  readonly precision: number;
  /** Normalised discounted cumulative gain: Σ 1 / log2(place + 1) over hits, by that of min(k, relevant) hits in front. */
  readonly ndcg: number;
  /** Average precision: Σ precision at the place of each hit / min(k, relevant). Its mean over users is MAP. */
  readonly map: number;
  /** Reciprocal rank: 1 / place of the first hit, 0 without one. Its mean over users is MRR. */
  readonly mrr: number;
  /** 1 when at least one relevant pin is in the list. */
  readonly hitRate: number;
  /** Harmonic mean of recall and precision: 2 · hits / (k + relevant). */
  readonly f1: number;
}

/**
 * The metrics at k of one list, best first, its places counted from 1.
 *
 * Recall and NDCG (Järvelin and Kekäläinen, TOIS 2002, doi:10.1145/582415.582418, with binary gains) are as LightGCN's
 * evaluation has them (He et al., SIGIR 2020, doi:10.1145/3397271.3401063). Precision and average precision: Manning,
 * Raghavan and Schütze, "Introduction to Information Retrieval" (2008), section 8.4; cut at k, the sum is divided by
 * min(k, relevant), so that a perfect list has 1. Reciprocal rank: Voorhees, TREC-8 question answering track (1999).
 *
 * O(k). Throws `invalid-parameter` when nothing is relevant.
 */
export function listQuality(
  recommended: ArrayLike<PinIndex>,
  relevant: ReadonlySet<PinIndex>,
  k: number,
): ListQuality {
  check(Number.isInteger(k) && k > 0, 'k', `${k} is not a positive integer`);
  check(relevant.size > 0, 'relevant', 'has no pin');
  const idealHits = Math.min(k, relevant.size);
  let [hits, gain, idealGain, precisions, mrr] = [0, 0, 0, 0, 0];
  for (let place = 1; place <= Math.min(k, recommended.length); place++) {
    if (!relevant.has(recommended[place - 1]!)) continue;
    hits++;
    if (hits === 1) mrr = 1 / place;
    gain += 1 / Math.log2(place + 1);
    precisions += hits / place;
  }
  for (let place = 1; place <= idealHits; place++) idealGain += 1 / Math.log2(place + 1);
  return {
    recall: hits / relevant.size,
    precision: hits / k,
    ndcg: gain / idealGain,
    map: precisions / idealHits,
    mrr,
    hitRate: Number(hits > 0),
    f1: (2 * hits) / (k + relevant.size),
  };
}
