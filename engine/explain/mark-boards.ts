import { type PinBoardGraph, degreeOf, nodeCount } from '../graph/index.ts';
import type { Query } from '../query.ts';
import { queryBoardsMax } from './limits.ts';
import type { ReasonScratch } from './scratch.ts';

/**
 * Marks the boards of all query pins. A query of several pins also gets, for each board, the list of its query
 * pins. O(boards of the query pins), at most 10,000 per pin.
 */
export function markBoards(graph: PinBoardGraph, query: Query, scratch: ReasonScratch): void {
  // Read once, before the arrays are sized: the slices of a live graph may grow in the meantime.
  const degrees = query.pins.map((pin) => Math.min(degreeOf(graph.pinToBoard, pin), queryBoardsMax));
  const isSingle = query.pins.length === 1;
  const size = degrees.reduce((sum, degree) => sum + degree, 0);
  const boardCount = nodeCount(graph.boardToPin);
  scratch.boardMarks.reserve(boardCount, size);
  if (!isSingle) reserve(scratch, boardCount, size);
  const { slices, neighbors } = graph.pinToBoard;
  const { boardMarks } = scratch;
  let count = 0;
  for (const [place, pin] of query.pins.entries()) {
    const start = slices[2 * pin]!;
    boardMarks.boards.set(neighbors.subarray(start, start + degrees[place]!), count);
    count += degrees[place]!;
  }
  boardMarks.mark(graph, count);
  if (!isSingle) listQueryPins(degrees, scratch);
  scratch.boardCount = count;
}

/** For each marked board, the list of the query pins on it. */
function listQueryPins(
  degrees: readonly number[],
  { boardMarks: { boards }, heads, places, nexts }: ReasonScratch,
): void {
  let i = 0;
  for (const [place, degree] of degrees.entries()) {
    for (const end = i + degree; i < end; i++) {
      const board = boards[i]!;
      places[i] = place;
      nexts[i] = heads[board]!;
      heads[board] = i + 1;
    }
  }
}

/** Clears what {@link markBoards} marked, and only that: a `fill` would cost as much as the whole search. */
export function unmarkBoards(scratch: ReasonScratch): void {
  const { boardMarks, heads, boardCount } = scratch;
  const { boards } = boardMarks;
  boardMarks.unmark(boardCount);
  if (heads.length > 0) for (let i = 0; i < boardCount; i++) heads[boards[i]!] = 0;
  scratch.boardCount = 0;
}

function reserve(scratch: ReasonScratch, boards: number, marked: number): void {
  if (scratch.heads.length < boards) scratch.heads = new Int32Array(boards);
  if (scratch.places.length < marked) {
    scratch.places = new Int32Array(marked);
    scratch.nexts = new Int32Array(marked);
  }
}
