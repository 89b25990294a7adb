import { type Interval, percentileInterval } from '../../metrics/index.ts';
import { nextBelow, randomStream } from '../../random/index.ts';
import { ascending, aucInOrder } from './auc.ts';
import { aucByGroup } from './grouped-auc.ts';
import { calibrationNoise, expectedCalibrationError } from './calibration.ts';

/** A figure with its 95 % interval by person. */
export interface Figure extends Interval {
  readonly value: number;
}

export interface ModelQuality {
  readonly rows: number;
  readonly positives: number;
  readonly auc: Figure;
  /** Log loss divided by that of a constant, the rate of the rows (He et al., ADKDD 2014). */
  readonly normalizedEntropy: Figure;
  /** AUC within people, weighted by rows. NaN if nobody has both outcomes. */
  readonly groupedAuc: Figure;
  /** Σp / Σy. */
  readonly ratio: Figure;
  readonly calibrationError: number;
  /** What {@link calibrationError} would be of a model that is exactly right. */
  readonly calibrationNoise: number;
}

/** Bins of equal mass of the calibration error. */
export const calibrationBinCount = 15;
/** Random substream of the resamples. */
const resampleStream = 0x4000_0022;

/**
 * How good probabilities are. Intervals are percentiles of a bootstrap that draws people with all their rows: the rows of one
 * person are not independent. Seeded. O(resamples · n + n log n).
 */
export function modelQuality(
  p: Float64Array,
  y: ArrayLike<number>,
  people: ArrayLike<number>,
  resamples: number,
  randomSeed: number,
): ModelQuality {
  const order = ascending(p);
  const indexes = new Map<number, number>();
  const personOf = Int32Array.from(p, (_, i) => {
    const known = indexes.get(people[i]!) ?? indexes.size;
    indexes.set(people[i]!, known);
    return known;
  });
  const grouped = aucByGroup(p, y, personOf);
  const losses = Float64Array.from(p, (value, i) => logLossOf(value, y[i]! > 0));
  const draws = new Int32Array(indexes.size).fill(1);
  const weights = new Int32Array(p.length).fill(1);
  const measure = (): [auc: number, entropy: number, grouped: number, ratio: number] => {
    let [rows, positives, loss, sum] = [0, 0, 0, 0];
    for (let i = 0; i < p.length; i++) {
      const weight = weights[i]!;
      rows += weight;
      loss += weight * losses[i]!;
      sum += weight * p[i]!;
      if (y[i]! > 0) positives += weight;
    }
    const rate = positives / rows;
    const entropy = loss / rows / -(rate * Math.log(rate) + (1 - rate) * Math.log1p(-rate));
    let [areas, areaRows] = [0, 0];
    for (const { group, rows: groupRows, auc } of grouped) {
      areas += draws[group]! * groupRows * auc;
      areaRows += draws[group]! * groupRows;
    }
    return [aucInOrder(order, p, y, weights), entropy, areas / areaRows, sum / positives];
  };
  const values = measure();
  const resampled = values.map(() => new Float64Array(resamples));
  for (let resample = 0; resample < resamples; resample++) {
    const stream = randomStream(randomSeed, resample, resampleStream);
    draws.fill(0);
    for (let i = 0; i < draws.length; i++) draws[nextBelow(stream, draws.length)]!++;
    for (let i = 0; i < weights.length; i++) weights[i] = draws[personOf[i]!]!;
    for (const [i, value] of measure().entries()) resampled[i]![resample] = value;
  }
  const [area, entropy, groupedArea, ratio] = values.map((value, i): Figure => {
    const { low, high } = percentileInterval(resampled[i]!, 0.95);
    return { value, low, high };
  });
  return {
    rows: p.length,
    positives: Array.from(p, (_, i) => Number(y[i]! > 0)).reduce((sum, each) => sum + each, 0),
    auc: area!,
    normalizedEntropy: entropy!,
    groupedAuc: groupedArea!,
    ratio: ratio!,
    calibrationError: expectedCalibrationError(p, y, calibrationBinCount),
    calibrationNoise: calibrationNoise(p, calibrationBinCount, 20, randomSeed),
  };
}

function logLossOf(probability: number, isPositive: boolean): number {
  const p = Math.min(Math.max(probability, 1e-15), 1 - 1e-15);
  return isPositive ? -Math.log(p) : -Math.log1p(-p);
}
