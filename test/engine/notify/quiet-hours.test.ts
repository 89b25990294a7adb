import { expect, test } from 'vitest';
import { type QuietHours, ZoneHours, isTimeZone } from '../../../engine/index.ts';

const minuteMs = 60_000;

/** The reference: what Intl's own clock shows, minute by minute, without offsets or caches. */
class WallClock {
  readonly #format: Intl.DateTimeFormat;

  constructor(timeZone: string) {
    const options = { timeZone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit' } as const;
    this.#format = new Intl.DateTimeFormat('en-GB', options);
  }

  minuteOf(time: number): number {
    const [hour, minute] = this.#format.format(time).split(':').map(Number);
    return hour! * 60 + minute!;
  }
}

function isQuietAt(minute: number, { startMinute, endMinute }: QuietHours): boolean {
  for (let each = startMinute; each !== endMinute; each = (each + 1) % 1440) if (each === minute) return true;
  return false;
}

/** Both hemispheres, half and quarter hours, a daylight saving of half an hour, a negative one, and changes at midnight. */
const zones = [
  'Europe/Berlin',
  'Europe/Dublin',
  'America/New_York',
  'America/St_Johns',
  'America/Santiago',
  'America/Sao_Paulo',
  'Australia/Lord_Howe',
  'Australia/Adelaide',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Asia/Beirut',
  'Africa/Casablanca',
  'Pacific/Chatham',
  'Pacific/Apia',
  'UTC',
];
const nights: readonly QuietHours[] = [
  { startMinute: 22 * 60, endMinute: 7 * 60 },
  { startMinute: 60, endMinute: 150 },
  { startMinute: 135, endMinute: 165 },
  { startMinute: 0, endMinute: 30 },
  { startMinute: 1439, endMinute: 1 },
  { startMinute: 481, endMinute: 480 },
];

/**
 * How the hours differ from the reference, at steps from `start` until before `end`; boundaries of the night must be multiples
 * of it. From the end, so that the first time that is not quiet is at hand.
 */
function faultOf(
  zone: string,
  night: QuietHours,
  start: number,
  end: number,
  step: number,
): string | undefined {
  let until = end;
  for (let time = end - step; time >= start; time -= step) {
    const isQuiet = isQuietAt(clocks.get(zone)!.minuteOf(time), night);
    if (!isQuiet) until = time;
    if (until === end) continue;
    const within = time + 17_345;
    const found = hours.quietUntil(within, zone, night);
    if (hours.isQuiet(within, zone, night) === isQuiet && found === (isQuiet ? until : within)) continue;
    const at = (each: number): string => new Date(each).toISOString();
    return `${zone} ${JSON.stringify(night)} ${at(within)}: ${at(found)}, expected ${at(until)}`;
  }
  return undefined;
}

const hours = new ZoneHours();
const clocks = new Map(zones.map((zone) => [zone, new WallClock(zone)]));
const hourMs = 60 * minuteMs;

test.each(zones)(
  'quiet hours in %s are those of the clock on the wall, at every quarter of a year',
  (zone) => {
    const quarters = nights.filter((night) => Object.values(night).every((minute) => minute % 15 === 0));
    const year = zones.indexOf(zone) % 2 === 0 ? 2026 : 2028;
    const night = quarters[zones.indexOf(zone) % quarters.length]!;
    expect(
      faultOf(zone, night, Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1), 15 * minuteMs),
    ).toBeUndefined();
  },
);

test.each(zones)('quiet hours in %s are right at every minute around the jumps of its clock', (zone) => {
  const clock = clocks.get(zone)!;
  let jumps = 0;
  for (let time = Date.UTC(2026, 0, 1); time < Date.UTC(2027, 0, 1); time += hourMs) {
    const shown = (clock.minuteOf(time + hourMs) - clock.minuteOf(time) + 1440) % 1440;
    if (shown === 60) continue;
    jumps++;
    for (const night of nights)
      expect(faultOf(zone, night, time - 3 * hourMs, time + 12 * hourMs, minuteMs)).toBeUndefined();
  }
  const steady = ['UTC', 'Asia/Kathmandu', 'Asia/Kolkata', 'America/Sao_Paulo', 'Pacific/Apia'];
  expect(jumps > 0).toBe(!steady.includes(zone));
});

test('equal start and end mean no quiet hours', () => {
  const none = { startMinute: 480, endMinute: 480 };
  const time = Date.UTC(2026, 5, 1, 8);
  expect(new ZoneHours().isQuiet(time, 'UTC', none)).toBe(false);
  expect(new ZoneHours().quietUntil(time, 'UTC', none)).toBe(time);
});

test.each([
  ['Europe/Berlin', true],
  ['Etc/GMT+5', true],
  ['UTC', true],
  ['+02:00', false],
  ['Mars/Olympus', false],
  ['', false],
])('%s is a time zone: %s', (zone, expected) => {
  expect(isTimeZone(zone)).toBe(expected);
});
