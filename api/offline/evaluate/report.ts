import {
  type AccuracyMetric,
  type DegreeBin,
  type Interval,
  type SaveSplit,
  type SplitTies,
  accuracyMetrics,
  columnsOf,
  degreeBins,
  degreeOf,
  detectableEffect,
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
import {
  type ActivityGroup,
  type ActivityIntervals,
  type UserAccuracy,
  activityIntervals,
} from './by-group.ts';
import { type ReasonGroup, calibrationOf } from './calibration.ts';
import type { NamedSettings } from './named-settings.ts';

/** The output of `pinwalk evaluate --json`. */
export interface Report {
  readonly k: number;
  readonly randomSeed: number;
  /** Confidence level of the intervals. */
  readonly confidence: number;
  /** Bootstrap resamples of each interval, and permutations of each test. */
  readonly resamples: number;
  /** Number of sampled pins that held-out pins were ranked among; null if all pins were ranked. */
  readonly negatives: number | null;
  readonly data: DataCounts;
  readonly results: readonly (Omit<Evaluation, 'byActivity'> & {
    readonly byActivity: readonly (ActivityGroup & { readonly intervals: ActivityIntervals })[];
    readonly intervals: Readonly<Record<AccuracyMetric, Interval>>;
    /** With `reasons`: precision by the strength of reasons, weakest first. */
    readonly reasons?: readonly ReasonGroup[];
  })[];
  readonly differences: readonly Difference[];
}

/** Sizes of the data; means over folds. */
interface DataCounts {
  readonly folds: number;
  /** Boards (users, in files without boards) and pins with a save in the train part. */
  readonly boards: number;
  readonly pins: number;
  readonly saves: number;
  /** Held-out saves of the evaluated users. */
  readonly heldOut: number;
  /** Ties of time that the seed broke; null with a split that they cannot affect. */
  readonly ties: SplitTies | null;
  /** Degree distributions of the (first) train part. */
  readonly degrees: { readonly pins: readonly DegreeBin[]; readonly boards: readonly DegreeBin[] };
}

/** The paired difference `a` − `b` of two settings, identified by name, over the same users. */
export interface Difference {
  readonly a: string;
  readonly b: string;
  readonly metric: AccuracyMetric;
  readonly mean: number;
  readonly interval: Interval;
  readonly detectable: Detectable;
  readonly p: number;
  /** Corrected by Holm's method for all tests of the run. */
  readonly pHolm: number;
}

/** The smallest true difference that the paired test would detect at α 0.05 with probability 0.8 ({@link detectableEffect}). */
export interface Detectable {
  /** In units of the metric; null for fewer than two users. */
  readonly difference: number | null;
  /** As a share of the mean of `b`; null if that is 0. */
  readonly share: number | null;
}

/** For the differences to `b`, one per user. */
export function detectableOf(differences: Float64Array, b: Float64Array): Detectable {
  const [effect, base] = [detectableEffect(differences), meanOf(b)];
  if (Number.isNaN(effect)) return { difference: null, share: null };
  return { difference: effect, share: base === 0 ? null : effect / base };
}

export const confidence = 0.95;

export interface ReportOptions extends Omit<EvaluateOptions, 'onProgress'> {
  readonly resamples: number;
  /** Called with the number of users that are done. */
  readonly onProgress?: ((setting: string, done: number, total: number) => void) | undefined;
}

/** Evaluates pipelines on the same splits, with a bootstrap interval of each metric and a paired test of each pair. Seeded. */
export async function evaluateAll(
  splits: readonly SaveSplit[],
  settings: readonly NamedSettings[],
  options: ReportOptions,
): Promise<Report> {
  return (await measureAll(splits, settings, options)).report;
}

/** As {@link evaluateAll}, with the results of each user. */
export async function measureAll(
  splits: readonly SaveSplit[],
  settings: readonly NamedSettings[],
  options: ReportOptions,
): Promise<{ readonly report: Report; readonly each: readonly Measured[] }> {
  const { k, randomSeed, resamples, negatives = null } = options;
  const all: Measured[] = [];
  const pool = new EvaluationPool(options.threads, options.linear);
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

/** The results of one pipeline for each user. */
interface Measured extends Awaited<ReturnType<typeof evaluateOne>> {
  /** The mean of each bootstrap resample; resamples are the same for all settings. */
  readonly resampled: Readonly<Record<AccuracyMetric, Float64Array>>;
}

/** Every pair in every accuracy metric. Users are parallel, since their draw does not depend on settings. */
function differencesOf(each: readonly Measured[], resamples: number, randomSeed: number): Difference[] {
  const tests = each.flatMap((a, i) =>
    each.slice(i + 1).flatMap((b) =>
      accuracyMetrics.map((metric) => {
        const differences = a.perUser.accuracy[metric].map(
          (value, user) => value - b.perUser.accuracy[metric][user]!,
        );
        const means = a.resampled[metric].map((mean, resample) => mean - b.resampled[metric][resample]!);
        return {
          a: a.evaluation.name,
          b: b.evaluation.name,
          metric,
          mean: meanOf(differences),
          interval: percentileInterval(means, confidence),
          detectable: detectableOf(differences, b.perUser.accuracy[metric]),
          p: pairedPValue(differences, resamples, randomSeed),
        };
      }),
    ),
  );
  const corrected = holm(tests.map(({ p }) => p));
  return tests.map(({ p, ...test }, i) => Object.assign(test, { p, pHolm: corrected[i]! }));
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
    ties: splits[0]!.ties ?? null,
    degrees: {
      pins: degreeBins(splits[0]!.train.pinToBoard),
      boards: degreeBins(splits[0]!.train.boardToPin),
    },
  };
}
