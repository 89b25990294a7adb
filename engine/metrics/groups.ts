import { check } from '../base/index.ts';
import { type Adjacency, degreeOf, neighborsOf, nodeCount } from '../graph/index.ts';
import { type RecommendedLists, listAt } from './lists.ts';

/** Values from `from` to `to`, both within. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * Ranges with about as many of the counts in each: like counts are never parted, so that there can be fewer ranges
 * than asked for. Ascending, from the smallest count to the largest. O(n · log n).
 */
export function quantileRanges(counts: Int32Array, rangesMax: number): Range[] {
  check(Number.isInteger(rangesMax) && rangesMax > 0, 'rangesMax', `${rangesMax} is not a positive integer`);
  const sorted = counts.toSorted();
  const ranges: Range[] = [];
  for (let i = 1; i <= rangesMax && sorted.length > 0; i++) {
    const end = Math.max(Math.ceil((sorted.length * i) / rangesMax), 1);
    const to = sorted[end - 1]!;
    const before = ranges.at(-1);
    if (before?.to === to) continue;
    const from = before === undefined ? sorted[0]! : sorted.find((count) => count > before.to)!;
    ranges.push({ from, to });
  }
  return ranges;
}

/** Pins that are about as popular as one another. */
export interface PinGroup {
  /** How many pins. */
  readonly pins: number;
  /** The boards that have each of them. */
  readonly saves: Range;
}

/** Pins in groups; `groupOf` has the place of each pin's group, {@link notSaved} for a pin without a save. */
export interface PinGroups {
  readonly groups: readonly PinGroup[];
  readonly groupOf: Int8Array;
}

/** The group of a pin that nobody has saved: it is in none. */
export const notSaved = -1;

const groupCount = 3;

/**
 * The pins by popularity in three groups, the most saved first: a pin is in the first group when the pins before it have
 * less than a third of all saves, in the second when they have less than two thirds. Of equally popular pins the smaller
 * index comes first. O(pins · log pins).
 */
export function popularityThirds(pinToBoard: Adjacency): PinGroups {
  const pins = Int32Array.from({ length: nodeCount(pinToBoard) }, (_, pin) => pin)
    .filter((pin) => degreeOf(pinToBoard, pin) > 0)
    .toSorted((a, b) => degreeOf(pinToBoard, b) - degreeOf(pinToBoard, a) || a - b);
  const total = pins.reduce((sum, pin) => sum + degreeOf(pinToBoard, pin), 0);
  const groupOf = new Int8Array(nodeCount(pinToBoard)).fill(notSaved);
  const groups: { pins: number; saves: { from: number; to: number } }[] = [];
  let before = 0;
  for (const pin of pins) {
    const degree = degreeOf(pinToBoard, pin);
    const group = Math.floor((groupCount * before) / total);
    // One pin can have more than a third of all saves: then a group is empty.
    while (groups.length <= group) groups.push({ pins: 0, saves: { from: degree, to: degree } });
    const entry = groups[group]!;
    groupOf[pin] = group;
    entry.pins++;
    entry.saves.from = degree;
    before += degree;
  }
  return { groups, groupOf };
}

/** Counts of pins by group; the last entry is of those in none. */
export interface GroupCounts {
  readonly heldOut: Int32Array;
  /** Held-out pins that were in the list of their board. */
  readonly found: Int32Array;
  readonly recommended: Int32Array;
}

/** How many pins of each group were to be found, were found, and were recommended. O(boards · k + held out). */
export function countByGroup(
  lists: RecommendedLists,
  heldOut: Adjacency,
  { groups, groupOf }: PinGroups,
): GroupCounts {
  const counts = (): Int32Array => new Int32Array(groups.length + 1);
  const result = { heldOut: counts(), found: counts(), recommended: counts() };
  // A held-out pin can have a number past those of the train part.
  const placeOf = (pin: number): number => {
    const group = groupOf[pin] ?? notSaved;
    return group === notSaved ? groups.length : group;
  };
  for (const [i, board] of lists.boards.entries()) {
    const relevant = new Set(neighborsOf(heldOut, board));
    for (const pin of relevant) result.heldOut[placeOf(pin)]!++;
    for (const pin of listAt(lists, i)) {
      result.recommended[placeOf(pin)]!++;
      if (relevant.has(pin)) result.found[placeOf(pin)]!++;
    }
  }
  return result;
}
