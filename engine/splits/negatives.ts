import type { PinIndex } from '../graph/index.ts';
import { type RandomStream, nextBelow } from '../random/index.ts';

/**
 * Draws `count` negatives uniformly, without replacement, from the pins that are not taken; all of them if there are
 * fewer. `takenCount` is the number of taken pins. Expected time O(count); O(pins) if more than half are drawn or taken.
 */
export function sampleNegatives(
  pins: Int32Array,
  isTaken: (pin: PinIndex) => boolean,
  takenCount: number,
  count: number,
  random: RandomStream,
): Set<PinIndex> {
  const free = pins.length - takenCount;
  if (count <= free / 2 && free >= pins.length / 2) {
    // Rejection sampling: at least a quarter of the draws succeed.
    const drawn = new Set<PinIndex>();
    while (drawn.size < count) {
      const pin = pins[nextBelow(random, pins.length)]!;
      if (!isTaken(pin)) drawn.add(pin);
    }
    return drawn;
  }
  const left = pins.filter((pin) => !isTaken(pin));
  const drawn = Math.min(count, left.length);
  for (let i = 0; i < drawn; i++) {
    const other = i + nextBelow(random, left.length - i);
    [left[i], left[other]] = [left[other]!, left[i]!];
  }
  return new Set(left.subarray(0, drawn));
}
