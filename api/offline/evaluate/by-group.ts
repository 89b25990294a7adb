import {
  type AccuracyByBoard,
  type Adjacency,
  type GroupCounts,
  type Interval,
  type Range,
  type RecommendedLists,
  type SaveSplit,
  countByGroup,
  degreeOf,
  meanOf,
  percentileInterval,
  popularityThirds,
  quantileRanges,
  resampledMeans,
} from '../../../engine/index.ts';

/** The accuracy of each user: the sample that intervals and tests are computed from. */
export interface UserAccuracy {
  readonly boards: Int32Array;
  readonly accuracy: AccuracyByBoard;
}

/** Users with a similar number of known pins. */
export interface ActivityGroup {
  /** Known pins of each user. */
  readonly pins: Range;
  readonly users: number;
  readonly recall: number;
  readonly ndcg: number;
  readonly hitRate: number;
}

/** Pins of similar popularity. The last group, if present, has the pins without a save in the train part. */
export interface PopularityGroup {
  readonly pins: number;
  /** Saves of each pin in the train part; null for the group without any. */
  readonly saves: Range | null;
  /** Held-out pins of the group, over all users. */
  readonly heldOut: number;
  /** Share of these that were in their user's list. */
  readonly found: number;
  /** Share of all recommendations. */
  readonly recommended: number;
}

/** Confidence intervals of the figures of an {@link ActivityGroup}. */
export interface ActivityIntervals {
  readonly recall: Interval;
  readonly ndcg: Interval;
}

export interface BootstrapOptions {
  readonly resamples: number;
  readonly randomSeed: number;
  readonly confidence: number;
}

const activityGroups = 4;

/** The users in four groups of about equal size by their number of known pins, fewest first. */
export function byActivity(
  { boards, accuracy }: UserAccuracy,
  splits: readonly SaveSplit[],
  known?: Adjacency,
): ActivityGroup[] {
  return activityRanges(boards, splits, known).map(({ pins, isIn }) => {
    return {
      pins,
      users: boards.filter(isIn).length,
      recall: meanOf(accuracy.recall.filter(isIn)),
      ndcg: meanOf(accuracy.ndcg.filter(isIn)),
      hitRate: meanOf(accuracy.hitRate.filter(isIn)),
    };
  });
}

/** Intervals of recall and NDCG of each activity group, by a bootstrap over its users. Seeded. */
export function activityIntervals(
  { boards, accuracy }: UserAccuracy,
  splits: readonly SaveSplit[],
  known: Adjacency | undefined,
  { resamples, randomSeed, confidence }: BootstrapOptions,
): ActivityIntervals[] {
  return activityRanges(boards, splits, known).map(({ isIn }) => {
    const columns = [accuracy.recall.filter(isIn), accuracy.ndcg.filter(isIn)];
    const [recall, ndcg] = resampledMeans(columns, resamples, randomSeed);
    return {
      recall: percentileInterval(recall!, confidence),
      ndcg: percentileInterval(ndcg!, confidence),
    };
  });
}

/** The activity groups: the range of known pins of each, and a filter for arrays that are parallel to `boards`. */
export function activityRanges(
  boards: Int32Array,
  splits: readonly SaveSplit[],
  known?: Adjacency,
): { readonly pins: Range; readonly isIn: (_: number, user: number) => boolean }[] {
  // With folds, the first fold with pins of the board counts.
  const adjacencies = splits.map(({ train }) => known ?? train.boardToPin);
  const counts = boards.map((board) => {
    const adjacency = adjacencies.find((each) => degreeOf(each, board) > 0);
    return adjacency === undefined ? 0 : degreeOf(adjacency, board);
  });
  return quantileRanges(counts, activityGroups).map((pins) => ({
    pins,
    isIn: (_, user) => counts[user]! >= pins.from && counts[user]! <= pins.to,
  }));
}

/** The pins in three groups with a third of the saves each, by the train part of the first fold. */
export function byPopularity(
  folds: readonly RecommendedLists[],
  splits: readonly SaveSplit[],
): PopularityGroup[] {
  const thirds = popularityThirds(splits[0]!.train.pinToBoard);
  const counts = folds.map((lists, fold) => countByGroup(lists, splits[fold]!.heldOut, thirds));
  const sum = (name: keyof GroupCounts, group: number): number =>
    counts.reduce((total, each) => total + each[name][group]!, 0);
  const groups = [...thirds.groups.keys(), thirds.groups.length];
  const recommended = groups.reduce((total, group) => total + sum('recommended', group), 0);
  const heldOutUnsaved = sum('heldOut', thirds.groups.length);
  return groups
    .map((group) => ({
      pins: thirds.groups[group]?.pins ?? 0,
      saves: thirds.groups[group]?.saves ?? null,
      heldOut: sum('heldOut', group),
      found: sum('heldOut', group) === 0 ? 0 : sum('found', group) / sum('heldOut', group),
      recommended: recommended === 0 ? 0 : sum('recommended', group) / recommended,
    }))
    .filter(({ saves }) => saves !== null || heldOutUnsaved > 0);
}
