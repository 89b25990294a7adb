import {
  type Interval,
  type Range,
  type SaveSplit,
  doublingRange,
  listAt,
  neighborsOf,
  percentileInterval,
  resampledMeans,
} from '../../../engine/index.ts';
import type { EvaluatedLists } from './recommend-lists.ts';
import type { BootstrapOptions } from './by-group.ts';

/**
 * Recommended pins by the strength of their reasons, and how many of them were hits. The strength of a reason is the
 * number of boards that it names: 8 for "saved with x on 5 boards and with y on 3 boards". It is 0 if the reason leads
 * through a third pin, or none was found.
 */
export interface ReasonGroup {
  readonly strength: Range;
  /** Recommended pins with such reasons, in all lists. */
  readonly pins: number;
  /** How many of them were held-out pins of their user. */
  readonly hits: number;
  /** hits / pins: the precision. */
  readonly share: number;
  /** Of `share`, by a bootstrap over users, since the pins of one list are not independent. */
  readonly interval: Interval;
}

/** Pins and hits of each list with reasons of one strength. */
export interface ReasonCounts {
  readonly strength: Range;
  readonly pins: Float64Array;
  readonly hits: Float64Array;
}

/** Counts the recommended pins of all lists by the strength of their reasons, weakest first. O(lists · k · groups). */
export function countReasons(folds: readonly EvaluatedLists[], splits: readonly SaveSplit[]): ReasonCounts[] {
  const listCount = folds.reduce((sum, { boards }) => sum + boards.length, 0);
  const counts = new Map<number, ReasonCounts>();
  let list = 0;
  for (const [fold, lists] of folds.entries()) {
    for (const [place, board] of lists.boards.entries()) {
      const relevant = new Set(neighborsOf(splits[fold]!.heldOut, board));
      for (const [i, pin] of listAt(lists, place).entries()) {
        const strength = doublingRange(lists.strengths![place * lists.k + i]!);
        let group = counts.get(strength.from);
        if (group === undefined) {
          group = { strength, pins: new Float64Array(listCount), hits: new Float64Array(listCount) };
          counts.set(strength.from, group);
        }
        group.pins[list]!++;
        group.hits[list]! += Number(relevant.has(pin));
      }
      list++;
    }
  }
  return [...counts.values()].toSorted((a, b) => a.strength.from - b.strength.from);
}

/** The share of hits among the pins of each strength. */
export function calibrationOf(
  counts: readonly ReasonCounts[],
  { resamples, randomSeed, confidence }: BootstrapOptions,
): ReasonGroup[] {
  if (counts.length === 0) return [];
  const means = resampledMeans(
    counts.flatMap(({ pins, hits }) => [pins, hits]),
    resamples,
    randomSeed,
  );
  return counts.map(({ strength, pins, hits }, i) => {
    const [allPins, allHits] = [pins, hits].map((column) => column.reduce((sum, each) => sum + each, 0));
    // A resample without such pins has no share.
    const shares = means[2 * i + 1]!.map((mean, resample) => mean / means[2 * i]![resample]!);
    const defined = shares.filter((share) => !Number.isNaN(share));
    const share = allHits! / allPins!;
    const interval =
      defined.length === 0 ? { low: share, high: share } : percentileInterval(defined, confidence);
    return { strength, pins: allPins!, hits: allHits!, share, interval };
  });
}
