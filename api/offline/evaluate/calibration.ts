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
 * Recommended pins whose reasons are about as strong as one another: how many of them were right. The strength of a
 * reason is the number of boards that it names, "saved with x on 5 boards and with y on 3 boards" being 8; it is 0
 * where the reason leads over a third pin, or is further away.
 */
export interface ReasonGroup {
  readonly strength: Range;
  /** Recommended pins with such reasons, over all lists. */
  readonly pins: number;
  /** How many of them were held out for the user they were recommended to. */
  readonly hits: number;
  /** hits / pins. */
  readonly share: number;
  /** Of `share`, by a bootstrap over users: pins of one list hang together. */
  readonly interval: Interval;
}

/** Pins and hits of each list, by strength. */
export interface ReasonCounts {
  readonly strength: Range;
  readonly pins: Float64Array;
  readonly hits: Float64Array;
}

/** Counts the recommended pins of all lists by the strength of their reasons, weakest first. O(lists · k · groups). */
export function countReasons(folds: readonly EvaluatedLists[], splits: readonly SaveSplit[]): ReasonCounts[] {
  const lists = folds.reduce((sum, { boards }) => sum + boards.length, 0);
  const counts = new Map<number, ReasonCounts>();
  let list = 0;
  for (const [fold, answers] of folds.entries()) {
    for (const [place, board] of answers.boards.entries()) {
      const relevant = new Set(neighborsOf(splits[fold]!.heldOut, board));
      for (const [i, pin] of listAt(answers, place).entries()) {
        const strength = doublingRange(answers.strengths![place * answers.k + i]!);
        let group = counts.get(strength.from);
        if (group === undefined) {
          group = { strength, pins: new Float64Array(lists), hits: new Float64Array(lists) };
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

/** What share of the pins of each strength was right. */
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
    // A resample without such a pin says nothing of their share.
    const shares = means[2 * i + 1]!.map((mean, resample) => mean / means[2 * i]![resample]!);
    const told = shares.filter((share) => !Number.isNaN(share));
    const share = allHits! / allPins!;
    const interval = told.length === 0 ? { low: share, high: share } : percentileInterval(told, confidence);
    return { strength, pins: allPins!, hits: allHits!, share, interval };
  });
}
