import type { UserAccuracy } from './user-accuracy.ts';
import {
  type AccuracyMetric,
  type DegreeBin,
  type Interval,
  type SaveSplit,
  accuracyMetrics,
  columnsOf,
  degreeBins,
  degreeOf,
  holm,
  meanOf,
  pairedPValue,
  percentileInterval,
  resampledMeans,
  saveCount,
  savedCount,
} from '../../../engine/index.ts';
import { EvaluationPool } from './evaluation-pool.ts';
import { type BoardsOptions, evaluatedBoards } from './recommend-lists.ts';
import { type EvaluateOptions, type Evaluation, evaluateOne } from './evaluate-one.ts';
import { type ActivityGroup, type ActivityIntervals, activityIntervals } from './by-group.ts';
import { type ReasonGroup, calibrationOf } from './calibration.ts';
import type { NamedSettings } from './named-settings.ts';

/** Everything that `pinwalk evaluate --json` prints. */
export interface Report {
  readonly k: number;
  readonly randomSeed: number;
  /** Coverage of the intervals. */
  readonly confidence: number;
  /** Bootstrap resamples of each interval, and tosses of each test. */
  readonly resamples: number;
  /** Sampled pins that held-out ones were ranked among; null when all pins were ranked. */
  readonly negatives: number | null;
  readonly data: DataCounts;
  readonly results: readonly (Omit<Evaluation, 'byActivity'> & {
    readonly byActivity: readonly (ActivityGroup & { readonly intervals: ActivityIntervals })[];
    readonly intervals: Readonly<Record<AccuracyMetric, Interval>>;
    /** With `reasons`: how often reasons were right, weakest first. */
    readonly reasons?: readonly ReasonGroup[];
  })[];
  readonly differences: readonly Difference[];
}

/** Sizes; in folds, means over these. */
interface DataCounts {
  readonly folds: number;
  /** Boards (users, in files without boards) and pins with a save in the train part. */
  readonly boards: number;
  readonly pins: number;
  readonly saves: number;
  /** Held-out saves of the evaluated users. */
  readonly heldOut: number;
  /** Pins by boards and boards by pins, in the (first) train part. */
  readonly degrees: { readonly pins: readonly DegreeBin[]; readonly boards: readonly DegreeBin[] };
}

/** How two settings, identified by name, differ for the same users: `a` minus `b`. */
export interface Difference {
  readonly a: string;
  readonly b: string;
  readonly metric: AccuracyMetric;
  readonly mean: number;
  readonly interval: Interval;
  readonly p: number;
  /** After Holm's correction for all tests of the run. */
  readonly pHolm: number;
}

export const confidence = 0.95;

export interface ReportOptions extends Omit<EvaluateOptions, 'onProgress'> {
  readonly resamples: number;
  /** Called with the number of users done. */
  readonly onProgress?: ((setting: string, done: number, total: number) => void) | undefined;
}

/**
 * Evaluates pipelines on the same splits and compares them: figures as in {@link evaluateOne}, each with a bootstrap
 * interval, and a paired test of every pair. Seeded.
 */
export async function evaluateAll(
  splits: readonly SaveSplit[],
  settings: readonly NamedSettings[],
  options: ReportOptions,
): Promise<Report> {
  return (await measureAll(splits, settings, options)).report;
}

/** As {@link evaluateAll}, with the figures of each user. */
export async function measureAll(
  splits: readonly SaveSplit[],
  settings: readonly NamedSettings[],
  options: ReportOptions,
): Promise<{ readonly report: Report; readonly each: readonly Measured[] }> {
  const { k, randomSeed, resamples, negatives = null } = options;
  const all: Measured[] = [];
  const pool = new EvaluationPool(options.threads);
  try {
    for (const each of settings) {
      const onProgress = (done: number, total: number): void => options.onProgress?.(each.name, done, total);
      const measured = await evaluateOne(splits, each, { ...options, pool, onProgress });
      const columns = accuracyMetrics.map((metric) => measured.perUser.accuracy[metric]);
      const means = resampledMeans(columns, resamples, randomSeed);
      const resampled = columnsOf((metric) => means[accuracyMetrics.indexOf(metric)]!);
      all.push({ ...measured, resampled });
    }
  } finally {
    await pool.destroy();
  }
  const report: Report = {
    k,
    randomSeed,
    confidence,
    resamples,
    negatives,
    data: countsOf(splits, options),
    results: all.map(({ evaluation, perUser, resampled, reasons }) => ({
      ...evaluation,
      byActivity: groupsWithIntervals(evaluation, perUser, splits, options),
      intervals: columnsOf((metric) => percentileInterval(resampled[metric], confidence)),
      ...(reasons !== undefined && {
        reasons: calibrationOf(reasons, { resamples, randomSeed, confidence }),
      }),
    })),
    differences: differencesOf(all, resamples, randomSeed),
  };
  return { report, each: all };
}

function groupsWithIntervals(
  { byActivity }: Evaluation,
  perUser: UserAccuracy,
  splits: readonly SaveSplit[],
  { resamples, randomSeed, known }: ReportOptions,
): Report['results'][number]['byActivity'] {
  const intervals = activityIntervals(perUser, splits, known, { resamples, randomSeed, confidence });
  return byActivity.map((group, i) => Object.assign({}, group, { intervals: intervals[i]! }));
}

/** One pipeline, user by user. */
interface Measured extends Awaited<ReturnType<typeof evaluateOne>> {
  /** Means of the bootstrap resamples, which are the same for all settings. */
  readonly resampled: Readonly<Record<AccuracyMetric, Float64Array>>;
}

/** Every pair in every accuracy metric. Users and their order are the same: the draw does not depend on settings. */
function differencesOf(each: readonly Measured[], resamples: number, randomSeed: number): Difference[] {
  const tests = each.flatMap((a, i) =>
    each.slice(i + 1).flatMap((b) =>
      accuracyMetrics.map((metric) => {
        const own = a.perUser.accuracy[metric].map(
          (value, user) => value - b.perUser.accuracy[metric][user]!,
        );
        const means = a.resampled[metric].map((mean, resample) => mean - b.resampled[metric][resample]!);
        return {
          a: a.evaluation.name,
          b: b.evaluation.name,
          metric,
          mean: meanOf(own),
          interval: percentileInterval(means, confidence),
          p: pairedPValue(own, resamples, randomSeed),
        };
      }),
    ),
  );
  const corrected = holm(tests.map(({ p }) => p));
  return tests.map(({ a, b, metric, mean, interval, p }, i) => {
    return { a, b, metric, mean, interval, p, pHolm: corrected[i]! };
  });
}

function countsOf(splits: readonly SaveSplit[], options: BoardsOptions): DataCounts {
  const boards = evaluatedBoards(splits, options);
  const mean = (of: (split: SaveSplit, fold: number) => number): number =>
    meanOf(Float64Array.from(splits, of));
  return {
    folds: splits.length,
    boards: mean(({ train }) => savedCount(train.boardToPin)),
    pins: mean(({ train }) => savedCount(train.pinToBoard)),
    saves: mean(({ train }) => saveCount(train)),
    heldOut: mean(({ heldOut }, fold) =>
      boards[fold]!.reduce((sum, board) => sum + degreeOf(heldOut, board), 0),
    ),
    degrees: {
      pins: degreeBins(splits[0]!.train.pinToBoard),
      boards: degreeBins(splits[0]!.train.boardToPin),
    },
  };
}
