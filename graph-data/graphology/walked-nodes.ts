import { type PinBoardGraph, type PinIndex, neighborsOf } from '../../engine/graph/index.ts';
import type { VisitTable } from '../../engine/walk/index.ts';
import type { NodeRef } from './node-keys.ts';

interface WalkedPart {
  /** Included first, up to a quarter of all nodes. */
  readonly queryPins: readonly PinIndex[];
  /** Visits of each pin and each board, from a `WalkTrace`. */
  readonly pinVisits: VisitTable;
  readonly boardVisits: VisitTable;
  /** At least 2. */
  readonly nodesMax: number;
  /** Further nodes to include, at most half of all. Default: none. */
  readonly first?: readonly NodeRef[] | undefined;
}

/**
 * The most visited part of the graph. Up to half of the nodes are pins: query pins first (at most half of the pins), then
 * the most visited ones. The others are the most visited boards that contain at least two of these pins. Ties go to the
 * smaller index. O(v log v + saves of the boards considered) for v visited nodes.
 */
export function walkedNodes(graph: PinBoardGraph, part: WalkedPart): NodeRef[] {
  const { queryPins, pinVisits, boardVisits, nodesMax, first = [] } = part;
  const pinsMax = Math.ceil(nodesMax / 2);
  const pins = new Set(queryPins.slice(0, Math.ceil(pinsMax / 2)));
  const boards = new Set<number>();
  for (const { kind, index } of first) (kind === 'pin' ? pins : boards).add(index);
  for (const pin of mostVisited(pinVisits)) {
    if (pins.size >= pinsMax) break;
    pins.add(pin);
  }
  for (const board of mostVisited(boardVisits)) {
    if (pins.size + boards.size >= nodesMax) break;
    if (holdsTwo(neighborsOf(graph.boardToPin, board), pins)) boards.add(board);
  }
  return [
    ...[...pins].map((index): NodeRef => ({ kind: 'pin', index })),
    ...[...boards].map((index): NodeRef => ({ kind: 'board', index })),
  ];
}

function mostVisited({ entries, touched, size }: VisitTable): number[] {
  const slots = touched.slice(0, size);
  slots.sort((a, b) => entries[2 * b + 1]! - entries[2 * a + 1]! || entries[2 * a]! - entries[2 * b]!);
  return Array.from(slots, (slot) => entries[2 * slot]!);
}

function holdsTwo(pinsOnBoard: Int32Array, pins: ReadonlySet<PinIndex>): boolean {
  let held = 0;
  for (const pin of pinsOnBoard) {
    if (pins.has(pin) && ++held === 2) return true;
  }
  return false;
}
