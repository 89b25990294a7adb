import { check } from '../base/index.ts';
import { type Adjacency, degreeOf, neighborsOf, nodeCount } from '../graph/index.ts';
import { type RecommendedLists, listAt } from './lists.ts';

/** The closed range [from, to]. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * Quantile bins: at most `rangesMax` ascending ranges, each with about equally many of the counts. Equal counts share a
 * range, so there can be fewer. O(n log n). Throws `invalid-parameter` unless `rangesMax` is a positive integer.
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

/** Pins of similar popularity. */
interface PinGroup {
  /** Number of pins. */
  readonly pins: number;
  /** Range of their numbers of saves. */
  readonly saves: Range;
}

/** Pins in groups; `groupOf[pin]` is the index of a pin's group, {@link notSaved} for a pin without saves. */
interface PinGroups {
  readonly groups: readonly PinGroup[];
  readonly groupOf: Int8Array;
}

/** Marks a pin without saves, which is in no group. */
export const notSaved = -1;

const groupCount = 3;

/**
 * Pins in three groups by popularity, the most saved first (ties: smaller index first): a pin is in the first group if the
 * pins before it have less than a third of all saves, in the second if less than two thirds. O(pins · log pins).
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
    // A pin with more than a third of all saves leaves a group empty.
    while (groups.length <= group) groups.push({ pins: 0, saves: { from: degree, to: degree } });
    const entry = groups[group]!;
    groupOf[pin] = group;
    entry.pins++;
    entry.saves.from = degree;
    before += degree;
  }
  return { groups, groupOf };
}

/** Number of pins by group; the last entry counts pins in no group. */
export interface GroupCounts {
  readonly heldOut: Int32Array;
  /** Held-out pins that are in the list of their board. */
  readonly found: Int32Array;
  readonly recommended: Int32Array;
}

/** Counts held-out pins, hits and recommendations by group. O(boards · k + held-out saves). */
export function countByGroup(
  lists: RecommendedLists,
  heldOut: Adjacency,
  { groups, groupOf }: PinGroups,
): GroupCounts {
  const counts = (): Int32Array => new Int32Array(groups.length + 1);
  const result = { heldOut: counts(), found: counts(), recommended: counts() };
  // The index of a held-out pin can exceed those of the training graph.
  const groupIndexOf = (pin: number): number => {
    const group = groupOf[pin] ?? notSaved;
    return group === notSaved ? groups.length : group;
  };
  for (const [i, board] of lists.boards.entries()) {
    const relevant = new Set(neighborsOf(heldOut, board));
    for (const pin of relevant) result.heldOut[groupIndexOf(pin)]!++;
    for (const pin of listAt(lists, i)) {
      result.recommended[groupIndexOf(pin)]!++;
      if (relevant.has(pin)) result.found[groupIndexOf(pin)]!++;
    }
  }
  return result;
}
