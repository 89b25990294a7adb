import { t95 } from './student.ts';

export interface Ratio {
  readonly ratio: number;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
}

/** Sums by random group of people. */
interface Sums {
  readonly shown: ArrayLike<number>;
  readonly acted: ArrayLike<number>;
}

/**
 * The rate of `one` divided by that of `other`, with a 95 % interval of its logarithm (delta method between groups of people, as
 * for `rateOf`). Both have the same groups: one person may be in both rates, and what they have in common cancels out. 1 to 1
 * for two equal ones. Undefined if a rate is 0, or nobody was shown anything, or all are in one group.
 */
export function ratioOf(one: Sums, other: Sums): Ratio | undefined {
  const [shown, acted] = [totalOf(one.shown), totalOf(one.acted)];
  const [otherShown, otherActed] = [totalOf(other.shown), totalOf(other.acted)];
  if (shown === 0 || otherShown === 0 || acted === 0 || otherActed === 0) return undefined;
  let [squares, groups] = [0, 0];
  for (let group = 0; group < one.shown.length; group++) {
    if (one.shown[group]! + other.shown[group]! > 0) groups++;
    const ofOne = one.acted[group]! / acted - one.shown[group]! / shown;
    const ofOther = other.acted[group]! / otherActed - other.shown[group]! / otherShown;
    squares += (ofOne - ofOther) ** 2;
  }
  if (groups < 2) return undefined;
  const factor = Math.exp(t95(groups - 1) * Math.sqrt((groups / (groups - 1)) * squares));
  const ratio = acted / shown / (otherActed / otherShown);
  return { ratio, low: ratio / factor, high: ratio * factor };
}

function totalOf(numbers: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < numbers.length; i++) sum += numbers[i]!;
  return sum;
}
