import { type PinBoardGraph, type PinIndex, type VisitTable, neighborsOf } from '../../engine/index.ts';
import type { NodeRef } from './node-keys.ts';

interface WalkedPart {
  /** Those to be sure of first. */
  readonly queryPins: readonly PinIndex[];
  /** Steps that ended at each pin and that went through each board: those of a `WalkTrace`. */
  readonly pinVisits: VisitTable;
  readonly boardVisits: VisitTable;
  /** At least 2. */
  readonly nodesMax: number;
  /** Others to be sure of, no more than half of all. Default: none. */
  readonly first?: readonly NodeRef[] | undefined;
}

/**
 * The part of a graph where a walk was most: half of the nodes pins, the query's own first (as long as they take no more
 * than half of these), then the most visited; the rest boards that hold two of these pins or more, the most visited
 * first. Ties to the smaller index. O(nodes visited · log + saves of the boards looked at).
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
