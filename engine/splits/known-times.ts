import { degreeOf, nodeCount } from '../graph/index.ts';
import type { SaveSplit } from './random-splits.ts';
import type { TimedSaves } from './time-splits.ts';

/**
 * A split whose known saves carry their times, from the saves that it was cut from. Without any time, the split as it is.
 * O(saves · log pins of a board).
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
  for (let i = 0; i < boards.length; i++) {
    const board = boards[i]!;
    if (board >= boardCount) continue;
    const start = slices[2 * board]!;
    const place = placeOf(neighbors, pins[i]!, start, start + degreeOf(split.train.boardToPin, board));
    if (place >= 0) times[place] = savedAt[i]!;
  }
  return { ...split, savedAt: times };
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
