import { check } from '../base/index.ts';
import { chiSquareTail } from './tails.ts';

/** p-values below this mean that arms did not get the users they should. */
export const sampleRatioAlarm = 0.001;

/**
 * The p-value of the sample-ratio check: how likely users spread this unevenly over the arms if each was assigned by its
 * share (Pearson's chi-square test). Below 0.001 something assigns, loses or counts users unequally, and no effect of the
 * experiment is to be trusted (Fabijan et al., KDD 2019, doi:10.1145/3292500.3330722). Shares need not add up to 1.
 * Throws `invalid-parameter` (`shares`) unless there is a positive share for each of two arms or more.
 */
export function sampleRatioPValue(users: readonly number[], shares: readonly number[]): number {
  const isFit = users.length >= 2 && shares.length === users.length && shares.every((share) => share > 0);
  check(
    isFit,
    'shares',
    `${shares.join(', ')} are not ${users.length} positive numbers, for two arms or more`,
  );
  const total = users.reduce((sum, count) => sum + count, 0);
  const shareSum = shares.reduce((sum, share) => sum + share, 0);
  if (total === 0) return 1;
  const statistic = users.reduce((sum, count, i) => {
    const expected = (total * shares[i]!) / shareSum;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
  return chiSquareTail(statistic, users.length - 1);
}
