import {
  type PinBoardGraph,
  type PinIndex,
  buildGraph,
  degreeOf,
  neighborsOf,
  nextBelow,
  nodeCount,
  randomStream,
} from '../../../engine/index.ts';

/** Queries of one pin: each is a pin of a board that lost another of its pins, which is to be found again. */
export interface OnePinDraw {
  /** Without the hidden saves. */
  readonly train: PinBoardGraph;
  readonly queries: readonly { readonly pin: PinIndex; readonly hidden: PinIndex }[];
}

/**
 * Draws up to `count` boards of at least two pins; of each, one pin is hidden and another is the query. Boards whose
 * hidden pin has no other board are left out: nothing could find it. Seeded. O(saves).
 */
export function drawOnePin(graph: PinBoardGraph, count: number, randomSeed: number): OnePinDraw {
  const { boardToPin, pinToBoard, boardToUser, userCount } = graph;
  const stream = randomStream(randomSeed);
  const boards: number[] = [];
  for (let board = 0; board < nodeCount(boardToPin); board++) {
    if (degreeOf(boardToPin, board) >= 2) boards.push(board);
  }
  const hiddenOf = new Map<number, PinIndex>();
  const queries: { readonly pin: PinIndex; readonly hidden: PinIndex }[] = [];
  for (let left = boards.length; left > 0 && queries.length < count; left--) {
    const at = nextBelow(stream, left);
    const board = boards[at]!;
    boards[at] = boards[left - 1]!;
    const pins = neighborsOf(boardToPin, board);
    const hiddenAt = nextBelow(stream, pins.length);
    // Any other of the board's pins, with equal probability.
    const pin = pins[(hiddenAt + 1 + nextBelow(stream, pins.length - 1)) % pins.length]!;
    const hidden = pins[hiddenAt]!;
    hiddenOf.set(board, hidden);
    queries.push({ pin, hidden });
  }
  const [boardColumn, pinColumn]: [number[], number[]] = [[], []];
  for (let board = 0; board < nodeCount(boardToPin); board++) {
    for (const pin of neighborsOf(boardToPin, board)) {
      if (pin === hiddenOf.get(board)) continue;
      boardColumn.push(board);
      pinColumn.push(pin);
    }
  }
  const train = buildGraph({
    boards: Int32Array.from(boardColumn),
    pins: Int32Array.from(pinColumn),
    pinCount: nodeCount(pinToBoard),
    boardToUser,
    userCount,
  });
  return { train, queries: queries.filter(({ hidden }) => degreeOf(train.pinToBoard, hidden) > 0) };
}
