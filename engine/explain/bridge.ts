import { type Adjacency, type PinBoardGraph, type PinIndex, degreeOf } from '../graph/index.ts';
import type { Query } from '../query.ts';
import type { Bridge } from './reason.ts';
import type { ReasonScratch } from './scratch.ts';

/** Neighbors of each node that the search for a bridge looks at. */
const bridgeWidth = 24;

/** The first path found over a third pin to a marked board. O(24³). */
export function findBridge(
  graph: PinBoardGraph,
  query: Query,
  pin: PinIndex,
  { boardMarks: { marks }, heads, places }: ReasonScratch,
): Bridge | undefined {
  for (const board of firstNeighbors(graph.pinToBoard, pin)) {
    for (const between of firstNeighbors(graph.boardToPin, board)) {
      if (between === pin) continue;
      for (const queryBoard of firstNeighbors(graph.pinToBoard, between)) {
        if (marks[queryBoard] === 0) continue;
        // Beyond the limits, a board of the recommended pin may hold a query pin: that is no third pin.
        if (query.pins.includes(between)) break;
        const place = query.pins.length === 1 ? 0 : places[heads[queryBoard]! - 1]!;
        return { queryPin: query.pins[place]!, queryBoard, pin: between, board };
      }
    }
  }
  return undefined;
}

/** The first path found over a third pin that shares a board with the query pin (`nearBoards`). O(24²). */
export function findNearBridge(
  graph: PinBoardGraph,
  queryPin: PinIndex,
  pin: PinIndex,
  { nearBoards }: ReasonScratch,
): Bridge | undefined {
  for (const board of firstNeighbors(graph.pinToBoard, pin)) {
    for (const between of firstNeighbors(graph.boardToPin, board)) {
      const queryBoard = nearBoards[between]! - 1;
      if (queryBoard >= 0 && between !== pin) return { queryPin, queryBoard, pin: between, board };
    }
  }
  return undefined;
}

function firstNeighbors(adjacency: Adjacency, node: number): Int32Array {
  const degree = Math.min(degreeOf(adjacency, node), bridgeWidth);
  const start = adjacency.slices[2 * node]!;
  return adjacency.neighbors.subarray(start, start + degree);
}
