import { sigmoid } from '../probability.ts';

/** A loss of the scores of all rows: writes its first and second derivatives by score. */
export interface Objective {
  /** Score of every row before the first tree. */
  readonly start: number;
  readonly derive: (scores: Float64Array, gradients: Float64Array, hessians: Float64Array) => void;
}

/** Log loss: scores are log odds, and calibrated as far as the rows allow. */
export function logLoss(y: ArrayLike<number>): Objective {
  let positives = 0;
  for (let i = 0; i < y.length; i++) positives += y[i]!;
  const start = Math.log((positives + 0.5) / (y.length - positives + 0.5));
  return {
    start,
    derive(scores, gradients, hessians) {
      for (let i = 0; i < scores.length; i++) {
        const p = sigmoid(scores[i]!);
        gradients[i] = p - y[i]!;
        hessians[i] = Math.max(p * (1 - p), 1e-16);
      }
    },
  };
}

/**
 * The logistic loss of pairs of rows of one group (a person, a person's day), one with an action and one without (RankNet: Burges
 * et al., ICML 2005, doi:10.1145/1102351.1102363). Scores rank within groups, and are no log odds. Each group weighs as its rows,
 * as in gAUC: its pairs share that weight. O(pairs).
 */
export function pairwiseLoss(y: ArrayLike<number>, groups: ArrayLike<number>): Objective {
  const byGroup = new Map<number, { positives: number[]; negatives: number[] }>();
  for (let i = 0; i < y.length; i++) {
    const members = byGroup.get(groups[i]!) ?? { positives: [], negatives: [] };
    byGroup.set(groups[i]!, members);
    (y[i]! > 0 ? members.positives : members.negatives).push(i);
  }
  const mixed = [...byGroup.values()].filter(({ positives, negatives }) => positives.length * negatives.length > 0); // prettier-ignore
  return {
    start: 0,
    derive(scores, gradients, hessians) {
      gradients.fill(0);
      hessians.fill(1e-16);
      for (const { positives, negatives } of mixed) {
        const weight = (positives.length + negatives.length) / (positives.length * negatives.length);
        for (const i of positives) {
          for (const j of negatives) {
            const p = sigmoid(scores[j]! - scores[i]!);
            const [gradient, hessian] = [weight * p, weight * p * (1 - p)];
            gradients[i]! -= gradient;
            gradients[j]! += gradient;
            hessians[i]! += hessian;
            hessians[j]! += hessian;
          }
        }
      }
    },
  };
}
