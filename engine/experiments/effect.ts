import { type Interval, normalInterval } from '../metrics/index.ts';
import { type AlwaysValid, alwaysValid } from './always-valid.ts';
import type { Moments } from './moments.ts';
import { normalTail } from './tails.ts';

/** The effect of an arm on one metric: its value minus that of the control. */
export interface Effect {
  readonly difference: number;
  readonly standardError: number;
  /** 95 %, valid for one look at a time that was fixed in advance. */
  readonly interval: Interval;
  /** Two-sided, for that one look. */
  readonly pValue: number;
  /** For any number of looks. */
  readonly always: AlwaysValid;
}

/** An effect as measured, and, if covariates vary, adjusted by them. */
export interface ComparedEffect {
  readonly raw: Effect;
  /** By CUPED. */
  readonly adjusted: (Effect & { readonly varianceReduction: number }) | null;
}

/**
 * Compares an arm with the control. The variance is by user: the outcomes of one user count as one observation. Normal
 * approximation, fair from a few hundred users an arm. `adjusted` is CUPED (Deng, Xu, Kohavi and Walker, WSDM 2013,
 * doi:10.1145/2433396.2433413): the part of the difference that users brought with them, θ times that of their
 * covariates, is subtracted; θ is the regression of the metric on the covariate within the arms. `plannedUsers` is the number
 * of users an arm at the planned end. NaN for arms below two users.
 */
export function compareArms(control: Moments, arm: Moments, plannedUsers: number): ComparedEffect {
  const difference = arm.value - control.value;
  const raw = effectOf(difference, [control.variance, arm.variance], [control, arm], plannedUsers);
  const degrees = [control, arm].map(({ users }) => users - 1);
  const pooled = (values: readonly number[]) => values[0]! * degrees[0]! + values[1]! * degrees[1]!;
  const covariateVariance = pooled([control.covariateVariance, arm.covariateVariance]);
  if (!(covariateVariance > 0)) return { raw, adjusted: null };
  const theta = pooled([control.covarianceWithCovariate, arm.covarianceWithCovariate]) / covariateVariance;
  const variances = [control, arm].map((each) => {
    const explained = 2 * theta * each.covarianceWithCovariate - theta ** 2 * each.covariateVariance;
    return Math.max(each.variance - explained, 0);
  });
  const without = difference - theta * (arm.covariateMean - control.covariateMean);
  const adjusted = effectOf(without, variances, [control, arm], plannedUsers);
  const varianceReduction = 1 - (adjusted.standardError / raw.standardError) ** 2;
  return { raw, adjusted: { ...adjusted, varianceReduction } };
}

function effectOf(
  difference: number,
  variances: readonly number[],
  arms: readonly Moments[],
  plannedUsers: number,
): Effect {
  const variance = arms.reduce((sum, { users }, i) => sum + variances[i]! / users, 0);
  const plannedVariance = variances.reduce((sum, each) => sum + each / plannedUsers, 0);
  const standardError = Math.sqrt(variance);
  return {
    difference,
    standardError,
    interval: normalInterval(difference, standardError),
    pValue: variance > 0 ? 2 * normalTail(difference / standardError) : 1,
    always: alwaysValid(difference, variance, plannedVariance),
  };
}
