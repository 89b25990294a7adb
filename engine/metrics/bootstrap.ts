import { check } from '../base/index.ts';
import { nextBelow, randomStream } from '../random/index.ts';

/** A confidence interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Random substream of the bootstrap. */
const bootstrapStream = 0x4000_0010;

/**
 * Bootstrap means: for every column, one mean per resample of its users. Resample `r` draws the same users, with
 * replacement, for all columns, so the differences of two columns are a paired bootstrap. Seeded; every resample has its
 * own random stream. O(resamples · users · columns). Throws `invalid-parameter` (`columns`) for empty columns or columns
 * of different lengths.
 */
export function resampledMeans(
  columns: readonly Float64Array[],
  resamples: number,
  randomSeed: number,
): Float64Array[] {
  const users = columns[0]?.length ?? 0;
  check(users > 0, 'columns', 'have no values');
  check(
    columns.every((column) => column.length === users),
    'columns',
    'have different lengths',
  );
  const means = columns.map(() => new Float64Array(resamples));
  const draws = new Int32Array(users);
  for (let resample = 0; resample < resamples; resample++) {
    const stream = randomStream(randomSeed, resample, bootstrapStream);
    draws.fill(0);
    for (let i = 0; i < users; i++) draws[nextBelow(stream, users)]!++;
    for (let i = 0; i < columns.length; i++) means[i]![resample] = weightedSum(columns[i]!, draws) / users;
  }
  return means;
}

/**
 * The percentile interval of B resampled means: the k-th smallest and the k-th largest, with
 * k = ⌊(B + 1) · (1 − confidence) / 2⌋, at least 1 (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993,
 * sections 12.5 and 13.3). O(B log B). Throws `invalid-parameter` unless `confidence` is in (0, 1) and there are means.
 */
export function percentileInterval(means: Float64Array, confidence: number): Interval {
  check(confidence > 0 && confidence < 1, 'confidence', `${confidence} is not between 0 and 1`);
  check(means.length > 0, 'means', 'are empty');
  const sorted = means.toSorted();
  const outside = Math.max(Math.floor(((sorted.length + 1) * (1 - confidence)) / 2), 1);
  return { low: sorted[outside - 1]!, high: sorted[sorted.length - outside]! };
}

function weightedSum(values: Float64Array, weights: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * weights[i]!;
  return sum;
}
