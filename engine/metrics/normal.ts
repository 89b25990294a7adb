import type { Interval } from './bootstrap.ts';

/** Quantile of the standard normal distribution at 0.975: half a 95 % interval, in standard errors. */
export const z95 = 1.959_963_984_540_054;

/** The 95 % interval of an estimate that is approximately normal. */
export function normalInterval(estimate: number, standardError: number): Interval {
  return { low: estimate - z95 * standardError, high: estimate + z95 * standardError };
}
