import { Work, prices } from '../base/index.ts';
import { type PinBoardGraph, type PinIndex, degreeOf } from '../graph/index.ts';
import type { Query } from '../query.ts';
import { findBridge } from './bridge.ts';
import { lookupsMax, queryBoardsMax } from './limits.ts';
import { markBoards, unmarkBoards } from './mark-boards.ts';
import type { Reason } from './reason.ts';
import { isScanCheaper, reasonsByScan } from './scan-query-boards.ts';
import type { ReasonScratch } from './scratch.ts';
import { lookUpSharedBoards, scanForSharedBoards } from './shared-boards.ts';

/**
 * The reason for each recommended pin, read from the graph itself: the boards that it shares with each query pin or,
 * if there are none, a path over a third pin. Every board named holds both pins named with it.
 *
 * Three searches find the shared boards; the cheapest one runs:
 *
 * - *Lookups*: mark the boards of the query pins, then look up the boards of each recommended pin.
 *   O(boards of the query pins + boards of the recommended pins).
 * - *Scan*, for one query pin with few boards: go through the pins of its boards. O(pins on these boards), and less
 *   work than the lookups.
 * - *Scan for one recommended pin* of several query pins: look their boards up among its own, without marks.
 *   O(boards of the query pins).
 *
 * `paths` is exact up to 10,000 boards of the query pin and 2,048 of the recommended pin; beyond these it is a lower
 * bound, which also depends on the search that ran. Same graph, query and list: same reasons. Neighbors may be in any
 * order, and another thread may write to the graph in the meantime.
 */
export function findReasons(
  graph: PinBoardGraph,
  query: Query,
  recommended: readonly PinIndex[],
  scratch: ReasonScratch,
  work: Work = new Work(),
): Reason[] {
  // Bounded by the limits above: counted before anything is marked, and done in full.
  work.count(
    edgesOf(graph, query.pins, queryBoardsMax) + edgesOf(graph, recommended, lookupsMax),
    prices.edge,
  );
  work.count(recommended.length, prices.row);
  if (isScanCheaper(graph, query, recommended))
    return reasonsByScan(graph, query.pins[0]!, recommended, scratch);
  if (recommended.length === 1 && query.pins.length > 1) {
    const via = scanForSharedBoards(graph, query, recommended[0]!, scratch);
    if (via.length > 0) return [{ via, bridge: undefined }];
  }
  markBoards(graph, query, scratch);
  const reasons = recommended.map((pin): Reason => {
    const via = lookUpSharedBoards(graph, query, pin, scratch);
    return { via, bridge: via.length === 0 ? findBridge(graph, query, pin, scratch) : undefined };
  });
  unmarkBoards(scratch);
  return reasons;
}

function edgesOf({ pinToBoard }: PinBoardGraph, pins: readonly PinIndex[], edgesMax: number): number {
  return pins.reduce((sum, pin) => sum + Math.min(degreeOf(pinToBoard, pin), edgesMax), 0);
}
