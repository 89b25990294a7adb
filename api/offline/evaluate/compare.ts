import {
  type AccuracyMetric,
  type RecommendedLists,
  type SaveSplit,
  columnsOf,
  listAt,
  listOverlap,
  meanOf,
} from '../../../engine/index.ts';
import type { SplitNames } from '../../../graph-data/index.ts';
import {
  type ActivityDifference,
  type PopularityDifference,
  byActivityOf,
  byPopularityOf,
} from './compare-groups.ts';
import { type Example, examplesOf } from './compare-examples.ts';
import { type Report, type ReportOptions, measureAll } from './report.ts';
import type { NamedSettings } from './named-settings.ts';
import { type Wins, winsOf } from './wins.ts';

/** Everything that `pinwalk compare --json` prints: the evaluation of both, and where they differ. `a` is the first of them. */
export interface Comparison extends Report {
  /** The metric by which users are won and examples chosen. */
  readonly metric: AccuracyMetric;
  /** By each metric: for how many users which of the two was better. */
  readonly wins: Readonly<Record<AccuracyMetric, Wins>>;
  readonly overlap: Overlap;
  readonly byActivity: readonly ActivityDifference[];
  readonly byPopularity: readonly PopularityDifference[];
  /** Users for whom they differ most: first those that `a` wins, then those that `b` wins, the clearest first. */
  readonly examples: readonly Example[];
}

/** How alike the lists of the two are, user by user. */
interface Overlap {
  /** Mean share of the top k in common, 0 to 1. */
  readonly mean: number;
  /** Share of users with the same pins in the same order. */
  readonly sameList: number;
  /** Share of users with the same pin in the first place. */
  readonly sameFirst: number;
  /** Users by the share in common: from 0 to under 0.1, … from 0.9 to under 1, and 1. */
  readonly users: readonly number[];
}

interface CompareOptions extends ReportOptions {
  readonly metric: AccuracyMetric;
  /** Users to show of each side, at most. */
  readonly examples: number;
}

/**
 * Evaluates two pipelines on one split, as {@link evaluateAll} does, and reports where they differ. Same split, settings and
 * seed: same figures, but for the times.
 */
export async function compare(
  split: SaveSplit,
  settings: readonly [NamedSettings, NamedSettings],
  names: SplitNames,
  options: CompareOptions,
): Promise<Comparison> {
  const { report, each } = await measureAll([split], settings, options);
  const [a, b] = [each[0]!, each[1]!];
  const { metric } = options;
  const lists = [a.lists[0]!, b.lists[0]!] as const;
  const perUser = [a.perUser.accuracy[metric], b.perUser.accuracy[metric]] as const;
  const shares = sharesInCommon(...lists);
  return {
    ...report,
    metric,
    wins: columnsOf((each_) => winsOf(a.perUser.accuracy[each_], b.perUser.accuracy[each_])),
    overlap: overlapOf(...lists, shares),
    byActivity: byActivityOf(a.perUser.boards, split, perUser, shares, options),
    byPopularity: byPopularityOf(lists, split),
    examples: examplesOf(lists, split, perUser, shares, names, options.examples),
  };
}

function sharesInCommon(a: RecommendedLists, b: RecommendedLists): Float64Array {
  return Float64Array.from(a.boards, (_, user) => listOverlap(listAt(a, user), listAt(b, user)));
}

const overlapClasses = 10;

function overlapOf(a: RecommendedLists, b: RecommendedLists, shares: Float64Array): Overlap {
  const users = Array.from({ length: overlapClasses + 1 }, () => 0);
  // Shares are of whole numbers, whose tenths a computer may miss by a bit.
  for (const share of shares) users[Math.floor(share * overlapClasses + 1e-9)]!++;
  const shareOf = (is: (own: Int32Array, other: Int32Array) => boolean): number =>
    meanOf(Float64Array.from(a.boards, (_, user) => Number(is(listAt(a, user), listAt(b, user)))));
  return {
    mean: meanOf(shares),
    sameList: shareOf((own, other) => own.length === other.length && own.every((pin, i) => pin === other[i])),
    sameFirst: shareOf((own, other) => own[0] === other[0]),
    users,
  };
}
