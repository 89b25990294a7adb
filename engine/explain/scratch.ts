import type { PinIndex } from '../graph/index.ts';
import { BoardMarks } from './board-marks.ts';

/** Memory that {@link findReasons} reuses from query to query. One per thread; all tables are zero between calls. */
export interface ReasonScratch {
  readonly boardMarks: BoardMarks;
  /** Boards in its list. */
  boardCount: number;
  /** By board, for a query of several pins: the last index in the list of boards where it appears + 1, or 0. */
  heads: Int32Array;
  /** Parallel to that list: the position of the query pin in the query, and the board's previous index + 1, or 0. */
  places: Int32Array;
  nexts: Int32Array;
  /** By pin: its position in the list of recommended pins + 1, or 0. */
  recommendedPlaces: Int32Array;
  /** By pin: a board that it shares with the query pin + 1, or 0; and the pins that have one. */
  nearBoards: Int32Array;
  readonly nearPins: PinIndex[];
  /** Matches before they are counted: positions of recommended pins on one board. */
  found: Int32Array;
  /** By position in the query, or in the list of recommended pins: shared boards, and the smallest of them. */
  paths: Int32Array;
  smallest: Int32Array;
}

export function createReasonScratch(): ReasonScratch {
  const none = new Int32Array(0);
  return {
    boardMarks: new BoardMarks(),
    boardCount: 0,
    heads: none,
    places: none,
    nexts: none,
    recommendedPlaces: none,
    found: none,
    nearBoards: none,
    nearPins: [],
    paths: none,
    smallest: none,
  };
}

/** Makes room in `paths` and `smallest`, and zeroes that many paths. */
export function beginCounts(scratch: ReasonScratch, size: number): void {
  if (scratch.paths.length < size) {
    scratch.paths = new Int32Array(size);
    scratch.smallest = new Int32Array(size);
  }
  scratch.paths.fill(0, 0, size);
}
