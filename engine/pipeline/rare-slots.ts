import { type Work, prices } from '../base/index.ts';
import type { PinIndex } from '../graph/index.ts';
import { nextBelow, randomStream } from '../random/index.ts';
import type { ScoredPin } from '../rank/index.ts';

/** A pin of a list, with the probability that it takes this place, where some places are drawn. */
export interface RankedPin extends ScoredPin {
  readonly propensity?: number | undefined;
  /** Of the action that a model predicts. */
  readonly probability?: number | undefined;
}

/** Rare candidates, the best, among which each place is drawn. */
const drawnFrom = 10;
/** Apart from the streams of walks, which are numbered by query pins. */
const rareStream = 0x7261_7265;

/**
 * Gives at least the share `rareShare` of the places of `best` to rare pins: the lowest others make room for pins drawn
 * from the best rare ones that `findRare` finds, ten for each place, each with the same probability. They take places at
 * equal distances, the last one included. `findRare` must not find pins of `best`. With m pins to draw from, a drawn pin
 * has the propensity 1 / m of standing at its place; the others have 1. Propensities are given the walk: its own
 * randomness is not part of them. Never shortens the list. Same arguments, same list.
 */
export function fillRareSlots(
  best: readonly ScoredPin[],
  rareShare: number,
  isRare: (pin: PinIndex) => boolean,
  findRare: (count: number) => readonly ScoredPin[],
  randomSeed: number,
  work: Work,
): RankedPin[] {
  const rareCount = best.filter(({ pin }) => isRare(pin)).length;
  // Less than rounding errors: 0.55 · 20 is above 11 in floating point.
  const missing = Math.max(0, Math.ceil(rareShare * best.length - 1e-9) - rareCount);
  const pool = missing === 0 ? [] : [...findRare(missing * drawnFrom)];
  work.count(pool.length + best.length, prices.candidate);
  const slots = Math.min(missing, pool.length);
  const propensity = 1 / pool.length;
  const stream = randomStream(randomSeed, rareStream);
  const drawn: RankedPin[] = [];
  for (let slot = 0; slot < slots; slot++) {
    const at = slot + nextBelow(stream, pool.length - slot);
    drawn.push({ ...pool[at]!, propensity });
    pool[at] = pool[slot]!;
  }
  let dropped = slots;
  const list: RankedPin[] = best
    .toReversed()
    .filter(({ pin }) => isRare(pin) || dropped-- <= 0)
    .toReversed()
    .map(({ pin, score }) => ({ pin, score, propensity: 1 }));
  for (const [slot, each] of drawn.entries())
    list.splice(Math.floor(((slot + 1) * best.length) / slots) - 1, 0, each);
  return list;
}
