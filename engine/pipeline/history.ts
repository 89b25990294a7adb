import type { PinIndex } from '../graph/index.ts';
import type { Levers } from './levers.ts';

/** A save of the user or board that a query stands for. */
export interface HistorySave {
  readonly pin: PinIndex;
  /** Milliseconds since 1970; null when unknown. */
  readonly savedAt: number | null;
}

/** Saves that a query stands for at most: the latest. */
const historyMax = 1_000;
const dayMs = 86_400_000;
/** Weights end at 2^-20: the oldest saves still count for something. */
const halvingsMax = 20;

/** The latest 1,000 saves, ties to the smaller pin; with fewer, all as they come. */
export function latestSaves<Save extends HistorySave>(saves: readonly Save[]): readonly Save[] {
  if (saves.length <= historyMax) return saves;
  const timeOf = ({ savedAt }: Save): number => savedAt ?? -Infinity;
  return saves
    .toSorted((a, b) => (timeOf(a) === timeOf(b) ? a.pin - b.pin : timeOf(b) - timeOf(a)))
    .slice(0, historyMax);
}

/** How a user's saves lose weight: by age and by order. */
export type Recency = Pick<Levers, 'halfLifeDays' | 'orderDecay'>;

/** Every save weighs the same. */
export const noDecay: Recency = { halfLifeDays: Infinity, orderDecay: 1 };

/**
 * Shares of `weight` among a user's saves: 2^(−age / `halfLifeDays`) · `orderDecay`^rank each. A save's age is measured from
 * the newest save, and its rank is the number of newer saves, so the same history has the same weights at any time. Saves
 * without a time count as the oldest, and saves in the future of `now` (milliseconds since 1970) as saves of now, as one
 * clock that is ahead must not age all others. Without any time, all saves weigh the same. O(saves · log saves).
 */
export function recencyWeights(
  saves: readonly HistorySave[],
  weight: number,
  { halfLifeDays, orderDecay }: Recency,
  now: number,
): number[] {
  const times = saves.map(({ savedAt }) => (savedAt === null ? NaN : Math.min(savedAt, now)));
  const descending = times.filter((time) => !Number.isNaN(time)).toSorted((a, b) => b - a);
  const [newest, oldest] = [descending[0]!, descending.at(-1)!];
  const newerSaves = new Map<number, number>();
  for (const [i, time] of descending.entries()) if (!newerSaves.has(time)) newerSaves.set(time, i);
  const halvingsOfRank = -Math.log2(orderDecay);
  const shares = times.map((known) => {
    if (descending.length === 0) return 1;
    const time = Number.isNaN(known) ? oldest : known;
    const halvings = (newest - time) / dayMs / halfLifeDays + newerSaves.get(time)! * halvingsOfRank;
    return 2 ** -Math.min(halvings, halvingsMax);
  });
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => (weight * share) / sum);
}
