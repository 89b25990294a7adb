import { type Interval, meanOf, percentileInterval, resampledMeans } from '../../../engine/index.ts';
import type { Columns, DecidingMetric } from './trials.ts';

/** A metric of the default and of the chosen setting, on users that did not choose. */
interface Confirmed {
  readonly byDefault: number;
  readonly chosen: number;
  readonly difference: number;
  readonly interval: Interval;
}

/** By metric, with intervals of the paired differences at this confidence. */
export interface Confirmation extends Readonly<Record<DecidingMetric, Confirmed>> {
  readonly confidence: number;
}

const resamples = 2_000;

/** Compares two settings on the same users, who had no part in the choice between them. Seeded. */
export function confirm(
  byDefault: Columns,
  chosen: Columns,
  confidence: number,
  randomSeed: number,
): Confirmation {
  const compare = (metric: DecidingMetric): Confirmed => {
    const differences = chosen[metric].map((value, user) => value - byDefault[metric][user]!);
    const [means] = resampledMeans([differences], resamples, randomSeed);
    return {
      byDefault: meanOf(byDefault[metric]),
      chosen: meanOf(chosen[metric]),
      difference: meanOf(differences),
      interval: percentileInterval(means!, confidence),
    };
  };
  return { confidence, ndcg: compare('ndcg'), recall: compare('recall') };
}

/** Whether the chosen setting is better by NDCG, and not worse by recall, as far as the intervals tell. */
export function isConfirmed({ ndcg, recall }: Confirmation): boolean {
  return ndcg.interval.low > 0 && recall.interval.high >= 0;
}

/** What may be lost, as a share, where a candidate has other merits. */
const tolerance = 0.01;

/** Whether the chosen setting is no worse than the default but for 1 %, as far as the intervals tell: non-inferiority. */
export function isAsGood({ ndcg, recall }: Confirmation): boolean {
  return [ndcg, recall].every(({ interval, byDefault }) => interval.low >= -tolerance * byDefault);
}
