import { type PinBoardGraph, type PinIndex, degreeOf, nodeCount } from '../graph/index.ts';
import type { Query } from '../query.ts';

/** Boards that hold a query pin and a recommended one. */
export interface SharedBoards {
  readonly queryPin: PinIndex;
  /** The smallest of the first 32 of them: the one that says most. */
  readonly board: number;
  /** How many there are, among those looked at. */
  readonly paths: number;
}

/** A way over a third pin, for one that shares no board with the query. */
export interface Bridge {
  readonly queryPin: PinIndex;
  /** Holds the query pin and `pin`. */
  readonly queryBoard: number;
  readonly pin: PinIndex;
  /** Holds `pin` and the recommended one. */
  readonly board: number;
}

/** Why a pin was recommended. Both empty when its ways to the query lie beyond what was looked at. */
export interface Reason {
  /** By query pin, most paths first, ties to the smaller pin. */
  readonly via: readonly SharedBoards[];
  readonly bridge: Bridge | undefined;
}

/** Query pins named in a reason. */
const viaMax = 3;
/** Boards of a query pin that are marked, and boards of a recommended pin that are looked at. */
const boardsMax = 10_000;
/** Shared boards whose sizes are compared, as each comparison waits for memory. */
const comparedMax = 32;
/** Boards of a recommended pin, pins of each and boards of each of these, in the search for a bridge. */
const bridgeWidth = 24;

/** What finding reasons reuses from query to query: one a thread. */
export interface ReasonScratch {
  /** By board, the first entry of its query pins + 1, or 0. */
  heads: Int32Array;
  /** Entries: the query pin's place in the query, and the board's next entry + 1. */
  places: Int32Array;
  nexts: Int32Array;
  boards: Int32Array;
  size: number;
  /** By place in the query: the boards shared with the pin at hand, and the smallest of the first ones. */
  paths: Int32Array;
  best: Int32Array;
}

export function createReasonScratch(): ReasonScratch {
  const none = new Int32Array(0);
  return { heads: none, places: none, nexts: none, boards: none, size: 0, paths: none, best: none };
}

/**
 * The reasons of recommended pins, found in the graph itself: the boards that hold a recommended pin and a query
 * pin, counted by query pin; where there are none, a way over a third pin. Nothing is guessed: each board named
 * holds both pins named with it.
 *
 * The boards of the query pins are marked once, then each recommended pin's boards are looked up among the marks.
 * O(boards of the query pins + boards of the recommended pins), both cut at 10,000 a pin: beyond it, `paths` is a
 * lower bound. Works in any order of neighbors.
 */
export function findReasons(
  graph: PinBoardGraph,
  query: Query,
  recommended: readonly PinIndex[],
  scratch: ReasonScratch,
): Reason[] {
  markBoards(graph, query, scratch);
  const reasons = recommended.map((pin) => {
    const via = sharedBoards(graph, query, pin, scratch);
    return { via, bridge: via.length === 0 ? findBridge(graph, query, pin, scratch) : undefined };
  });
  for (let i = 0; i < scratch.size; i++) scratch.heads[scratch.boards[i]!] = 0;
  return reasons;
}

function markBoards(graph: PinBoardGraph, query: Query, scratch: ReasonScratch): void {
  const { slices, neighbors } = graph.pinToBoard;
  const boardCount = nodeCount(graph.boardToPin);
  if (scratch.heads.length < boardCount) scratch.heads = new Int32Array(boardCount);
  // Looked at once: in a live graph they may grow until the boards are marked.
  const degrees = query.pins.map((pin) => Math.min(degreeOf(graph.pinToBoard, pin), boardsMax));
  const marks = degrees.reduce((sum, degree) => sum + degree, 0);
  if (scratch.places.length < marks) {
    scratch.places = new Int32Array(marks);
    scratch.nexts = new Int32Array(marks);
    scratch.boards = new Int32Array(marks);
  }
  const { heads, places, nexts, boards } = scratch;
  let size = 0;
  for (const [place, pin] of query.pins.entries()) {
    const start = slices[2 * pin]!;
    const end = start + degrees[place]!;
    for (let edge = start; edge < end; edge++) {
      const board = neighbors[edge]!;
      places[size] = place;
      boards[size] = board;
      nexts[size] = heads[board]!;
      heads[board] = ++size;
    }
  }
  scratch.size = size;
}

function sharedBoards(
  graph: PinBoardGraph,
  query: Query,
  pin: PinIndex,
  scratch: ReasonScratch,
): SharedBoards[] {
  const { slices, neighbors } = graph.pinToBoard;
  const { heads, places, nexts, paths } = scratch;
  if (paths.length < query.pins.length) {
    scratch.paths = new Int32Array(query.pins.length);
    scratch.best = new Int32Array(query.pins.length);
  }
  const { paths: counts, best } = scratch;
  counts.fill(0, 0, query.pins.length);
  const degree = Math.min(slices[2 * pin + 1]!, boardsMax);
  let edge = slices[2 * pin]!;
  const end = edge + degree;
  if (query.pins.length === 1) {
    // No entries to follow: reasons take 12 % of a related query instead of 17 % (npm run bench, reasons/sample).
    let count = 0;
    for (; edge < end && count < comparedMax; edge++) {
      const board = neighbors[edge]!;
      if (heads[board]! > 0 && (count++ === 0 || isSmaller(graph, board, best[0]!))) best[0] = board;
    }
    for (; edge < end; edge++) count += heads[neighbors[edge]!]! > 0 ? 1 : 0;
    counts[0] = count;
  }
  for (; edge < end; edge++) {
    const board = neighbors[edge]!;
    for (let entry = heads[board]!; entry > 0; entry = nexts[entry - 1]!) {
      const place = places[entry - 1]!;
      const count = counts[place]!++;
      if (count === 0 || (count < comparedMax && isSmaller(graph, board, best[place]!))) best[place] = board;
    }
  }
  const via: SharedBoards[] = [];
  for (const [place, queryPin] of query.pins.entries()) {
    if (counts[place]! > 0 && queryPin !== pin)
      via.push({ queryPin, board: best[place]!, paths: counts[place]! });
  }
  return via.toSorted((a, b) => b.paths - a.paths || a.queryPin - b.queryPin).slice(0, viaMax);
}

/** Of two boards, the one with fewer pins; the smaller index of equals. */
function isSmaller({ boardToPin }: PinBoardGraph, board: number, other: number): boolean {
  return (
    degreeOf(boardToPin, board) - degreeOf(boardToPin, other) < 0 ||
    (degreeOf(boardToPin, board) === degreeOf(boardToPin, other) && board < other)
  );
}

/** The first way found over a third pin, looking at some of each node's neighbors. */
function findBridge(
  graph: PinBoardGraph,
  query: Query,
  pin: PinIndex,
  { heads, places }: ReasonScratch,
): Bridge | undefined {
  for (const board of someNeighbors(graph.pinToBoard, pin)) {
    for (const between of someNeighbors(graph.boardToPin, board)) {
      if (between === pin) continue;
      for (const queryBoard of someNeighbors(graph.pinToBoard, between)) {
        const entry = heads[queryBoard]!;
        if (entry > 0) return { queryPin: query.pins[places[entry - 1]!]!, queryBoard, pin: between, board };
      }
    }
  }
  return undefined;
}

function someNeighbors({ slices, neighbors }: PinBoardGraph['pinToBoard'], node: number): Int32Array {
  const degree = Math.min(slices[2 * node + 1]!, bridgeWidth);
  const start = slices[2 * node]!;
  return neighbors.subarray(start, start + degree);
}
