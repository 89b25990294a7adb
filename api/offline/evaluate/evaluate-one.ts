import {
  type AccuracyMetric,
  type AlgorithmName,
  type Params,
  type RecommendedLists,
  type RecommendedPins,
  type SaveSplit,
  accuracyOf,
  columnsOf,
  meanOf,
  meanOverlap,
  recommendedPins,
  resolvePipeline,
  settingsOf,
} from '../../../engine/index.ts';
import {
  type BoardsOptions,
  type EvaluatedLists,
  type ListOptions,
  evaluatedBoards,
  recommendLists,
} from './recommend-lists.ts';
import {
  type ActivityGroup,
  type PopularityGroup,
  type UserAccuracy,
  byActivity,
  byPopularity,
} from './by-group.ts';
import { type ReasonCounts, countReasons } from './calibration.ts';
import { type NamedSettings, assertMeasurable } from './named-settings.ts';

/** One pipeline, evaluated on one split or on all folds. Accuracy metrics are means over users, 0 to 1. */
export interface Evaluation extends Readonly<Record<AccuracyMetric, number>>, RecommendedPins {
  /** The name of the settings. */
  readonly name: string;
  readonly algorithm: AlgorithmName;
  /** Every parameter and lever, defaults filled in. */
  readonly params: Params;
  /** Users (boards) with both known and held-out pins. */
  readonly users: number;
  /** Mean intra-list diversity by boards, over lists of at least two pins, 0 to 1. */
  readonly diversity: number;
  readonly byActivity: readonly ActivityGroup[];
  readonly byPopularity: readonly PopularityGroup[];
  /** With several seeds: how similar their lists are. */
  readonly stability?: Stability;
  /** Wall time of all users on all threads, all folds and seeds. */
  readonly seconds: number;
  readonly msPerQueryP50: number;
  readonly msPerQueryP99: number;
}

interface Stability {
  readonly seeds: number;
  /** Mean overlap of the lists of two seeds, 0 to 1. */
  readonly overlap: number;
  /** Recall and NDCG by seed; the first seed is that of all other figures. */
  readonly recall: readonly number[];
  readonly ndcg: readonly number[];
}

export interface EvaluateOptions extends Omit<ListOptions, 'walkSeed' | 'servedAs'>, BoardsOptions {
  /** Number of seeds to run, from `randomSeed` on, to measure stability. Default 1. */
  readonly seeds?: number | undefined;
}

/**
 * Runs one pipeline for every user with held-out pins ({@link recommendLists}) and measures the lists. With several
 * splits (folds), a user's accuracy is the mean over the folds that evaluate the user; metrics of the recommended pins are
 * means over folds. Deterministic for given splits, settings and seed, on any number of threads, except for the times.
 * Throws `invalid-parameter`.
 */
export async function evaluateOne(
  splits: readonly SaveSplit[],
  { name, servedAs = name, ...given }: NamedSettings,
  options: EvaluateOptions,
): Promise<{
  readonly evaluation: Evaluation;
  readonly perUser: UserAccuracy;
  /** The lists of the first seed, by fold. */
  readonly lists: readonly RecommendedLists[];
  readonly reasons: readonly ReasonCounts[] | undefined;
}> {
  assertMeasurable(given);
  const pipeline = resolvePipeline(given);
  const seeds = options.seeds ?? 1;
  const boards = evaluatedBoards(splits, options);
  /** By seed, then fold. */
  const lists: EvaluatedLists[][] = [];
  for (let i = 0; i < seeds; i++) {
    const ofSeed: EvaluatedLists[] = [];
    for (const [fold, split] of splits.entries()) {
      const round = i * splits.length + fold;
      const onProgress = (done: number, total: number): void =>
        options.onProgress?.(round * total + done, seeds * splits.length * total);
      const walkSeed = (options.randomSeed + i) % 2 ** 32;
      ofSeed.push(
        await recommendLists(split, boards[fold]!, pipeline, { ...options, servedAs, walkSeed, onProgress }),
      );
    }
    lists.push(ofSeed);
  }
  const first = lists[0]!;
  const perUser = meanOverFolds(first, splits);
  const described = first.map((each, fold) => recommendedPins(each, splits[fold]!.train));
  const figure = (figureName: keyof RecommendedPins): number =>
    meanOf(Float64Array.from(described, (each) => each[figureName]));
  const ms = Float64Array.from(first.flatMap((each) => Array.from(each.ms))).toSorted();
  const diversities = first.flatMap(({ diversity }) =>
    Array.from(diversity).filter((each) => !Number.isNaN(each)),
  );
  const evaluation: Evaluation = {
    name,
    ...settingsOf(pipeline),
    users: perUser.boards.length,
    ...columnsOf((metric) => meanOf(perUser.accuracy[metric])),
    coverage: figure('coverage'),
    gini: figure('gini'),
    novelty: figure('novelty'),
    diversity: meanOf(Float64Array.from(diversities)),
    popularity: figure('popularity'),
    longTail: figure('longTail'),
    byActivity: byActivity(perUser, splits, options.known),
    byPopularity: byPopularity(first, splits),
    ...(seeds === 1 ? {} : { stability: stabilityOf(lists, splits) }),
    seconds: lists.flat().reduce((sum, each) => sum + each.seconds, 0),
    msPerQueryP50: quantile(ms, 0.5),
    msPerQueryP99: quantile(ms, 0.99),
  };
  return {
    evaluation,
    perUser,
    lists: first,
    reasons: options.reasons === true ? countReasons(first, splits) : undefined,
  };
}

/** The accuracy of each board, averaged over the folds that evaluate it; boards in order of first appearance. */
function meanOverFolds(folds: readonly EvaluatedLists[], splits: readonly SaveSplit[]): UserAccuracy {
  const accuracies = folds.map((lists, fold) => accuracyOf(lists, splits[fold]!.heldOut));
  if (folds.length === 1) return { boards: folds[0]!.boards, accuracy: accuracies[0]! };
  const placeOf = new Map<number, number>();
  for (const { boards } of folds)
    for (const board of boards) placeOf.set(board, placeOf.get(board) ?? placeOf.size);
  const foldCounts = new Int32Array(placeOf.size);
  for (const { boards } of folds) for (const board of boards) foldCounts[placeOf.get(board)!]!++;
  const accuracy = columnsOf((metric) => {
    const sums = new Float64Array(placeOf.size);
    for (const [fold, { boards }] of folds.entries()) {
      for (const [i, board] of boards.entries()) sums[placeOf.get(board)!]! += accuracies[fold]![metric][i]!;
    }
    return sums.map((sum, place) => sum / foldCounts[place]!);
  });
  return { boards: Int32Array.from(placeOf.keys()), accuracy };
}

function stabilityOf(bySeed: readonly EvaluatedLists[][], splits: readonly SaveSplit[]): Stability {
  const overlaps = splits.map((_, fold) => meanOverlap(bySeed.map((ofSeed) => ofSeed[fold]!)));
  const perUser = bySeed.map((ofSeed) => meanOverFolds(ofSeed, splits).accuracy);
  return {
    seeds: bySeed.length,
    overlap: meanOf(Float64Array.from(overlaps)),
    recall: perUser.map(({ recall }) => meanOf(recall)),
    ndcg: perUser.map(({ ndcg }) => meanOf(ndcg)),
  };
}

/** The quantile `q` of sorted values; 0 for an empty array. */
function quantile(sorted: Float64Array, q: number): number {
  return sorted[Math.min(Math.floor(q * sorted.length), sorted.length - 1)] ?? 0;
}
