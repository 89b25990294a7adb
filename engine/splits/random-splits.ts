import { check } from '../base/index.ts';
import {
  type Adjacency,
  type PinBoardGraph,
  type SavePairs,
  buildGraph,
  degreeOf,
  neighborsOf,
  nodeCount,
} from '../graph/index.ts';
import { nextBelow, nextUnit, randomStream } from '../random/index.ts';

/** A train/test split of a graph's saves. */
export interface SaveSplit {
  /** The graph without the held-out saves, with the same indices. */
  readonly train: PinBoardGraph;
  /** Held-out pins by board. */
  readonly heldOut: Adjacency;
  /** When each known save was made (milliseconds since 1970, NaN unknown), by place in `train.boardToPin.neighbors`. */
  readonly savedAt?: Float64Array | undefined;
  /** When the first held-out save of each board was made (milliseconds since 1970, NaN if some is unknown), by board of `heldOut`. */
  readonly heldOutFrom?: Float64Array | undefined;
  /** With a split that a tie of time can affect: how many ties a draw broke. */
  readonly ties?: SplitTies | undefined;
}

/** Ties of time in a split, broken by a seeded draw. */
export interface SplitTies {
  /** Boards, each with a last save to hold out; or the saves of one timeline. */
  readonly among: 'boards' | 'saves';
  /** Boards whose last moment has several saves; or saves at the moment of the split, if it parts them. */
  readonly tied: number;
  /** All boards with a held-out save; or all saves. */
  readonly of: number;
}

/** Holds out the saves whose mark is 1. O(saves). */
export function splitMarked(saves: SavePairs, marks: Uint8Array): SaveSplit {
  const part = (mark: number): PinBoardGraph =>
    buildGraph({
      ...saves,
      boards: saves.boards.filter((_, i) => marks[i] === mark),
      pins: saves.pins.filter((_, i) => marks[i] === mark),
    });
  return { train: part(0), heldOut: part(1).boardToPin };
}

/**
 * Holds out each save with probability `share`, but leaves at least one pin on every board. Seeded, with one random
 * stream per board. Use it to choose parameters without touching the test set. O(saves). Throws `invalid-parameter`
 * unless `share` is in (0, 1).
 */
export function splitSaves(graph: PinBoardGraph, share: number, randomSeed: number): SaveSplit {
  check(share > 0 && share < 1, 'share', `${share} is not between 0 and 1`);
  const saves = pairsOf(graph);
  const marks = new Uint8Array(saves.pins.length);
  let save = 0;
  for (let board = 0; board < nodeCount(graph.boardToPin); board++) {
    const stream = randomStream(randomSeed, board);
    let left = degreeOf(graph.boardToPin, board);
    for (const end = save + left; save < end; save++) {
      if (!(nextUnit(stream) < share && left > 1)) continue;
      marks[save] = 1;
      left--;
    }
  }
  return splitMarked(saves, marks);
}

/**
 * Splits for cross-validation: every save is held out in exactly one fold. The saves of each board are spread evenly over
 * the folds, so a board with two or more pins always keeps one. The pin of a single-pin board is held out in one fold,
 * in which that board cannot be queried. Seeded. O(folds · saves). Throws `invalid-parameter` unless `folds` is an
 * integer from 2.
 */
export function splitFolds(graph: PinBoardGraph, folds: number, randomSeed: number): SaveSplit[] {
  check(Number.isInteger(folds) && folds >= 2, 'folds', `${folds} is not an integer from 2`);
  const saves = pairsOf(graph);
  const foldOf = new Int32Array(saves.pins.length);
  let start = 0;
  for (let board = 0; board < nodeCount(graph.boardToPin); board++) {
    const stream = randomStream(randomSeed, board);
    const degree = degreeOf(graph.boardToPin, board);
    const ofBoard = foldOf.subarray(start, start + degree);
    const first = nextBelow(stream, folds);
    for (let i = 0; i < degree; i++) ofBoard[i] = (first + i) % folds;
    for (let i = degree - 1; i > 0; i--) {
      const other = nextBelow(stream, i + 1);
      [ofBoard[i], ofBoard[other]] = [ofBoard[other]!, ofBoard[i]!];
    }
    start += degree;
  }
  return Array.from({ length: folds }, (_, fold) =>
    splitMarked(
      saves,
      Uint8Array.from(foldOf, (each) => Number(each === fold)),
    ),
  );
}

/** The saves of a graph, ordered by board, then pin. */
export function pairsOf({ boardToPin, pinToBoard, boardToUser, userCount }: PinBoardGraph): SavePairs {
  const boards: number[] = [];
  const pins: number[] = [];
  for (let board = 0; board < nodeCount(boardToPin); board++) {
    for (const pin of neighborsOf(boardToPin, board)) {
      boards.push(board);
      pins.push(pin);
    }
  }
  return {
    boards: Int32Array.from(boards),
    pins: Int32Array.from(pins),
    pinCount: nodeCount(pinToBoard),
    boardToUser,
    userCount,
  };
}
