/**
 * The area under the ROC curve: the probability that a row with an action scores above one without; ties count half. NaN if all
 * rows have the same outcome. `weights`: how often each row counts. O(n log n).
 */
export function auc(scores: Float64Array, y: ArrayLike<number>, weights?: ArrayLike<number>): number {
  return aucInOrder(ascending(scores), scores, y, weights);
}

/** Rows by ascending score. */
export function ascending(scores: Float64Array): Int32Array {
  return Int32Array.from(scores, (_, i) => i).toSorted((i, j) => scores[i]! - scores[j]!);
}

/** {@link auc}, with the order of rows known. O(n). */
export function aucInOrder(
  order: Int32Array,
  scores: Float64Array,
  y: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  let [pairs, negatives, positives] = [0, 0, 0];
  for (let i = 0; i < order.length;) {
    const score = scores[order[i]!]!;
    let [tiedNegatives, tiedPositives] = [0, 0];
    for (; i < order.length && scores[order[i]!] === score; i++) {
      const row = order[i]!;
      const weight = weights === undefined ? 1 : weights[row]!;
      if (y[row]! > 0) tiedPositives += weight;
      else tiedNegatives += weight;
    }
    pairs += tiedPositives * (negatives + tiedNegatives / 2);
    negatives += tiedNegatives;
    positives += tiedPositives;
  }
  return pairs / (positives * negatives);
}
