import { nextBelow, randomStream } from '../random/index.ts';

/** The mass of a board is spread over at most this many of its pins. */
export const spreadMax = 512;
const spreadStream = 0x4000_0002;

/** The window of pins that represents a board: `count` pins from `offset` on, wrapping around. */
export function windowOf(
  board: number,
  degree: number,
  randomSeed: number,
): { count: number; offset: number } {
  if (degree <= spreadMax) return { count: degree, offset: 0 };
  return { count: spreadMax, offset: nextBelow(randomStream(randomSeed, board, spreadStream), degree) };
}
