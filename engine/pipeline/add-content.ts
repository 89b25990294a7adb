import type { VirtualSaves } from '../content/index.ts';
import { type Work, prices } from '../base/index.ts';
import type { Query } from '../query.ts';
import { type IsExcluded, type ScoredPin, TopPins } from '../rank/index.ts';
import type { Found } from './blend-linear.ts';
import type { Levers } from './levers.ts';

/** Pins whose mass virtual saves pass on: the best that a walk reached, query pins included. */
export const reachedMax = 2_000;

/** The pins that a walk reached, with the query whose pins and exclusions count. */
interface Reached {
  readonly found: readonly ScoredPin[];
  readonly query: Query;
  readonly isExcluded: IsExcluded;
}

/**
 * Adds virtual saves to the candidates of an algorithm: pins with few saves or none get a part of the scores of the pins that
 * say the same ({@link VirtualSaves}), on the scale of the algorithm's own scores. Returns the `k` best. O(pins reached +
 * their links).
 */
export function addContent(
  own: Found,
  { found, query, isExcluded }: Reached,
  virtual: VirtualSaves,
  { virtualWeight, fadeSaves }: Pick<Levers, 'virtualWeight' | 'fadeSaves'>,
  k: number,
  work: Work,
): Found {
  const added = virtual.added(found, query, { virtualWeight, fadeSaves }, work);
  work.count(added.size, prices.node);
  if (added.size === 0) return own;
  const queryPins = new Set(query.pins);
  const total = found.reduce((sum, { score }) => sum + Math.max(0, score), 0);
  const bestFound = found.reduce(
    (max, { pin, score }) => (queryPins.has(pin) ? max : Math.max(max, score)),
    0,
  );
  // Virtual saves count in shares of all that was reached; the algorithm's scores have a scale of their own.
  const scale = own.best > 0 && bestFound > 0 ? (own.best * total) / bestFound : 1;
  const top = new TopPins(k);
  const known = new Set<number>();
  let best = own.best;
  const offer = (pin: number, score: number): void => {
    best = Math.max(best, score);
    top.offer(pin, score);
  };
  for (const { pin, score } of own.found) {
    known.add(pin);
    offer(pin, score + scale * added.values[pin]!);
  }
  for (let i = 0; i < added.size; i++) {
    const pin = added.nodes[i]!;
    if (known.has(pin) || queryPins.has(pin)) continue;
    const score = scale * added.values[pin]!;
    if (top.wouldKeep(pin, score) && !isExcluded(pin)) offer(pin, score);
  }
  return { stats: own.stats, found: top.drain(), best };
}
