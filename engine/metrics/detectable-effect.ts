import { meanOf } from './lists.ts';

/** Quantiles of the standard normal distribution at 1 − α/2 with α = 0.05, and at the power 0.8. */
const zTest = 1.959_963_984_540_054;
const zPower = 0.841_621_233_572_914;

/**
 * The smallest true mean difference that a two-sided paired test at α = 0.05 on this many users would detect with
 * probability 0.8: (z₀.₉₇₅ + z₀.₈) · s / √n, about 2.8 standard errors, where s is the standard deviation of the
 * `differences`, one per user (Bloom, Evaluation Review 19, 1995, doi:10.1177/0193841X9501900504). It depends on their spread, not on
 * their mean. Normal approximation, fair from about 50 users. NaN for fewer than two. O(users).
 */
export function detectableEffect(differences: Float64Array): number {
  const count = differences.length;
  if (count < 2) return NaN;
  const mean = meanOf(differences);
  const squares = differences.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return (zTest + zPower) * Math.sqrt(squares / (count - 1) / count);
}
