import { z95 } from '../metrics/index.ts';

export interface Ratio {
  readonly ratio: number;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
}

/** Sums by random groups of people, the same groups in both of two. */
interface Sums {
  readonly shown: ArrayLike<number>;
  readonly acted: ArrayLike<number>;
}

/**
 * The rate of `one` divided by that of `other`, with a 95 % interval of its logarithm (delta method between groups of people, as
 * for `rateOf`): one person may be in both rates, and what they have in common cancels out. 1 to 1 for two equal ones.
 * Undefined if a rate is 0, or nobody was shown anything, or all are in one group.
 */
export function ratioOf(one: Sums, other: Sums): Ratio | undefined {
  const [{ n, y }, { n: m, y: x }] = [totals(one), totals(other)];
  if (n === 0 || m === 0 || y === 0 || x === 0) return undefined;
  let [squares, groups] = [0, 0];
  for (let group = 0; group < one.shown.length; group++) {
    const impressions = one.shown[group]! + other.shown[group]!;
    if (impressions > 0) groups++;
    const ofOne = one.acted[group]! / y - one.shown[group]! / n;
    const ofOther = other.acted[group]! / x - other.shown[group]! / m;
    squares += (ofOne - ofOther) ** 2;
  }
  if (groups < 2) return undefined;
  const t = z95 + (z95 ** 3 + z95) / (4 * (groups - 1));
  const factor = Math.exp(t * Math.sqrt((groups / (groups - 1)) * squares));
  const ratio = y / n / (x / m);
  return { ratio, low: ratio / factor, high: ratio * factor };
}

function totals({ shown, acted }: Sums): { n: number; y: number } {
  let [n, y] = [0, 0];
  for (let group = 0; group < shown.length; group++) {
    n += shown[group]!;
    y += acted[group]!;
  }
  return { n, y };
}
