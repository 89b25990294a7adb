/**
 * Recall@k and NDCG@k by definition, over keys, as a check of the fast ones:
 *
 *     recall = |first k ∩ relevant| / |relevant|
 *     DCG    = Σ over ranks i = 1 … k of relevance(i) / log2(i + 1),  relevance 1 or 0
 *     NDCG   = DCG / the DCG of the ideal list
 */
export function recallAndNdcg(
  ranked: readonly string[],
  relevant: readonly string[],
  k: number,
): { recall: number; ndcg: number } {
  const firstK = ranked.filter((_, i) => i < k);
  const dcg = (pins: readonly string[]): number => {
    const gains = pins.map((pin, i) => (relevant.includes(pin) ? 1 / (Math.log(i + 2) / Math.log(2)) : 0));
    return gains.reduce((sum, gain) => sum + gain, 0);
  };
  const hits = relevant.filter((pin) => firstK.includes(pin));
  return {
    recall: hits.length / relevant.length,
    ndcg: dcg(firstK) / dcg(relevant.filter((_, i) => i < k)),
  };
}
