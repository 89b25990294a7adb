import { check } from '../base/index.ts';
import type { PinIndex } from '../graph/index.ts';

/** Accuracy metrics of a list against held-out pins; all in [0, 1], higher is better. */
export const accuracyMetrics = ['recall', 'precision', 'ndcg', 'map', 'mrr', 'hitRate', 'f1'] as const;
export type AccuracyMetric = (typeof accuracyMetrics)[number];

/** The accuracy metrics of one list. */
interface ListQuality extends Readonly<Record<AccuracyMetric, number>> {
  /** Hits / relevant pins, even if there are more than k of them. */
  readonly recall: number;
  /** Hits / k, even if the list is shorter. */
  readonly precision: number;
  /** Normalised discounted cumulative gain: Σ 1 / log2(rank + 1) over hits, divided by its value for an ideal list. */
  readonly ndcg: number;
  /** Average precision: Σ precision at the rank of each hit / min(k, relevant). Its mean over users is MAP. */
  readonly map: number;
  /** Reciprocal rank: 1 / rank of the first hit, or 0. Its mean over users is MRR. */
  readonly mrr: number;
  /** 1 if the list has a hit, else 0. */
  readonly hitRate: number;
  /** Harmonic mean of recall and precision: 2 · hits / (k + relevant). */
  readonly f1: number;
}

/**
 * The accuracy metrics at k of one list, best first; ranks count from 1.
 *
 * Recall and NDCG (Järvelin and Kekäläinen, TOIS 2002, doi:10.1145/582415.582418, with binary gains) follow the evaluation
 * of LightGCN (He et al., SIGIR 2020, doi:10.1145/3397271.3401063). Precision and average precision: Manning, Raghavan and
 * Schütze, "Introduction to Information Retrieval" (2008), section 8.4; the sum is divided by min(k, relevant), so that
 * an ideal list scores 1 at any k. Reciprocal rank: Voorhees, TREC-8 question answering track (1999).
 *
 * O(k). Throws `invalid-parameter` unless `k` is a positive integer and at least one pin is relevant (`relevant`).
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
  for (let rank = 1; rank <= Math.min(k, recommended.length); rank++) {
    if (!relevant.has(recommended[rank - 1]!)) continue;
    hits++;
    if (hits === 1) mrr = 1 / rank;
    gain += 1 / Math.log2(rank + 1);
    precisions += hits / rank;
  }
  for (let rank = 1; rank <= idealHits; rank++) idealGain += 1 / Math.log2(rank + 1);
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
