import { type PinBoardGraph, degreeOf, neighborsOf, nodeCount } from '../../engine/index.ts';

/** Which side of the graph a node is on. */
export type NodeKind = 'pin' | 'board';

/** A node of a Graphology graph: a pin or board by its index. */
export interface NodeRef {
  readonly kind: NodeKind;
  readonly index: number;
}

/** A pin's or board's node key, "p12" or "b7". */
export function nodeKey(kind: NodeKind, index: number): string {
  return kind === 'pin' ? `p${index}` : `b${index}`;
}

/** The edge key of a save, "p12-b7": made of both ends, it stays the same when slices move. */
export function edgeKey(pin: number, board: number): string {
  return `p${pin}-b${board}`;
}

/** The node of a key; undefined when the graph has none of that key. O(1). */
export function parseNodeKey(graph: PinBoardGraph, key: string): NodeRef | undefined {
  const kind = key.startsWith('p') ? 'pin' : 'board';
  const index = Number(key.slice(1));
  const count = nodeCount(kind === 'pin' ? graph.pinToBoard : graph.boardToPin);
  // Comparing with the key of that number refuses "p01", "p1e1" and whatever else Number understands.
  const isThere = Number.isInteger(index) && index >= 0 && index < count && nodeKey(kind, index) === key;
  return isThere ? { kind, index } : undefined;
}

/** Whether a pin is on a board. O(the smaller of the two degrees): slices need not be sorted. */
export function hasSave({ pinToBoard, boardToPin }: PinBoardGraph, pin: number, board: number): boolean {
  return degreeOf(pinToBoard, pin) <= degreeOf(boardToPin, board)
    ? neighborsOf(pinToBoard, pin).includes(board)
    : neighborsOf(boardToPin, board).includes(pin);
}
