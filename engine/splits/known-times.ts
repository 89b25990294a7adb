import { degreeOf, nodeCount } from '../graph/index.ts';
import type { SaveSplit } from './random-splits.ts';
import type { TimedSaves } from './time-splits.ts';

/**
 * A split with the times of its known saves, and of the first held-out save of each board unless it has these, from the saves that it
 * was cut from. Without any time, the split as it is. O(saves · log pins of a board).
 */
export function withTimes(
  split: SaveSplit,
  { boards, pins, savedAt }: Pick<TimedSaves, 'boards' | 'pins' | 'savedAt'>,
): SaveSplit {
  if (savedAt.every((time) => Number.isNaN(time))) return split;
  const { slices, neighbors } = split.train.boardToPin;
  const times = new Float64Array(
    new SharedArrayBuffer(neighbors.length * Float64Array.BYTES_PER_ELEMENT),
  ).fill(NaN);
  const boardCount = nodeCount(split.train.boardToPin);
  const isHeldOut = new Uint8Array(boards.length);
  for (let i = 0; i < boards.length; i++) {
    const board = boards[i]!;
    if (board >= boardCount) continue;
    const start = slices[2 * board]!;
    const place = placeOf(neighbors, pins[i]!, start, start + degreeOf(split.train.boardToPin, board));
    if (place >= 0) times[place] = savedAt[i]!;
    else isHeldOut[i] = 1;
  }
  const { heldOutFrom = firstTimes({ boards, savedAt }, nodeCount(split.heldOut), isHeldOut) } = split;
  return { ...split, savedAt: times, heldOutFrom };
}

/** By board, when its first save was made, of those marked with 1: NaN if one has no time, Infinity if there is none. O(saves). */
export function firstTimes(
  { boards, savedAt }: Pick<TimedSaves, 'boards' | 'savedAt'>,
  boardCount: number,
  marks = new Uint8Array(boards.length).fill(1),
): Float64Array {
  const first = new Float64Array(boardCount).fill(Infinity);
  for (const [i, board] of boards.entries()) {
    if (marks[i] === 1 && board < boardCount) first[board] = Math.min(first[board]!, savedAt[i]!);
  }
  return first;
}

/** The place of a value among ascending ones; -1 when it is not there. */
function placeOf(ascending: Int32Array, value: number, start: number, end: number): number {
  let [low, high] = [start, end - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] === value) return middle;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
