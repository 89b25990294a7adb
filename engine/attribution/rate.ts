import { z95 } from '../metrics/index.ts';
import { t95 } from './student.ts';

export interface Rate {
  readonly rate: number;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
}

/**
 * The rate of `acted` in `shown` with a 95 % interval, from their sums by random groups of people. What one person sees and does
 * is correlated, so an interval that takes impressions for independent is too narrow. The variance between groups (delta
 * method; random groups: Wolter, "Introduction to Variance Estimation", 2007, chapter 2) gives a design effect, and Wilson's
 * interval is that of `shown` / design effect impressions: it keeps within 0 and 1, also for few actions. `isShare`: whether
 * no impression counts twice; otherwise the interval is the normal one of the ratio. Undefined for no impressions, or
 * for one group where impressions may count twice.
 */
export function rateOf(
  shown: ArrayLike<number>,
  acted: ArrayLike<number>,
  isShare: boolean,
): Rate | undefined {
  let [n, y, groups] = [0, 0, 0];
  for (let group = 0; group < shown.length; group++) {
    n += shown[group]!;
    y += acted[group]!;
    if (shown[group]! > 0) groups++;
  }
  if (n === 0) return undefined;
  const rate = y / n;
  let squares = 0;
  for (let group = 0; group < shown.length; group++) squares += (acted[group]! - rate * shown[group]!) ** 2;
  const variance = groups > 1 ? ((groups / (groups - 1)) * squares) / n ** 2 : NaN;
  const t = groups > 1 ? t95(groups - 1) : z95;
  if (!isShare) {
    if (groups < 2) return undefined;
    const half = t * Math.sqrt(variance);
    return { rate, low: Math.max(0, rate - half), high: rate + half };
  }
  const independent = (rate * (1 - rate)) / n;
  const effect = independent > 0 && groups > 1 ? Math.max(1, variance / independent) : 1;
  const effective = n / effect;
  const center = (rate + t ** 2 / (2 * effective)) / (1 + t ** 2 / effective);
  const half =
    (t / (1 + t ** 2 / effective)) * Math.sqrt((rate * (1 - rate)) / effective + (t / (2 * effective)) ** 2);
  // Exactly 0 and 1 where nobody or everybody acted, which the formula misses by a rounding error.
  return {
    rate,
    low: y === 0 ? 0 : Math.max(0, center - half),
    high: y === n ? 1 : Math.min(1, center + half),
  };
}
