import { type PinBoardGraph, degreeOf, neighborsOf, nodeCount } from '../../engine/graph/index.ts';

/** A node of a Graphology graph: a pin or a board, by index. Users are not nodes there. */
export interface NodeRef {
  readonly kind: 'pin' | 'board';
  readonly index: number;
}

/** The key of a pin or board, "p12" or "b7". */
export function nodeKey(kind: NodeRef['kind'], index: number): string {
  return kind === 'pin' ? `p${index}` : `b${index}`;
}

/** The key of a save, "p12-b7". It depends only on its ends, so it does not change when slices move. */
export function edgeKey(pin: number, board: number): string {
  return `p${pin}-b${board}`;
}

/** The node with a key; undefined if there is none. O(1). */
export function parseNodeKey(graph: PinBoardGraph, key: string): NodeRef | undefined {
  const kind = key.startsWith('p') ? 'pin' : 'board';
  const index = Number(key.slice(1));
  const count = nodeCount(kind === 'pin' ? graph.pinToBoard : graph.boardToPin);
  // Comparing the keys rejects "p01", "p1e1" and other spellings that Number accepts.
  const exists = Number.isInteger(index) && index >= 0 && index < count && nodeKey(kind, index) === key;
  return exists ? { kind, index } : undefined;
}

/** Whether a pin is on a board. O(the smaller degree); slices need not be sorted. */
export function hasSave({ pinToBoard, boardToPin }: PinBoardGraph, pin: number, board: number): boolean {
  return degreeOf(pinToBoard, pin) <= degreeOf(boardToPin, board)
    ? neighborsOf(pinToBoard, pin).includes(board)
    : neighborsOf(boardToPin, board).includes(pin);
}
