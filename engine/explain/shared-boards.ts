import { type PinBoardGraph, type PinIndex, degreeOf, nodeCount } from '../graph/index.ts';
import type { Query } from '../query.ts';
import { NodeFilter } from '../sparse/index.ts';
import { comparedMax, lookupsMax, queryBoardsMax } from './limits.ts';
import type { SharedBoards } from './reason.ts';
import { type ReasonScratch, beginCounts } from './scratch.ts';

/** Query pins named in a reason. */
const viaMax = 3;

/**
 * The boards that a recommended pin shares with each query pin: looks up the pin's boards among the marked ones.
 * O(boards of the recommended pin), at most 2,048.
 */
export function lookUpSharedBoards(
  graph: PinBoardGraph,
  query: Query,
  pin: PinIndex,
  scratch: ReasonScratch,
): SharedBoards[] {
  beginCounts(scratch, query.pins.length);
  // Degree before start, each once: the rule for readers of a live graph.
  const ownDegree = degreeOf(graph.pinToBoard, pin);
  const degree = Math.min(ownDegree, lookupsMax);
  const start = graph.pinToBoard.slices[2 * pin]!;
  if (query.pins.length === 1) countMarked(graph, start, start + degree, scratch);
  else countByQueryPin(graph, start, start + degree, scratch);
  return mostShared(graph, query, pin, ownDegree > lookupsMax, scratch);
}

/**
 * {@link lookUpSharedBoards} the other way round, without marks on the boards of the query pins: looks these up among the boards of
 * the recommended pin. For one recommended pin. O(boards of the query pins), at most 10,000 per pin.
 */
export function scanForSharedBoards(
  graph: PinBoardGraph,
  query: Query,
  pin: PinIndex,
  scratch: ReasonScratch,
): SharedBoards[] {
  beginCounts(scratch, query.pins.length);
  const { slices, neighbors } = graph.pinToBoard;
  const ownDegree = degreeOf(graph.pinToBoard, pin);
  const ownStart = slices[2 * pin]!;
  // A copy, so that the marks that are cleared are those that were set, also in a live graph.
  const own = neighbors.slice(ownStart, ownStart + Math.min(ownDegree, lookupsMax));
  // The filter saves most look-ups of marks, which are in no near cache.
  const filter = new NodeFilter(own);
  scratch.boardMarks.reserve(nodeCount(graph.boardToPin), 0);
  const { marks } = scratch.boardMarks;
  const { paths, smallest } = scratch;
  for (const board of own) marks[board] = 1;
  for (const [place, queryPin] of query.pins.entries()) {
    const degree = Math.min(degreeOf(graph.pinToBoard, queryPin), queryBoardsMax);
    const start = slices[2 * queryPin]!;
    for (let edge = start; edge < start + degree; edge++) {
      const board = neighbors[edge]!;
      if (filter.mayHave(board) && marks[board] !== 0) countShared(graph, place, board, paths, smallest);
    }
  }
  for (const board of own) marks[board] = 0;
  return mostShared(graph, query, pin, ownDegree > lookupsMax, scratch);
}

/** The query pins with the most shared boards. */
function mostShared(
  graph: PinBoardGraph,
  query: Query,
  pin: PinIndex,
  isCut: boolean,
  { paths, smallest }: ReasonScratch,
): SharedBoards[] {
  const via: SharedBoards[] = [];
  for (const [place, queryPin] of query.pins.entries()) {
    if (paths[place] === 0 || queryPin === pin) continue;
    const isLowerBound = isCut || degreeOf(graph.pinToBoard, queryPin) > queryBoardsMax;
    via.push({ queryPin, board: smallest[place]!, paths: paths[place]!, isLowerBound });
  }
  return via.toSorted((a, b) => b.paths - a.paths || a.queryPin - b.queryPin).slice(0, viaMax);
}

function countMarked(
  graph: PinBoardGraph,
  start: number,
  end: number,
  { boardMarks, paths, smallest }: ReasonScratch,
): void {
  const count = boardMarks.count(graph, start, end);
  const { found } = boardMarks;
  let best = found[0]!;
  for (let i = 1; i < Math.min(count, comparedMax); i++)
    if (isSmaller(graph, found[i]!, best)) best = found[i]!;
  smallest[0] = best;
  paths[0] = count;
}

function countByQueryPin(graph: PinBoardGraph, start: number, end: number, scratch: ReasonScratch): void {
  const { neighbors } = graph.pinToBoard;
  const { marks } = scratch.boardMarks;
  const { heads, places, nexts, paths, smallest } = scratch;
  for (let edge = start; edge < end; edge++) {
    const board = neighbors[edge]!;
    if (marks[board] === 0) continue;
    for (let entry = heads[board]!; entry > 0; entry = nexts[entry - 1]!) {
      countShared(graph, places[entry - 1]!, board, paths, smallest);
    }
  }
}

/** Counts a board that the query pin at a place shares, and keeps the smallest. */
function countShared(
  graph: PinBoardGraph,
  place: number,
  board: number,
  paths: Int32Array,
  smallest: Int32Array,
): void {
  const count = paths[place]!++;
  if (count === 0 || (count < comparedMax && isSmaller(graph, board, smallest[place]!)))
    smallest[place] = board;
}

/** Whether a board has fewer pins than another one; ties go to the smaller index. */
export function isSmaller({ boardToPin }: PinBoardGraph, board: number, other: number): boolean {
  const difference = degreeOf(boardToPin, board) - degreeOf(boardToPin, other);
  return difference < 0 || (difference === 0 && board < other);
}
