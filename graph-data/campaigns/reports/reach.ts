import { t95 } from '../../../engine/attribution/index.ts';
import { z95 } from '../../../engine/metrics/index.ts';
import type { DataFolder } from '../../data-folder.ts';
import { Store } from '../../database/index.ts';
import { dayMs, impression, listMonths, firstDayOf, readDay } from '../../interactions/index.ts';
import type { CampaignSettings } from '../campaign.ts';

/** An estimate with its 95 % interval. */
interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Whom a campaign could reach, judged by past impressions. */
export interface CampaignReach {
  /** Days of the log that were counted. */
  readonly days: number;
  /** Within a week; undefined for fewer than two days. */
  readonly people: Estimate | undefined;
  readonly impressions: Estimate | undefined;
}

/** The settings of a campaign that decide it. */
export type ReachOptions = Pick<CampaignSettings, 'surfaces' | 'frequencyCap'> & {
  /** By pin: 1 if a list with it suits the campaign's targets. Undefined: every list is. */
  readonly isTarget: Uint8Array | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
};

const weeksMax = 4;

/**
 * People who were shown a list that a campaign suits, and the number of such lists that its cap allows each
 * person, by week, from the impressions of the latest four whole weeks. Intervals are those of the mean of the
 * weeks, or, for a single week, of a count (Poisson). O(impressions of these days).
 */
export function campaignReach(folder: DataFolder, options: ReachOptions): CampaignReach {
  const today = Math.floor(options.now / dayMs);
  const [first] = listMonths(folder);
  if (first === undefined) return { days: 0, people: undefined, impressions: undefined };
  const suits = suitedBy(folder, options);
  const weeks: { people: number; impressions: number; days: number }[] = [];
  for (let week = 0; week < weeksMax; week++) {
    const lists = new Map<string, Set<string>>();
    let days = 0;
    for (let day = today - 7 * (week + 1); day < today - 7 * week; day++) {
      const rows = day < firstDayOf(first) ? [] : readDay(folder, day);
      if (rows.length > 0) days++;
      for (const [i, { kind, user, pin, surface, recommendationId }] of rows.entries()) {
        if (kind !== impression || !suits(pin, surface)) continue;
        const own = lists.get(user) ?? new Set();
        lists.set(user, own.add(recommendationId ?? `${day} ${i}`));
      }
    }
    if (days === 0) break;
    const { impressions: capped, hours } = options.frequencyCap;
    const perWeek = Math.max(capped, (capped * 7 * 24) / hours);
    const impressions = [...lists.values()].reduce((sum, { size }) => sum + Math.min(size, perWeek), 0);
    weeks.push({ people: lists.size, impressions, days });
  }
  const days = weeks.reduce((sum, week) => sum + week.days, 0);
  if (days < 2) return { days, people: undefined, impressions: undefined };
  // The earliest week of a log may have begun within it.
  const whole = weeks.filter((week) => week.days === 7);
  const counted = whole.length > 0 ? whole : weeks.slice(0, 1);
  return {
    days,
    people: meanOf(counted.map(({ people }) => people)),
    impressions: meanOf(counted.map((week) => (week.impressions * 7) / week.days)),
  };
}

function suitedBy(
  folder: DataFolder,
  { surfaces, isTarget }: ReachOptions,
): (pin: string | undefined, surface: string | undefined) => boolean {
  const wanted = new Set(surfaces);
  const store = isTarget === undefined ? undefined : Store.open(folder);
  const known = new Map<string, boolean>();
  const isPinTarget = (pin: string): boolean => {
    let is = known.get(pin);
    if (is === undefined) {
      const index = store!.indexOf('pins', pin);
      is = index !== undefined && isTarget![index] === 1;
      known.set(pin, is);
    }
    return is;
  };
  return (pin, surface) => {
    if (wanted.size > 0 && (surface === undefined || !wanted.has(surface))) return false;
    return isTarget === undefined || (pin !== undefined && isPinTarget(pin));
  };
}

function meanOf(values: readonly number[]): Estimate {
  const n = values.length;
  const value = values.reduce((sum, each) => sum + each, 0) / n;
  const squares = values.reduce((sum, each) => sum + (each - value) ** 2, 0);
  const half = n > 1 ? t95(n - 1) * Math.sqrt(squares / (n - 1) / n) : z95 * Math.sqrt(value);
  return { value, low: Math.max(0, value - half), high: value + half };
}
