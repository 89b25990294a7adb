import type { BoostParams } from './boost-params.ts';

/** The best split of a leaf found so far. */
export interface Split {
  gain: number;
  feature: number;
  /** Values of bins up to this go left. */
  bin: number;
  missingLeft: boolean;
}

/** Sums of a leaf. */
interface LeafSums {
  readonly gradient: number;
  readonly hessian: number;
  readonly rows: number;
}

/**
 * The best split of a leaf by its histogram: gain G²/(H + λ) of both sides, less that of the leaf. NaN, in bin 0, is tried on both
 * sides. Rows of a side are estimated from its share of the second derivatives, as LightGBM does. O(bins of the features).
 */
export function bestSplit(
  histogram: Float64Array,
  starts: Int32Array,
  features: Int32Array,
  leaf: LeafSums,
  { l2, leafRowsMin, gainMin }: BoostParams,
): Split | undefined {
  let [bestGain, bestFeature, bestBin, bestMissingLeft] = [gainMin, -1, 0, false];
  const own = leaf.gradient ** 2 / (leaf.hessian + l2);
  const rowsOf = leaf.rows / leaf.hessian;
  for (let f = 0; f < features.length; f++) {
    const feature = features[f]!;
    const start = 2 * starts[feature]!;
    const end = 2 * starts[feature + 1]!;
    const missingGradient = histogram[start]!;
    const missingHessian = histogram[start + 1]!;
    const hasMissing = missingHessian > 1e-12;
    for (let side = hasMissing ? 1 : 0; side >= 0; side--) {
      let gradient = side === 1 ? missingGradient : 0;
      let hessian = side === 1 ? missingHessian : 0;
      // Nothing is right of the last bin, unless missing values are.
      const last = side === 0 && hasMissing ? end : end - 2;
      for (let at = start + 2; at < last; at += 2) {
        gradient += histogram[at]!;
        hessian += histogram[at + 1]!;
        const rows = hessian * rowsOf;
        if (rows < leafRowsMin) continue;
        if (leaf.rows - rows < leafRowsMin) break;
        const gain =
          (gradient * gradient) / (hessian + l2) +
          (leaf.gradient - gradient) ** 2 / (leaf.hessian - hessian + l2) -
          own;
        if (gain > bestGain) {
          bestGain = gain;
          bestFeature = feature;
          bestBin = (at - start) >> 1;
          bestMissingLeft = side === 1;
        }
      }
    }
  }
  if (bestFeature < 0) return undefined;
  return { gain: bestGain, feature: bestFeature, bin: bestBin, missingLeft: bestMissingLeft };
}
