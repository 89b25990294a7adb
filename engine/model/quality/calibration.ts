import { type RandomStream, nextUnit, randomStream } from '../../random/index.ts';

/** Rows of similar probability. */
export interface CalibrationBin {
  readonly rows: number;
  /** Mean probability. */
  readonly predicted: number;
  /** Share with an action. */
  readonly observed: number;
}

/** Bins of about equally many rows, by ascending probability. */
export function calibrationBins(p: Float64Array, y: ArrayLike<number>, bins: number): CalibrationBin[] {
  const order = Int32Array.from(p, (_, i) => i).toSorted((i, j) => p[i]! - p[j]!);
  return Array.from({ length: bins }, (_, bin) => {
    const [from, to] = [bin, bin + 1].map((edge) => Math.round((edge * order.length) / bins)) as [number, number]; // prettier-ignore
    let [sum, positives] = [0, 0];
    for (let i = from; i < to; i++) {
      sum += p[order[i]!]!;
      positives += y[order[i]!]! > 0 ? 1 : 0;
    }
    return { rows: to - from, predicted: sum / (to - from), observed: positives / (to - from) };
  }).filter(({ rows }) => rows > 0);
}

/** Expected calibration error: the mean distance between predicted and observed rates of bins of equal mass. */
export function expectedCalibrationError(p: Float64Array, y: ArrayLike<number>, bins: number): number {
  return calibrationBins(p, y, bins).reduce(
    (sum, { rows, predicted, observed }) => sum + (rows / p.length) * Math.abs(predicted - observed),
    0,
  );
}

/** Random substream of the noise floor. */
const floorStream = 0x4000_0021;

/**
 * The noise floor of {@link expectedCalibrationError}: its mean if every row's outcome were drawn with the predicted probability. An
 * error near it says nothing against the model. Seeded. O(draws · n log n).
 */
export function calibrationNoise(p: Float64Array, bins: number, draws: number, randomSeed: number): number {
  let sum = 0;
  const y = new Uint8Array(p.length);
  for (let draw = 0; draw < draws; draw++) {
    const stream: RandomStream = randomStream(randomSeed, draw, floorStream);
    for (let i = 0; i < p.length; i++) y[i] = nextUnit(stream) < p[i]! ? 1 : 0;
    sum += expectedCalibrationError(p, y, bins);
  }
  return sum / draws;
}
