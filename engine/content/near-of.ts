import type { PinIndex } from '../graph/index.ts';
import type { PinContent } from './pin-content.ts';

/** Near pins of one, best first. */
interface NearList {
  readonly pins: Int32Array;
  readonly weights: Float32Array;
}

/** The pins near one, as of now. O(1). */
export function nearOf({ near, live }: Pick<PinContent, 'near' | 'live'>, pin: PinIndex): NearList {
  // A pin beyond the reserve has no list until the next build.
  const row = live === undefined || pin >= live.rowOf.length ? 0 : Atomics.load(live.rowOf, pin);
  const [{ starts, pins, weights }, at] = row > 0 ? [live!, row - 1] : [near, pin];
  const from = row < 0 ? 0 : (starts[at] ?? 0);
  const to = row < 0 ? 0 : (starts[at + 1] ?? 0);
  return { pins: pins.subarray(from, to), weights: weights.subarray(from, to) };
}
