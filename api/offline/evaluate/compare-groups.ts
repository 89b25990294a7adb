import {
  type Interval,
  type Range,
  type RecommendedLists,
  type SaveSplit,
  listAt,
  meanOf,
  neighborsOf,
  notSaved,
  percentileInterval,
  popularityThirds,
  resampledMeans,
} from '../../../engine/index.ts';
import { activityRanges } from './by-group.ts';
import { type ReportOptions, confidence } from './report.ts';
import { type Wins, winsOf } from './wins.ts';

/** Where two settings differ among users with about as many known pins as one another. */
export interface ActivityDifference {
  /** Known pins of each user. */
  readonly pins: Range;
  readonly users: number;
  /** Means of the metric. */
  readonly a: number;
  readonly b: number;
  /** Of `a` minus `b`, by a bootstrap over the users of the group. */
  readonly interval: Interval;
  readonly wins: Wins;
  /** Mean share of the top k in common. */
  readonly overlap: number;
}

/** What two settings found of pins that are about as popular as one another; the last group of pins that train lacks. */
export interface PopularityDifference {
  readonly pins: number;
  /** Boards that have each of them in the train part; null where there are none. */
  readonly saves: Range | null;
  /** Held-out pins, over all users; they are found by both, by one alone, or by neither. */
  readonly heldOut: number;
  readonly both: number;
  readonly aOnly: number;
  readonly bOnly: number;
  readonly neither: number;
  /** Recommended pins, over all users: by both, or by one alone. */
  readonly recommendedBoth: number;
  readonly recommendedAOnly: number;
  readonly recommendedBOnly: number;
}

/** The users in groups by their known pins, with the metric of each user and the shares in common. */
export function byActivityOf(
  boards: Int32Array,
  split: SaveSplit,
  [a, b]: readonly [Float64Array, Float64Array],
  shares: Float64Array,
  { known, resamples, randomSeed }: ReportOptions,
): ActivityDifference[] {
  return activityRanges(boards, [split], known).map(({ pins, isIn }) => {
    const [ofA, ofB] = [a.filter(isIn), b.filter(isIn)];
    const own = ofA.map((value, user) => value - ofB[user]!);
    const means = resampledMeans([own], resamples, randomSeed)[0]!;
    return {
      pins,
      users: own.length,
      a: meanOf(ofA),
      b: meanOf(ofB),
      interval: percentileInterval(means, confidence),
      wins: winsOf(ofA, ofB),
      overlap: meanOf(shares.filter(isIn)),
    };
  });
}

const counters = [
  'heldOut',
  'both',
  'aOnly',
  'bOnly',
  'neither',
  'recommendedBoth',
  'recommendedAOnly',
  'recommendedBOnly',
] as const;

/** The pins in three groups that have a third of the saves each. O(boards · k + held out). */
export function byPopularityOf(
  [a, b]: readonly [RecommendedLists, RecommendedLists],
  { train, heldOut }: SaveSplit,
): PopularityDifference[] {
  const { groups, groupOf } = popularityThirds(train.pinToBoard);
  const counts = Array.from({ length: groups.length + 1 }, () => {
    return Object.fromEntries(counters.map((name) => [name, 0])) as Record<(typeof counters)[number], number>;
  });
  // A held-out pin can have a number past those of the train part.
  const countsOf = (pin: number): (typeof counts)[number] => {
    const group = groupOf[pin] ?? notSaved;
    return counts[group === notSaved ? groups.length : group]!;
  };
  for (const [user, board] of a.boards.entries()) {
    const [ofA, ofB] = [new Set(listAt(a, user)), new Set(listAt(b, user))];
    for (const pin of neighborsOf(heldOut, board)) {
      const of = countsOf(pin);
      of.heldOut++;
      of[ofA.has(pin) ? (ofB.has(pin) ? 'both' : 'aOnly') : ofB.has(pin) ? 'bOnly' : 'neither']++;
    }
    for (const pin of ofA) countsOf(pin)[ofB.has(pin) ? 'recommendedBoth' : 'recommendedAOnly']++;
    for (const pin of ofB) if (!ofA.has(pin)) countsOf(pin).recommendedBOnly++;
  }
  return counts
    .map((of, group) => {
      return Object.assign({ pins: groups[group]?.pins ?? 0, saves: groups[group]?.saves ?? null }, of);
    })
    .filter(({ saves, heldOut: wanted }) => saves !== null || wanted > 0);
}
