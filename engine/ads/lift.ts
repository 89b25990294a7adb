import { type Effect, type Moments, compareArms, sampleRatioPValue } from '../experiments/index.ts';
import { type Interval, z95 } from '../metrics/index.ts';

/** How a campaign changed people's actions. */
export interface GhostAdLift {
  /** People who were shown it, and people of the holdout who would have been. */
  readonly exposed: number;
  readonly heldOut: number;
  readonly exposedValue: number;
  readonly heldOutValue: number;
  /** Actions per person that were shown it, more than without; adjusted by what people did before, if that varies. */
  readonly effect: Effect;
  /** `effect` as a share of their actions without the campaign: 0.1 is ten percent more. Undefined if that is 0. */
  readonly relative: (Interval & { readonly value: number }) | undefined;
  /** Actions of all people who were shown it, more than without. */
  readonly incremental: Interval & { readonly value: number };
  /** Spend by incremental action, in micro-units; undefined unless the interval of the effect is above 0. */
  readonly costPerIncrementalMicros: number | undefined;
  /** Of the number of people on both sides; below 0.001 the two do not compare (see {@link sampleRatioPValue}). */
  readonly sampleRatioPValue: number;
}

/**
 * Lift by ghost ads (Johnson, Lewis and Nubbemeyer, "Ghost Ads: Improving the Economics of Measuring Online Ad Effectiveness", Journal of
 * Marketing Research 2017, doi:10.1509/jmr.15.0297): chance puts a share of people into a holdout; for them the auction runs as for all,
 * and an impression that the campaign wins is recorded and not shown. So the people who would have met it are known on both sides,
 * and those who never would, who only add noise to a comparison of all, are left out.
 *
 * `exposed` and `heldOut`: each person's actions from their first impression on, shown or recorded; only the first one is chance
 * alone, for an ad that was shown may change which come next. The covariate is the same number of before. `holdoutShare` in (0, 1).
 * 95 % intervals, valid for one look; `effect.always` for any number. NaN below two people a side.
 */
export function ghostAdLift(
  exposed: Moments,
  heldOut: Moments,
  { holdoutShare, spentMicros }: { readonly holdoutShare: number; readonly spentMicros: number },
): GhostAdLift {
  const { raw, adjusted } = compareArms(heldOut, exposed, exposed.users);
  const effect = adjusted ?? raw;
  const of = (perPerson: number): number => perPerson * exposed.users;
  const { low, high } = effect.interval;
  return {
    exposed: exposed.users,
    heldOut: heldOut.users,
    exposedValue: exposed.value,
    heldOutValue: heldOut.value,
    effect,
    relative: relativeOf(effect, heldOut),
    incremental: { value: of(effect.difference), low: of(low), high: of(high) },
    costPerIncrementalMicros: low > 0 ? spentMicros / of(effect.difference) : undefined,
    sampleRatioPValue: sampleRatioPValue([exposed.users, heldOut.users], [1 - holdoutShare, holdoutShare]),
  };
}

/**
 * The effect by the value without it. Both vary, and together: the interval is that of the ratio by the delta method, from the variance of
 * the effect and of the holdout's value, whose covariance is the negative of the latter.
 */
function relativeOf(effect: Effect, heldOut: Moments): GhostAdLift['relative'] {
  const base = heldOut.value;
  if (!(base > 0)) return undefined;
  const value = effect.difference / base;
  const baseVariance = heldOut.variance / heldOut.users;
  const variance = effect.standardError ** 2 + 2 * value * baseVariance + value ** 2 * baseVariance;
  const half = (z95 * Math.sqrt(Math.max(0, variance))) / base;
  return { value, low: value - half, high: value + half };
}
