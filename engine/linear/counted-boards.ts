import { type PinBoardGraph, degreeOf, neighborsOf, nodeCount, sharedInt32Array } from '../graph/index.ts';
import { nextBelow, randomStream } from '../random/index.ts';
import type { LinearBuildParams } from './linear-params.ts';

/**
 * The boards that weights are computed from. Each has a place in a random order of fixed seed, so that the first places of
 * any list of boards are a fair sample of it, and the same sample for every pin.
 */
export interface CountedBoards {
  /** The board at each place. */
  readonly order: Int32Array<SharedArrayBuffer>;
  /** Places of the boards of each pin, ascending: `places[starts[pin] .. starts[pin + 1])`. */
  readonly starts: Int32Array<SharedArrayBuffer>;
  readonly places: Int32Array<SharedArrayBuffer>;
}

const orderSeed = 17;

/** The boards of 1 to `boardPinsMax` pins. O(saves + boards + pins); 4 bytes per save, board and pin. */
export function countedBoards(
  { boardToPin, pinToBoard }: PinBoardGraph,
  { boardPinsMax }: LinearBuildParams,
): CountedBoards {
  const pinCount = nodeCount(pinToBoard);
  const order = sharedInt32Array(nodeCount(boardToPin));
  let [count, saves] = [0, 0];
  for (let board = 0; board < order.length; board++) {
    const degree = degreeOf(boardToPin, board);
    if (degree === 0 || degree > boardPinsMax) continue;
    order[count++] = board;
    saves += degree;
  }
  shuffle(order, count);
  const starts = sharedInt32Array(pinCount + 1);
  for (let place = 0; place < count; place++) {
    for (const pin of neighborsOf(boardToPin, order[place]!)) starts[pin + 1]!++;
  }
  for (let pin = 0; pin < pinCount; pin++) starts[pin + 1]! += starts[pin]!;
  const ends = Int32Array.from(starts);
  const places = sharedInt32Array(saves);
  for (let place = 0; place < count; place++) {
    for (const pin of neighborsOf(boardToPin, order[place]!)) places[ends[pin]!++] = place;
  }
  return { order: order.subarray(0, count), starts, places };
}

/** Fisher–Yates over the first `count` values. */
function shuffle(values: Int32Array, count: number): void {
  const random = randomStream(orderSeed);
  for (let i = count - 1; i > 0; i--) {
    const j = nextBelow(random, i + 1);
    const value = values[i]!;
    values[i] = values[j]!;
    values[j] = value;
  }
}
