import { ZoneClock } from '../model/index.ts';

/**
 * The hours of every day in which nothing is sent to a person, by the clock on their wall: minutes of the day in [0, 1440), from
 * `startMinute` until before `endMinute`. Over midnight if the start is later than the end; none if they are equal.
 */
export interface QuietHours {
  readonly startMinute: number;
  readonly endMinute: number;
}

const minuteMs = 60_000;
const dayMinutes = 1440;
/** No zone changes its offset within a quarter of an hour of UTC. */
const quarterMs = 15 * minuteMs;
/** A day plus the largest step by which clocks of a zone ever go back: no night lasts longer. */
const quartersMax = 4 * 48;

/** Local time and quiet hours in IANA time zones. Offsets are cached by zone and quarter of an hour. */
export class ZoneHours {
  readonly #clock = new ZoneClock();

  /** Minute of the day in [0, 1440) that the clocks of a zone show. `time`: milliseconds since 1970. Throws RangeError for an unknown zone. */
  minuteOf(time: number, zone: string): number {
    const minute = Math.floor(this.#clock.local(time, zone) / minuteMs) % dayMinutes;
    return minute < 0 ? minute + dayMinutes : minute;
  }

  /**
   * Whether clocks show a quiet hour. An hour that clocks show twice, when daylight saving ends, is quiet twice or never; what a
   * gap skips never is. O(1).
   */
  isQuiet(time: number, zone: string, hours: QuietHours): boolean {
    return isWithin(this.minuteOf(time, zone), hours);
  }

  /** The earliest time from `time` on that is not quiet; `time` itself if it is not. O(quarters of an hour in between). */
  quietUntil(time: number, zone: string, hours: QuietHours): number {
    let at = time;
    for (let quarter = 0; quarter <= quartersMax; quarter++) {
      const minute = this.minuteOf(at, zone);
      if (!isWithin(minute, hours)) return at;
      const left = (hours.endMinute - minute + dayMinutes) % dayMinutes;
      const end = (Math.floor(at / minuteMs) + left) * minuteMs;
      // Until the end of the quarter, clocks advance as time does.
      const next = (Math.floor(at / quarterMs) + 1) * quarterMs;
      at = Math.min(end, next);
    }
    throw new Error(`quiet hours from ${hours.startMinute} to ${hours.endMinute} have no end in ${zone}`);
  }
}

function isWithin(minute: number, { startMinute, endMinute }: QuietHours): boolean {
  return startMinute <= endMinute
    ? minute >= startMinute && minute < endMinute
    : minute >= startMinute || minute < endMinute;
}

/** Whether a text names an IANA time zone that this machine knows, such as `Europe/Berlin`. Offsets such as `+02:00` do not. */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
