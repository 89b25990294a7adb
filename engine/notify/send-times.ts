import type { QuietHours, ZoneHours } from './quiet-hours.ts';

const hourMs = 3_600_000;

/** A time at which a notification may be sent. */
export interface SendTime {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Of the person's clock, 0 to 23. */
  readonly hour: number;
  readonly isQuiet: boolean;
}

/**
 * One time in each of the next 24 hours, ascending: at `minute` past the hour of UTC, so that not everybody is notified on the hour. By the
 * person's clock an hour that daylight saving skips is missing, and one that it repeats comes twice. `marginMs`: it must not become quiet so
 * soon after. Throws RangeError for an unknown zone. O(1).
 */
export function sendTimes(
  hours: ZoneHours,
  now: number,
  minute: number,
  zone: string,
  quiet: QuietHours | undefined,
  marginMs: number,
): SendTime[] {
  const first = Math.floor(now / hourMs) * hourMs + minute * 60_000;
  const start = first < now ? first + hourMs : first;
  return Array.from({ length: 24 }, (_, i) => {
    const time = start + i * hourMs;
    const isQuiet =
      quiet !== undefined &&
      (hours.isQuiet(time, zone, quiet) || hours.isQuiet(time + marginMs, zone, quiet));
    return { time, hour: Math.floor(hours.minuteOf(time, zone) / 60), isQuiet };
  });
}

/** The time in the hour with the largest share, of those that `isAllowed`; of equals the earliest. Undefined if none is allowed. */
export function bestTime(
  times: readonly SendTime[],
  shares: ArrayLike<number>,
  isAllowed: (time: SendTime) => boolean,
): SendTime | undefined {
  let best: SendTime | undefined;
  for (const time of times) {
    if (isAllowed(time) && (best === undefined || shares[time.hour]! > shares[best.hour]!)) best = time;
  }
  return best;
}
