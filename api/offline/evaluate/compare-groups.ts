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

/** For how many users each of two settings has the larger metric; the three sum to all users. */
export interface Wins {
  readonly a: number;
  readonly b: number;
  readonly ties: number;
}

/** Two settings compared for users with a similar number of known pins. */
export interface ActivityDifference {
  /** Known pins of each user. */
  readonly pins: Range;
  readonly users: number;
  /** Means of the metric. */
  readonly a: number;
  readonly b: number;
  /** Of `a` − `b`, by a bootstrap over the users of the group. */
  readonly interval: Interval;
  readonly wins: Wins;
  /** Mean overlap of the two lists. */
  readonly overlap: number;
}

/** What two settings found among pins of similar popularity. The last group has the pins without a save in train. */
export interface PopularityDifference {
  readonly pins: number;
  /** Saves of each pin in the train part; null for the group without any. */
  readonly saves: Range | null;
  /** Held-out pins of all users, each found by both, by one alone, or by neither. */
  readonly heldOut: number;
  readonly both: number;
  readonly aOnly: number;
  readonly bOnly: number;
  readonly neither: number;
  /** Recommendations to all users: by both, or by one alone. */
  readonly recommendedBoth: number;
  readonly recommendedAOnly: number;
  readonly recommendedBOnly: number;
}

/** Counts the wins and ties of two columns, one value per user. */
export function winsOf(a: Float64Array, b: Float64Array): Wins {
  const wins = { a: 0, b: 0, ties: 0 };
  for (const [user, value] of a.entries()) {
    wins[value > b[user]! ? 'a' : value < b[user]! ? 'b' : 'ties']++;
  }
  return wins;
}

/** The users in groups by their known pins, from the metric and the overlap of each user. */
export function byActivityOf(
  boards: Int32Array,
  split: SaveSplit,
  [a, b]: readonly [Float64Array, Float64Array],
  overlaps: Float64Array,
  { known, resamples, randomSeed }: ReportOptions,
): ActivityDifference[] {
  return activityRanges(boards, [split], known).map(({ pins, isIn }) => {
    const [ofA, ofB] = [a.filter(isIn), b.filter(isIn)];
    const differences = ofA.map((value, user) => value - ofB[user]!);
    const means = resampledMeans([differences], resamples, randomSeed)[0]!;
    return {
      pins,
      users: differences.length,
      a: meanOf(ofA),
      b: meanOf(ofB),
      interval: percentileInterval(means, confidence),
      wins: winsOf(ofA, ofB),
      overlap: meanOf(overlaps.filter(isIn)),
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

/** The pins in three groups with a third of the saves each. O(boards · k + held-out saves). */
export function byPopularityOf(
  [a, b]: readonly [RecommendedLists, RecommendedLists],
  { train, heldOut }: SaveSplit,
): PopularityDifference[] {
  const { groups, groupOf } = popularityThirds(train.pinToBoard);
  const counts = Array.from({ length: groups.length + 1 }, () => {
    return Object.fromEntries(counters.map((name) => [name, 0])) as Record<(typeof counters)[number], number>;
  });
  // The index of a held-out pin may exceed those of the train part.
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
    .filter((group) => group.saves !== null || group.heldOut > 0);
}
