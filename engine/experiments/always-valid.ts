import type { Interval } from '../metrics/index.ts';

/** False alarms of intervals and tests over the whole life of an experiment. */
const alpha = 0.05;

/** −2 ln α + ln(1 − 2 ln α): the ratio of mixture to planned variance whose interval is narrowest at the plan. */
const mixtureRatio = -2 * Math.log(alpha) + Math.log(1 - 2 * Math.log(alpha));

export interface AlwaysValid {
  /** Of 95 % confidence at all looks together. */
  readonly interval: Interval;
  /** The p-value: below 0.05 exactly when the interval excludes 0. */
  readonly pValue: number;
}

/**
 * The interval and p-value of an estimate that may be looked at after every user: the chance that any of the looks ever
 * excludes the truth is 5 %. By the mixture sequential test with a normal mixture (Johari, Koomen, Pekelis and Walsh, KDD
 * 2017, doi:10.1145/3097983.3097992), whose inverse is the normal-mixture confidence sequence of Howard et al. (Annals of
 * Statistics 2021, doi:10.1214/20-AOS1991, section 3.2). With variance V of the estimate and τ² of the mixture:
 *
 *     Λ = √(V / (V + τ²)) · exp(d² τ² / (2 V (V + τ²))),   p = min(1, 1 / Λ)
 *     interval: d ± √(V (V + τ²) / τ² · (ln((V + τ²) / V) − 2 ln α))
 *
 * `plannedVariance` is the variance expected at the planned end, where the interval is narrowest, some 1.5 times as
 * wide as that of a single look; it must not follow the results. Asymptotic: it needs enough users for the mean to be nearly
 * normal. With a variance of 0, nothing is known yet, and the interval is infinite.
 */
export function alwaysValid(estimate: number, variance: number, plannedVariance: number): AlwaysValid {
  if (!(variance > 0 && plannedVariance > 0)) {
    return { interval: { low: -Infinity, high: Infinity }, pValue: 1 };
  }
  const mixture = mixtureRatio * plannedVariance;
  const total = variance + mixture;
  const logRatio = Math.log(total / variance);
  const halfWidth = Math.sqrt(((variance * total) / mixture) * (logRatio - 2 * Math.log(alpha)));
  const logLikelihood = (estimate ** 2 * mixture) / (2 * variance * total) - logRatio / 2;
  return {
    interval: { low: estimate - halfWidth, high: estimate + halfWidth },
    pValue: Math.min(1, Math.exp(-logLikelihood)),
  };
}
