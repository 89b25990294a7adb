import {
  type RecommendedLists,
  type SaveSplit,
  degreeOf,
  listAt,
  neighborsOf,
  nodeCount,
} from '../../../engine/index.ts';
import type { NodeName, SplitNames } from '../../../graph-data/index.ts';

/** One user with the lists of both settings. */
export interface Example {
  readonly user: NodeName;
  /** Number of known pins; `knownPins` has the most saved of them, at most {@link knownShown}. */
  readonly known: number;
  readonly knownPins: readonly NodeName[];
  readonly heldOut: number;
  /** The metric of each list. */
  readonly a: number;
  readonly b: number;
  /** Overlap of the two lists. */
  readonly overlap: number;
  /** The lists, best first. */
  readonly listA: readonly ExamplePin[];
  readonly listB: readonly ExamplePin[];
  /** Held-out pins that neither found, at most {@link missedShown}. */
  readonly missed: readonly NodeName[];
}

export interface ExamplePin extends NodeName {
  /** Whether it was held out for this user. */
  readonly isHit: boolean;
  /** Whether it is in the other list too. */
  readonly isShared: boolean;
}

const knownShown = 8;
const missedShown = 8;

/**
 * The users with the largest differences in the metric: first at most `examplesMax` that `a` wins, then as many that `b`
 * wins. Ties go to the lists with the smaller overlap, then to the smaller board index.
 */
export function examplesOf(
  lists: readonly [RecommendedLists, RecommendedLists],
  split: SaveSplit,
  [a, b]: readonly [Float64Array, Float64Array],
  overlaps: Float64Array,
  names: SplitNames,
  examplesMax: number,
): Example[] {
  const { boards } = lists[0];
  const lead = (user: number): number => a[user]! - b[user]!;
  const byDifference = [...boards.keys()]
    .filter((user) => lead(user) !== 0)
    .toSorted(
      (one, other) =>
        Math.abs(lead(other)) - Math.abs(lead(one)) ||
        overlaps[one]! - overlaps[other]! ||
        boards[one]! - boards[other]!,
    );
  const chosen = [
    ...byDifference.filter((user) => lead(user) > 0).slice(0, examplesMax),
    ...byDifference.filter((user) => lead(user) < 0).slice(0, examplesMax),
  ];
  return chosen.map((user) => {
    const board = boards[user]!;
    const [ofA, ofB] = [listAt(lists[0], user), listAt(lists[1], user)];
    const relevant = neighborsOf(split.heldOut, board);
    const known = neighborsOf(split.train.boardToPin, board);
    const shown = (list: Int32Array, other: Int32Array): ExamplePin[] =>
      Array.from(list, (pin) => {
        const [isHit, isShared] = [relevant.includes(pin), other.includes(pin)];
        return Object.assign({}, names.pin(pin), { isHit, isShared });
      });
    return {
      user: names.board(board),
      known: known.length,
      knownPins: mostSaved(known, split, knownShown).map((pin) => names.pin(pin)),
      heldOut: relevant.length,
      a: a[user]!,
      b: b[user]!,
      overlap: overlaps[user]!,
      listA: shown(ofA, ofB),
      listB: shown(ofB, ofA),
      missed: mostSaved(
        relevant.filter((pin) => !ofA.includes(pin) && !ofB.includes(pin)),
        split,
        missedShown,
      ).map((pin) => names.pin(pin)),
    };
  });
}

/** The most saved of some pins, which a reader is most likely to know; ties go to the smaller index. */
function mostSaved(pins: Int32Array, { train: { pinToBoard } }: SaveSplit, count: number): number[] {
  const saves = (pin: number): number => (pin < nodeCount(pinToBoard) ? degreeOf(pinToBoard, pin) : 0);
  return [...pins].toSorted((one, other) => saves(other) - saves(one) || one - other).slice(0, count);
}
