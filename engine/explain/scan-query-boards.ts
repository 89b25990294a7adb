import { type PinBoardGraph, type PinIndex, degreeOf, nodeCount } from '../graph/index.ts';
import type { Query } from '../query.ts';
import { findNearBridge } from './bridge.ts';
import { comparedMax, lookupsMax, queryBoardsMax } from './limits.ts';
import type { Reason } from './reason.ts';
import { type ReasonScratch, beginCounts } from './scratch.ts';
import { isSmaller } from './shared-boards.ts';

/** Costs in lookups: of a board, whose slice is anywhere in memory, and of each pin on it (docs/perf-notes.md). */
const boardCost = 10;
const pinCost = 3;

/**
 * Whether {@link reasonsByScan} is cheaper than lookups: the query has one pin, and its boards hold few pins compared
 * with the number of boards of the recommended pins. O(boards of the query pin).
 */
export function isScanCheaper(
  { pinToBoard, boardToPin }: PinBoardGraph,
  query: Query,
  recommended: readonly PinIndex[],
): boolean {
  if (query.pins.length > 1) return false;
  const degree = Math.min(degreeOf(pinToBoard, query.pins[0]!), queryBoardsMax);
  const start = pinToBoard.slices[2 * query.pins[0]!]!;
  // Lookups mark the boards of the query pin and clear them again.
  let budget = 2 * degree - boardCost * degree;
  for (const pin of recommended) budget += Math.min(degreeOf(pinToBoard, pin), lookupsMax);
  for (let edge = start; edge < start + degree && budget > 0; edge++)
    budget -= pinCost * degreeOf(boardToPin, pinToBoard.neighbors[edge]!);
  return budget > 0;
}

/**
 * Reasons for a query of one pin: goes through the boards of the query pin and counts the recommended pins on them, and
 * once more for bridges where these are needed. O(pins on the boards of the query pin + 24² · bridges); the boards of
 * recommended pins are not limited.
 */
export function reasonsByScan(
  graph: PinBoardGraph,
  queryPin: PinIndex,
  recommended: readonly PinIndex[],
  scratch: ReasonScratch,
): Reason[] {
  countOnBoards(graph, queryPin, recommended, scratch);
  const { recommendedPlaces, paths, smallest } = scratch;
  const isLowerBound = degreeOf(graph.pinToBoard, queryPin) > queryBoardsMax;
  const via = recommended.map((pin) => {
    const place = recommendedPlaces[pin]! - 1;
    const isShared = paths[place]! > 0 && pin !== queryPin;
    return isShared ? [{ queryPin, board: smallest[place]!, paths: paths[place]!, isLowerBound }] : [];
  });
  for (const pin of recommended) recommendedPlaces[pin] = 0;
  const needsBridges = via.some(({ length }) => length === 0);
  if (needsBridges) markNearPins(graph, queryPin, scratch);
  const reasons = recommended.map((pin, i): Reason => {
    const bridge = via[i]!.length === 0 ? findNearBridge(graph, queryPin, pin, scratch) : undefined;
    return { via: via[i]!, bridge };
  });
  unmarkNearPins(scratch);
  return reasons;
}

// Both loops load the degree of a slice before its start, each once: the rule for readers of a live graph.

function countOnBoards(
  graph: PinBoardGraph,
  queryPin: PinIndex,
  recommended: readonly PinIndex[],
  scratch: ReasonScratch,
): void {
  const { pinToBoard, boardToPin } = graph;
  const pinCount = nodeCount(pinToBoard);
  if (scratch.recommendedPlaces.length < pinCount) scratch.recommendedPlaces = new Int32Array(pinCount);
  beginCounts(scratch, recommended.length);
  const { recommendedPlaces, paths, smallest } = scratch;
  for (const [i, pin] of recommended.entries()) recommendedPlaces[pin] = i + 1;
  const degree = Math.min(degreeOf(pinToBoard, queryPin), queryBoardsMax);
  const start = pinToBoard.slices[2 * queryPin]!;
  for (let edge = start; edge < start + degree; edge++) {
    const board = pinToBoard.neighbors[edge]!;
    const size = degreeOf(boardToPin, board);
    const first = boardToPin.slices[2 * board]!;
    if (scratch.found.length < size) scratch.found = new Int32Array(2 * size);
    const { found } = scratch;
    // Every place is written and only those of recommended pins are kept: 0.75 of the time that a branch takes, which
    // the processor cannot predict (docs/perf-notes.md).
    let count = 0;
    for (let i = first; i < first + size; i++) {
      const place = recommendedPlaces[boardToPin.neighbors[i]!]!;
      found[count] = place - 1;
      count += -place >>> 31;
    }
    for (let i = 0; i < count; i++) {
      const place = found[i]!;
      const before = paths[place]!++;
      if (before === 0 || (before < comparedMax && isSmaller(graph, board, smallest[place]!)))
        smallest[place] = board;
    }
  }
}

function markNearPins(graph: PinBoardGraph, queryPin: PinIndex, scratch: ReasonScratch): void {
  const { pinToBoard, boardToPin } = graph;
  const pinCount = nodeCount(pinToBoard);
  if (scratch.nearBoards.length < pinCount) scratch.nearBoards = new Int32Array(pinCount);
  const { nearBoards, nearPins } = scratch;
  const degree = Math.min(degreeOf(pinToBoard, queryPin), queryBoardsMax);
  const start = pinToBoard.slices[2 * queryPin]!;
  for (let edge = start; edge < start + degree; edge++) {
    const board = pinToBoard.neighbors[edge]!;
    const size = degreeOf(boardToPin, board);
    const first = boardToPin.slices[2 * board]!;
    for (let i = first; i < first + size; i++) {
      const pin = boardToPin.neighbors[i]!;
      if (nearBoards[pin] !== 0 || pin === queryPin) continue;
      nearBoards[pin] = board + 1;
      nearPins.push(pin);
    }
  }
}

function unmarkNearPins({ nearBoards, nearPins }: ReasonScratch): void {
  for (const pin of nearPins) nearBoards[pin] = 0;
  nearPins.length = 0;
}
