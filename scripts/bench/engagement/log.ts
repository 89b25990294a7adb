import { nextBelow, nextUnit, randomStream } from '../../../engine/index.ts';
import { type Interaction, dayMs } from '../../../graph-data/index.ts';

/** The 30th of September 2026: a log crosses the end of a month. */
const firstDay = 20_726;
const listLength = 20;

interface LogSizes {
  readonly interactions: number;
  readonly days: number;
  readonly users: number;
  readonly pins: number;
}

/** The days of a log, since 1970. */
export function daysOfLog({ days }: Pick<LogSizes, 'days'>): [first: number, last: number] {
  return [firstDay, firstDay + days - 1];
}

/**
 * Lists of impressions in the order of time, and the clicks, opens and purchases after them: nine of ten name their list.
 * Pins of rank r are shown with a probability proportional to r^-1/2, places further down are clicked less. Yields lists of
 * rows that arrive together, `interactions` rows in all. The same sizes give the same rows.
 */
export function* interactionLog({ interactions, days, users, pins }: LogSizes): Generator<Interaction[]> {
  const random = randomStream(19);
  // A list has this many rows on average, so that the last one falls on the last day.
  const rowsPerList = listLength * 1.09;
  const stepMs = (days * dayMs) / (interactions / rowsPerList);
  let left = interactions;
  for (let list = 0; left > 0; list++) {
    const at = Math.floor(firstDay * dayMs + ((list * stepMs) % (days * dayMs)));
    const recommendationId = `01M7ZD${String(list).padStart(20, '0')}`;
    const user = `user${nextBelow(random, users)}`;
    const surface = ['feed', 'related', 'ideas'][nextBelow(random, 3)]!;
    const arm = nextBelow(random, 2) === 0 ? 'control' : 'fresh';
    const rows: Interaction[] = [];
    for (let rank = 1; rank <= listLength; rank++) {
      const pin = `pin${Math.floor(pins * nextUnit(random) ** 2)}`;
      rows.push({
        kind: 'impression',
        user,
        pin,
        at,
        recommendationId,
        surface,
        pipeline: 'pixie',
        arm,
        rank,
      });
      if (nextUnit(random) > 0.3 / Math.sqrt(rank)) continue;
      const kind = nextUnit(random) < 0.7 ? 'click' : nextUnit(random) < 0.8 ? 'open' : 'purchase';
      const value = kind === 'purchase' ? 1 + nextBelow(random, 50) : undefined;
      const named = nextUnit(random) < 0.9 ? { recommendationId, surface } : {};
      const later = at + 1_000 + Math.floor(30 * 3_600_000 * nextUnit(random) ** 4);
      rows.push({ kind, user, pin, at: later, value, ...named });
    }
    left -= rows.length;
    yield left < 0 ? rows.slice(0, left) : rows;
  }
}
