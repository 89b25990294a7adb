import { meanOf } from './lists.ts';
import { z95 } from './normal.ts';

/** Quantile of the standard normal distribution at the power 0.8. */
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
  return (z95 + zPower) * Math.sqrt(squares / (count - 1) / count);
}
