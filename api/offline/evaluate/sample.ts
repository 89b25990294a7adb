import { type RandomStream, nextBelow } from '../../../engine/index.ts';

/** `count` of the values at random, or all of them if there are fewer: the start of a Fisher–Yates shuffle. */
export function sample<Value>(values: readonly Value[], count: number, random: RandomStream): Value[] {
  const shuffled = [...values];
  for (let i = 0; i < Math.min(count, shuffled.length); i++) {
    const j = i + nextBelow(random, shuffled.length - i);
    [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
  }
  return shuffled.slice(0, count);
}
