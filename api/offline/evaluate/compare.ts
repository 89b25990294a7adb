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
  type Wins,
  byActivityOf,
  byPopularityOf,
  winsOf,
} from './compare-groups.ts';
import { type Example, examplesOf } from './compare-examples.ts';
import { type Report, type ReportOptions, measureAll } from './report.ts';
import type { NamedSettings } from './named-settings.ts';

/** The output of `pinwalk compare --json`: the evaluation of both settings, and where they differ. `a` is the first. */
export interface Comparison extends Report {
  /** The metric that decides wins by group and selects the examples. */
  readonly metric: AccuracyMetric;
  /** Wins and ties by metric. */
  readonly wins: Readonly<Record<AccuracyMetric, Wins>>;
  readonly overlap: Overlap;
  readonly byActivity: readonly ActivityDifference[];
  readonly byPopularity: readonly PopularityDifference[];
  /** The users with the largest differences: first those that `a` wins, then those that `b` wins. */
  readonly examples: readonly Example[];
}

/** How similar the two lists of a user are. */
interface Overlap {
  /** Mean overlap: |A ∩ B| / max(|A|, |B|), 0 to 1. */
  readonly mean: number;
  /** Share of users with the same pins in the same order. */
  readonly sameList: number;
  /** Share of users with the same first pin. */
  readonly sameFirst: number;
  /** Histogram of users by overlap: [0, 0.1), … [0.9, 1), and 1. */
  readonly users: readonly number[];
}

interface CompareOptions extends ReportOptions {
  readonly metric: AccuracyMetric;
  /** Maximum number of users to show for each side. */
  readonly examples: number;
}

/**
 * Evaluates two pipelines on one split, as {@link evaluateAll} does, and reports where they differ. Deterministic for a
 * split, settings and seed, except for the times.
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
  const overlaps = Float64Array.from(a.perUser.boards, (_, user) =>
    listOverlap(listAt(lists[0], user), listAt(lists[1], user)),
  );
  return {
    ...report,
    metric,
    wins: columnsOf((name) => winsOf(a.perUser.accuracy[name], b.perUser.accuracy[name])),
    overlap: overlapOf(...lists, overlaps),
    byActivity: byActivityOf(a.perUser.boards, split, perUser, overlaps, options),
    byPopularity: byPopularityOf(lists, split),
    examples: examplesOf(lists, split, perUser, overlaps, names, options.examples),
  };
}

const overlapBins = 10;

function overlapOf(a: RecommendedLists, b: RecommendedLists, overlaps: Float64Array): Overlap {
  const users = Array.from({ length: overlapBins + 1 }, () => 0);
  // Rounding errors must not move an overlap such as 3/10 into the bin below.
  for (const overlap of overlaps) users[Math.floor(overlap * overlapBins + 1e-9)]!++;
  const shareWith = (isSame: (ofA: Int32Array, ofB: Int32Array) => boolean): number =>
    meanOf(Float64Array.from(a.boards, (_, user) => Number(isSame(listAt(a, user), listAt(b, user)))));
  return {
    mean: meanOf(overlaps),
    sameList: shareWith((ofA, ofB) => ofA.length === ofB.length && ofA.every((pin, i) => pin === ofB[i])),
    sameFirst: shareWith((ofA, ofB) => ofA[0] === ofB[0]),
    users,
  };
}
