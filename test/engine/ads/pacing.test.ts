import { describe, expect, test } from 'vitest';
import {
  type PacingPlan,
  ZoneClock,
  campaignDay,
  dayTraffic,
  pace,
  randomStream,
  startPacing,
} from '../../../engine/index.ts';
import { replayDay } from '../../../scripts/studies/promoted-pins/replay-day.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;
/** Visits by hour of the clock, as a shop may have them. */
const hourly = [3, 2, 1, 1, 1, 2, 4, 6, 8, 9, 10, 11, 12, 11, 10, 10, 11, 13, 16, 19, 21, 20, 14, 7];
const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0); // prettier-ignore

const start = Date.parse('2026-06-10T00:00:00Z');
const plan = (budgetMicros: number, traffic: readonly number[] = hourly): PacingPlan => ({
  startMs: start,
  endMs: start + 24 * hourMs,
  budgetMicros,
  traffic: traffic.map((each) => each / sum(traffic)),
});
/** 266,000 requests on the day. */
const usual = hourly.map((each) => each * 1_200);
const surge = (at: number, factor: number): number[] => usual.map((each, hour) => (hour === at ? each * factor : each)); // prettier-ignore
const clicks = { clickMicros: 200_000, clickProbability: 0.2, delayMs: 45_000 };
/** Of the 53,000 clicks that all requests bring. */
const budget = 6_000 * clicks.clickMicros;

describe('a day whose demand is some nine times the budget', () => {
  const days: Readonly<Record<string, readonly number[]>> = {
    'goes as planned': usual,
    'has ten times the visits in the busiest hour': surge(20, 10),
    'has 40 times the visits at night': surge(3, 40),
    'has a surge in the last hour': surge(23, 10),
    'has no visits for three hours': usual.map((each, hour) => (hour >= 9 && hour < 12 ? 0 : each)),
    'has a third of its visits in the evening': usual.map((each, hour) => (hour >= 17 ? each / 3 : each)),
  };
  test.each(Object.keys(days))(
    'that %s is spent within 1 %, and no hour above twice its share of the traffic',
    (name) => {
      const requests = days[name]!;
      for (let seed = 1; seed <= 5; seed++) {
        const { spentMicros: total, byHour } = replayDay(
          plan(budget),
          { requests, ...clicks },
          randomStream(seed),
        );
        expect(total).toBeLessThanOrEqual(budget);
        expect(total).toBeGreaterThan(0.99 * budget);
        const traffic = sum(requests);
        for (const [hour, spent] of byHour.entries()) {
          const planned = hourly[hour]! / sum(hourly);
          // Of the visits that were expected or that came, whichever were more.
          expect(spent / total, `hour ${hour}`).toBeLessThan(
            2 * Math.max(planned, requests[hour]! / traffic),
          );
        }
      }
    },
  );

  test.each([3, 12, 20])(
    'a surge of five times the visits at %i:00 gets what the plan has for the hour',
    (at) => {
      const requests = surge(at, 5);
      for (let seed = 1; seed <= 5; seed++) {
        const { spentMicros, byHour } = replayDay(plan(budget), { requests, ...clicks }, randomStream(seed));
        expect(spentMicros).toBeGreaterThan(0.99 * budget);
        // Of the visits that came, although the surge makes the share of every other hour smaller.
        for (const [hour, spent] of byHour.entries()) {
          expect(spent / spentMicros, `hour ${hour}`).toBeLessThan(2 * (requests[hour]! / sum(requests)));
        }
      }
    },
  );
});

test('few dear clicks are spread over the day, and spent to the last that fits', () => {
  const dear = { clickMicros: 10_000_000, clickProbability: 0.01, delayMs: 45_000 };
  for (let seed = 1; seed <= 5; seed++) {
    const { spentMicros: total, byHour } = replayDay(
      plan(500_000_000),
      { requests: usual, ...dear },
      randomStream(seed),
    );
    expect(total).toBeGreaterThan(500_000_000 - 1.5 * dear.clickMicros);
    expect(sum(byHour.slice(0, 12)) / total).toBeGreaterThan(0.2);
    expect(sum(byHour.slice(12)) / total).toBeGreaterThan(0.4);
  }
});

test('a campaign whose demand is below its budget takes part in every auction', () => {
  const { spentMicros: total, participations } = replayDay(plan(100 * budget), { requests: usual, ...clicks }, randomStream(1)); // prettier-ignore
  expect(total).toBeLessThan(100 * budget);
  for (const each of participations.slice(120)) expect(each).toBe(1);
});

test('sits out once the budget is spent, and where an hour has its share, until the next', () => {
  const even = plan(
    24_000,
    Array.from({ length: 24 }, () => 1),
  );
  let state = startPacing(even, start);
  state = pace(even, state, start + 10 * minuteMs, 1_499);
  expect(state.participation).toBeGreaterThan(0);
  state = pace(even, state, start + 20 * minuteMs, 1_500);
  expect(state.participation).toBe(0);
  state = pace(even, state, start + hourMs, 1_500);
  expect(state.participation).toBeGreaterThan(0);
  expect(pace(even, state, start + 2 * hourMs, 24_000).participation).toBe(0);
});

test('steps between two charges of one moment leave the rate as it is', () => {
  const state = startPacing(plan(1_000_000), start, 0, 0.5);
  const soon = pace(plan(1_000_000), state, start + 1, 2_000);
  expect(soon.rate).toBe(0.5);
  // Clocks may be set back.
  expect(pace(plan(1_000_000), soon, start - hourMs, 2_000)).toEqual(soon);
});

test('the last minutes may spend the rest of the budget at once', () => {
  const late = start + 24 * hourMs - 2 * minuteMs;
  const state = startPacing(plan(1_000_000), late - 10 * minuteMs, 0, 1e-3);
  expect(pace(plan(1_000_000), state, late, 0).participation).toBe(1);
});

test('refuses a plan without a share for each hour', () => {
  expect(() => startPacing({ ...plan(1), traffic: [1] }, start)).toThrow('traffic');
  expect(() => startPacing({ ...plan(1), endMs: start }, start)).toThrow('endMs');
});

describe('the day of a budget', () => {
  const clock = new ZoneClock();
  const iso = (ms: number): string => new Date(ms).toISOString();
  test.each([
    ['UTC', '2026-06-10T00:00:00Z', '2026-06-10T00:00:00.000Z', '2026-06-11T00:00:00.000Z'],
    ['UTC', '2026-06-10T23:59:59.999Z', '2026-06-10T00:00:00.000Z', '2026-06-11T00:00:00.000Z'],
    ['Asia/Kolkata', '2026-06-10T00:00:00Z', '2026-06-09T18:30:00.000Z', '2026-06-10T18:30:00.000Z'],
    ['Europe/Berlin', '2026-03-29T12:00:00Z', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    ['Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
    // Clocks go from 24:00 to 23:00.
    ['Asia/Beirut', '2026-10-24T21:30:00Z', '2026-10-23T21:00:00.000Z', '2026-10-24T22:00:00.000Z'],
    // The day begins at 1:00.
    ['Asia/Beirut', '2026-03-28T22:00:00Z', '2026-03-28T22:00:00.000Z', '2026-03-29T21:00:00.000Z'],
  ])('in %s at %s is from %s until %s', (zone, at, from, until) => {
    const day = campaignDay(Date.parse(at), zone, clock);
    expect([iso(day.startMs), iso(day.endMs)]).toEqual([from, until]);
  });

  test('has the traffic of its own hours: 23, 25, or half ones', () => {
    const ends = Array.from({ length: 24 }, (_, hour) => (hour === 2 ? 5 : hour === 23 ? 10 : 1));
    const traffic = (at: string, zone: string): Float64Array =>
      dayTraffic(campaignDay(Date.parse(at), zone, clock), zone, ends, clock);
    const plain = traffic('2026-06-10T00:00:00Z', 'Europe/Berlin');
    expect(plain).toHaveLength(24);
    expect(plain[23]! / plain[0]!).toBeCloseTo(10);
    const short = traffic('2026-03-29T12:00:00Z', 'Europe/Berlin');
    expect(short).toHaveLength(23);
    expect(short[2]! / short[0]!).toBeCloseTo(1);
    const long = traffic('2026-10-25T12:00:00Z', 'Europe/Berlin');
    expect(long).toHaveLength(25);
    expect([long[2]! / long[0]!, long[3]! / long[0]!]).toEqual([5, 5]);
    // 24.5 hours.
    expect(traffic('2026-04-05T00:00:00Z', 'Australia/Lord_Howe')).toHaveLength(25);
    for (const each of [plain, short, long]) expect(sum(each)).toBeCloseTo(1, 12);
    expect(() => dayTraffic(campaignDay(0, 'UTC', clock), 'UTC', [1], clock)).toThrow('24');
  });
});
