import { z95 } from '../metrics/index.ts';

/**
 * Student's quantile of a two-sided 95 % interval, to the first term of its expansion (Abramowitz and Stegun 26.7.5).
 * `freedom`: degrees of freedom, from 1; its error is below 1 % from 13 on.
 */
export function t95(freedom: number): number {
  return z95 + (z95 ** 3 + z95) / (4 * freedom);
}
