import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bestHour,
  hourShares,
  nextUnit,
  randomStream,
  ruleAgainst,
  sendRules,
} from '../../../engine/index.ts';
import { decideSend } from '../../../engine/notify/explore-sends.ts';
import { sendValue } from '../../../engine/notify/send-value.ts';

const hourMs = 3_600_000;

describe('the value of a notification', () => {
  const prediction = { open: 0.1, openWithOneFewer: 0.1, unsubscribe: 0, sentOfWeek: 0 };

  test('sums up to what a week earns', () => {
    const rates = [0.2, 0.18, 0.15, 0.11, 0.1];
    let earned = 0;
    for (let k = 0; k < rates.length; k++) {
      const openWithOneFewer = rates[Math.max(0, k - 1)]!;
      earned += sendValue({ open: rates[k]!, openWithOneFewer, unsubscribe: 0, sentOfWeek: k }, 10);
      expect(earned).toBeCloseTo((k + 1) * rates[k]!, 12);
    }
  });

  test('falls by the cost of unsubscribing, and does not rise with a rate that rises by chance', () => {
    expect(sendValue({ ...prediction, unsubscribe: 0.004 }, 10)).toBeCloseTo(0.06, 12);
    expect(sendValue({ ...prediction, openWithOneFewer: 0.05, sentOfWeek: 3 }, 10)).toBe(0.1);
  });

  test('one threshold for all chooses as well as any choice of as many notifications', () => {
    const curve = fc.tuple(
      fc.double({ min: 0.01, max: 0.5, noNaN: true }),
      fc.double({ min: 0, max: 0.4, noNaN: true }),
    );
    fc.assert(
      fc.property(
        fc.array(curve, { minLength: 2, maxLength: 4 }),
        fc.double({ min: 0, max: 0.4, noNaN: true }),
        (people, price) => {
          // p(k) = rate · (1 − tired · (k − 1)), so that a week earns a concave function of k.
          const rateOf = ([rate, tired]: readonly [number, number], k: number): number =>
            rate * Math.max(0, 1 - tired * (k - 1));
          const most = 3;
          const earns = people.map((person) =>
            Array.from({ length: most + 1 }, (_, k) => {
              let total = 0;
              for (let i = 1; i <= k; i++) {
                const openWithOneFewer = rateOf(person, Math.max(1, i - 1));
                total += sendValue(
                  { open: rateOf(person, i), openWithOneFewer, unsubscribe: 0, sentOfWeek: i - 1 },
                  0,
                );
              }
              return total;
            }),
          );
          const chosen = earns.map((totals) => {
            let k = 0;
            while (k < most && totals[k + 1]! - totals[k]! > price) k++;
            return k;
          });
          const earned = chosen.reduce((sum, k, i) => sum + earns[i]![k]!, 0);
          const volume = chosen.reduce((sum, k) => sum + k, 0);
          const best = (from: number, left: number): number =>
            from === people.length
              ? left === 0
                ? 0
                : -Infinity
              : Math.max(
                  ...earns[from]!.map((total, k) =>
                    k > left ? -Infinity : total + best(from + 1, left - k),
                  ),
                );
          expect(earned).toBeGreaterThanOrEqual(best(0, volume) - 1e-12);
        },
      ),
    );
  });
});

describe('limits of one person', () => {
  const rules = sendRules({ perDay: 2, perWeek: 4, minGapHours: 3 });

  test('are never exceeded in any window, and forbid nothing else', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 80 }), (gaps) => {
        const sentAt: number[] = [];
        let now = 0;
        for (const gap of gaps) {
          now += gap * hourMs;
          const next = [...sentAt, now];
          const isWithin = (hours: number, most: number): boolean =>
            next.every(
              (end) => next.filter((each) => each <= end && end - each < hours * hourMs).length <= most,
            );
          const isApart = sentAt.length === 0 || now - sentAt.at(-1)! >= 3 * hourMs;
          const isAllowed = ruleAgainst(sentAt, now, rules) === undefined;
          expect(isAllowed).toBe(isApart && isWithin(24, 2) && isWithin(168, 4));
          if (isAllowed) sentAt.push(now);
        }
      }),
    );
  });

  test('name the rule', () => {
    const at = (...hours: number[]): number[] => hours.map((hour) => hour * hourMs);
    expect(ruleAgainst(at(0), 2 * hourMs, rules)).toBe('minimum-gap');
    expect(ruleAgainst(at(0, 4), 10 * hourMs, rules)).toBe('daily-cap');
    expect(ruleAgainst(at(0, 30, 60, 90), 120 * hourMs, rules)).toBe('weekly-cap');
    expect(ruleAgainst(at(0, 30, 60, 90), 168 * hourMs, rules)).toBeUndefined();
  });

  test('refuse impossible figures', () => {
    expect(() => sendRules({ perWeek: 0 })).toThrow('perWeek');
  });
});

describe('hours', () => {
  const none = Array.from({ length: 24 }, () => 0);
  const at = (hour: number, count: number): number[] => none.with(hour, count);

  test('a person without events has the hours of all, and everybody the same ones where nobody has any', () => {
    for (const [hour, share] of hourShares(none, at(20, 50), 10).entries()) {
      expect(share).toBeCloseTo(hourShares(at(20, 100), none, 1e-9)[hour]!, 6);
    }
    for (const share of hourShares(none, none, 10)) expect(share).toBeCloseTo(1 / 24, 12);
  });

  test("a person's own hour wins once their events outweigh the prior", () => {
    expect(bestHour(hourShares(at(7, 2), at(20, 500), 10))).toBe(20);
    expect(bestHour(hourShares(at(7, 30), at(20, 500), 10))).toBe(7);
  });

  test('shares sum to 1, and are smoothed over midnight', () => {
    const shares = hourShares(at(0, 9), none, 1e-9);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(shares[23]).toBeCloseTo(2 / 9, 6);
    expect(shares[1]).toBeCloseTo(2 / 9, 6);
    expect(shares[12]).toBeCloseTo(0, 6);
  });

  test('an hour that is not allowed is never chosen', () => {
    const shares = hourShares(at(3, 30), none, 1);
    expect(bestHour(shares, (hour) => hour >= 8 && hour < 22)).toBe(8);
    expect(bestHour(shares, () => false)).toBe(-1);
  });
});

describe('exploring', () => {
  const settings = { share: 0.2, sendShare: 0.3, isSpent: false };

  test.each([true, false])('propensities are the frequencies of decisions (worth it: %s)', (isWorthIt) => {
    const stream = randomStream(5);
    let sent = 0;
    const draws = 20_000;
    const propensities = new Set<string>();
    for (let i = 0; i < draws; i++) {
      const { isSent, propensity } = decideSend(isWorthIt, settings, nextUnit(stream));
      sent += Number(isSent);
      propensities.add(`${isSent} ${propensity.toFixed(12)}`);
    }
    const sending = isWorthIt ? 0.86 : 0.06;
    expect(Math.abs(sent / draws - sending)).toBeLessThan(0.012);
    expect([...propensities].toSorted()).toEqual([
      `false ${(1 - sending).toFixed(12)}`,
      `true ${sending.toFixed(12)}`,
    ]);
  });

  test('weighted by propensity, a log estimates the gain of sending to everybody', () => {
    const stream = randomStream(6);
    let [weighed, count, plain] = [0, 40_000, 0];
    for (let i = 0; i < count; i++) {
      const value = nextUnit(stream);
      const { isSent, propensity } = decideSend(value > 0.7, settings, nextUnit(stream));
      if (isSent) weighed += value / propensity;
      if (isSent) plain += value;
    }
    expect(weighed / count).toBeCloseTo(0.5, 1);
    expect(plain / count).toBeLessThan(0.3);
  });

  test('a spent budget holds back with certainty', () => {
    expect(decideSend(true, { ...settings, isSpent: true }, 0)).toEqual({
      isSent: false,
      propensity: 1,
      isExplored: false,
    });
  });
});
