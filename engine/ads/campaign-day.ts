import { check } from '../base/index.ts';
import type { ZoneClock } from '../model/index.ts';

/** A day by the clocks of a time zone, as instants: [startMs, endMs) in milliseconds since 1970. */
interface CampaignDay {
  readonly startMs: number;
  readonly endMs: number;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** Clocks change at a quarter of an hour of UTC. */
const quarterMs = 900_000;
/** No day lasts longer: clocks are set back by an hour at most, and once by 24 where the date line moved. */
const searchMs = 2 * dayMs;

/**
 * The day of a budget: the date that clocks of an IANA time zone show at `time`. 23 or 25 hours long where daylight saving changes. O(log
 * quarters), offsets cached in `clock`. Throws RangeError for an unknown zone.
 */
export function campaignDay(time: number, zone: string, clock: ZoneClock): CampaignDay {
  const dateAt = (at: number): number => Math.floor(clock.local(at, zone) / dayMs);
  const date = dateAt(time);
  return {
    startMs: firstInstant(time - searchMs, time, (at) => dateAt(at) >= date),
    endMs: firstInstant(time, time + searchMs, (at) => dateAt(at) > date),
  };
}

/**
 * The share of a day's traffic in each of its hours, the last of which may be shorter. `hourly`: traffic by hour of the clock, 24
 * numbers of any sum, such as those of `hourShares`. An hour that clocks show twice counts twice.
 */
export function dayTraffic(
  { startMs, endMs }: CampaignDay,
  zone: string,
  hourly: ArrayLike<number>,
  clock: ZoneClock,
): Float64Array {
  check(hourly.length === 24, 'hourly', `has ${hourly.length} hours, not 24`);
  const parts = Float64Array.from({ length: Math.ceil((endMs - startMs) / hourMs) }, (_, part) => {
    const at = startMs + part * hourMs;
    const hour = Math.floor(clock.local(at, zone) / hourMs) % 24;
    return (hourly[hour < 0 ? hour + 24 : hour]! * Math.min(hourMs, endMs - at)) / hourMs;
  });
  const sum = parts.reduce((total, part) => total + part, 0);
  check(sum > 0 && sum < Infinity, 'hourly', 'has no positive sum');
  return parts.map((part) => part / sum);
}

/** The first quarter of an hour in (from, to] from which on a condition holds; it does not at `from`, and does at `to` or later. */
function firstInstant(from: number, to: number, holds: (at: number) => boolean): number {
  let [low, high] = [Math.floor(from / quarterMs), Math.ceil(to / quarterMs)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle * quarterMs)) high = middle;
    else low = middle;
  }
  return high * quarterMs;
}
