import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type RandomStream,
  VolumeControl,
  type VolumeState,
  nextUnit,
  randomStream,
} from '../../../engine/index.ts';

const people = 2_000;

interface Week {
  readonly sent: number;
  /** Of all offers, in their order. */
  readonly values: readonly number[];
  readonly chosen: readonly number[];
  readonly state: VolumeState;
}

/** Seven days of offers; `valueOf` draws what the next one is worth; undefined: a person is not offered anything. */
function weekOf(
  budget: number,
  valueOf: (unit: () => number, day: number, week: number) => number | undefined,
  stream: RandomStream,
  state?: VolumeState,
  ordinal = 0,
): Week {
  const volume = new VolumeControl(budget, state);
  const [values, chosen]: number[][] = [[], []];
  for (let day = 0; day < 7; day++) {
    volume.startDay(day / 7);
    for (let person = 0; person < people; person++) {
      const value = valueOf(() => nextUnit(stream), day, ordinal);
      if (value === undefined) continue;
      const isSent = value > volume.threshold((day + person / people) / 7);
      volume.offered(value, isSent);
      values!.push(value);
      if (isSent) chosen!.push(value);
    }
  }
  return { sent: chosen!.length, values: values!, chosen: chosen!, state: volume.state };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('a week of offers', () => {
  test.each([
    ['of any spread', (unit: () => number) => unit() ** 3],
    ['that are nearly alike', (unit: () => number) => 0.05 + 1e-6 * unit()],
    [
      'that are worth more at the weekend',
      (unit: () => number, day: number) => unit() ** 3 * (day > 4 ? 1.5 : 1),
    ],
    ['that are worth less every day', (unit: () => number, day: number) => unit() ** 3 * 0.9 ** day],
    ['of which most are worth nothing', (unit: () => number) => unit() - 0.6],
    [
      'that become fewer every day, as caps fill',
      (unit: () => number, day: number) => (unit() < 0.06 * day ? undefined : unit() ** 3),
    ],
    [
      'that become fewer every day of the second week alone',
      (unit: () => number, day: number, week: number) =>
        week === 1 && unit() < 0.09 * day ? undefined : unit() ** 3,
    ],
    ['of which fewer are worth anything every day', (unit: () => number, day: number) => unit() - 0.08 * day],
    [
      'that lose most of their worth on the last two days, as a model has learned',
      (unit: () => number, day: number) => (day < 5 ? unit() : 0.1 * (unit() - 0.4)),
    ],
  ])('%s stays within a hundredth of its budget, and never above it', (_, valueOf) => {
    for (const budget of [500, 2_000, 5_000]) {
      const stream = randomStream(budget);
      let week: Week | undefined;
      for (let i = 0; i < 4; i++) {
        week = weekOf(budget, valueOf, stream, week?.state, i);
        expect(week.sent).toBeLessThanOrEqual(budget);
        expect(week.sent).toBeGreaterThanOrEqual(0.99 * budget);
      }
    }
  });

  test('earns nearly as much as the best offers of the week, known in advance', () => {
    const stream = randomStream(7);
    const first = weekOf(2_000, (unit) => unit() ** 3, stream);
    const { values, chosen } = weekOf(2_000, (unit) => unit() ** 3, stream, first.state);
    const best = values.toSorted((a, b) => b - a).slice(0, 2_000);
    expect(sum(chosen)).toBeGreaterThan(0.98 * sum(best));
  });

  test('sends nothing that is worth nothing, whatever the budget', () => {
    const { sent, values } = weekOf(10_000, (unit) => unit() - 0.9, randomStream(3));
    expect(sent).toBeLessThanOrEqual(values.filter((value) => value > 0).length);
  });
});

test('a budget of any size is kept, whatever the offers', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 50 }),
      fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 300 }),
      (budget, values) => {
        const volume = new VolumeControl(budget);
        let sent = 0;
        for (const [i, value] of values.entries()) {
          const isSent = value > volume.threshold(i / values.length);
          volume.offered(value, isSent);
          sent += Number(isSent);
        }
        expect(sent).toBeLessThanOrEqual(budget);
        expect(volume.isSpent).toBe(sent >= budget);
      },
    ),
  );
});

test('a budget that is enough for everybody holds nobody back, from the first offer of all on', () => {
  for (const count of [1, 3, 16, 101]) {
    const volume = new VolumeControl(7 * count);
    for (let day = 0; day < 7; day++) {
      volume.startDay(day / 7);
      for (let i = 0; i < count; i++) {
        // A single person, too: the rest of a day belongs to its last offer.
        expect(0.05).toBeGreaterThan(volume.threshold((day + i / count) / 7));
        volume.offered(0.05, true);
      }
    }
  }
});

test('a state of other bins is refused', () => {
  expect(() => new VolumeControl(1, { bins: [1], offers: 1, elapsed: 1 })).toThrow('bins');
});
