import type { PinIndex } from '../graph/index.ts';

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

/**
 * Shares of `weight` among a user's saves: each counts half for every `halfLifeDays` that it is older than the newest.
 * Ages are measured from the newest save, so the same history has the same weights at any time; saves without a time count
 * as the oldest, and saves in the future of `now` (milliseconds since 1970) as saves of now, as one clock that is ahead
 * must not age all others. O(saves).
 */
export function ageWeights(
  saves: readonly HistorySave[],
  weight: number,
  halfLifeDays: number,
  now: number,
): number[] {
  const times = saves.flatMap(({ savedAt }) => savedAt ?? []);
  const newest = Math.min(
    now,
    times.reduce((latest, time) => Math.max(latest, time), -Infinity),
  );
  const oldest = times.reduce((first, time) => Math.min(first, time), Infinity);
  const shares = saves.map(({ savedAt }) => {
    if (times.length === 0) return 1;
    const ageDays = Math.max(0, newest - (savedAt ?? oldest)) / dayMs;
    return 2 ** -Math.min(ageDays / halfLifeDays, halvingsMax);
  });
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => (weight * share) / sum);
}
