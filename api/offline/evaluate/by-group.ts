import {
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
import type { UserAccuracy } from './user-accuracy.ts';

/** Users that have about as many pins to start from as one another. */
export interface ActivityGroup {
  /** Known pins of each user. */
  readonly pins: Range;
  readonly users: number;
  readonly recall: number;
  readonly ndcg: number;
  readonly hitRate: number;
}

/** Pins that are about as popular as one another; the last group, if there, of pins that are not in the train part. */
export interface PopularityGroup {
  readonly pins: number;
  /** Boards that have each of them in the train part; null where there are none. */
  readonly saves: Range | null;
  /** Held-out pins of the group, over all users. */
  readonly heldOut: number;
  /** Share of these that were in the user's list. */
  readonly found: number;
  /** Share of all recommendations that are of the group. */
  readonly recommended: number;
}

/** Intervals about the figures of an {@link ActivityGroup}. */
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

/** The users in four groups of about the same size, by the number of their query pins, fewest first. */
export function byActivity(
  { boards, accuracy }: UserAccuracy,
  splits: readonly SaveSplit[],
  given?: Adjacency,
): ActivityGroup[] {
  return activityRanges(boards, splits, given).map(({ pins, isIn }) => {
    return {
      pins,
      users: boards.filter(isIn).length,
      recall: meanOf(accuracy.recall.filter(isIn)),
      ndcg: meanOf(accuracy.ndcg.filter(isIn)),
      hitRate: meanOf(accuracy.hitRate.filter(isIn)),
    };
  });
}

/** The intervals of the groups' recall and NDCG, in their order, each by a bootstrap over the users of the group. Seeded. */
export function activityIntervals(
  { boards, accuracy }: UserAccuracy,
  splits: readonly SaveSplit[],
  given: Adjacency | undefined,
  { resamples, randomSeed, confidence }: BootstrapOptions,
): ActivityIntervals[] {
  return activityRanges(boards, splits, given).map(({ isIn }) => {
    const columns = [accuracy.recall.filter(isIn), accuracy.ndcg.filter(isIn)];
    const [recall, ndcg] = resampledMeans(columns, resamples, randomSeed);
    return {
      recall: percentileInterval(recall!, confidence),
      ndcg: percentileInterval(ndcg!, confidence),
    };
  });
}

/** The ranges of known pins that make the groups, and who is in each: the users by their places among `boards`. */
export function activityRanges(
  boards: Int32Array,
  splits: readonly SaveSplit[],
  given?: Adjacency,
): { readonly pins: Range; readonly isIn: (_: number, user: number) => boolean }[] {
  // In folds, by the first that has pins of the board.
  const known = splits.map(({ train }) => given ?? train.boardToPin);
  const counts = boards.map((board) => {
    const one = known.find((adjacency) => degreeOf(adjacency, board) > 0);
    return one === undefined ? 0 : degreeOf(one, board);
  });
  return quantileRanges(counts, activityGroups).map((pins) => ({
    pins,
    isIn: (_, user) => counts[user]! >= pins.from && counts[user]! <= pins.to,
  }));
}

/** Pins in three groups that have a third of the saves each, as the first fold's train part has them. */
export function byPopularity(
  folds: readonly RecommendedLists[],
  splits: readonly SaveSplit[],
): PopularityGroup[] {
  const thirds = popularityThirds(splits[0]!.train.pinToBoard);
  const counts = folds.map((lists, fold) => countByGroup(lists, splits[fold]!.heldOut, thirds));
  const sum = (name: keyof GroupCounts, group: number): number =>
    counts.reduce((total, each) => total + each[name][group]!, 0);
  const places = [...thirds.groups.keys(), thirds.groups.length];
  const recommended = places.reduce((total, group) => total + sum('recommended', group), 0);
  const heldOutOutside = sum('heldOut', thirds.groups.length);
  return places
    .map((group) => ({
      pins: thirds.groups[group]?.pins ?? 0,
      saves: thirds.groups[group]?.saves ?? null,
      heldOut: sum('heldOut', group),
      found: sum('heldOut', group) === 0 ? 0 : sum('found', group) / sum('heldOut', group),
      recommended: recommended === 0 ? 0 : sum('recommended', group) / recommended,
    }))
    .filter(({ saves }) => saves !== null || heldOutOutside > 0);
}
