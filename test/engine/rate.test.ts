import { expect, test } from 'vitest';
import { nextUnit, randomStream, rateOf, ratioOf } from '../../engine/index.ts';

const groups = 64;

/** Shares of simulated logs whose interval contains the true rate: people differ in how often they click. */
function coverage(isClustered: boolean): { clustered: number; wilson: number } {
  const random = randomStream(7);
  const [truth, runs, people, each] = [0.1, 400, 640, 30];
  let [clustered, wilson] = [0, 0];
  for (let run = 0; run < runs; run++) {
    const shown = new Float64Array(groups);
    const acted = new Float64Array(groups);
    for (let person = 0; person < people; person++) {
      // A person clicks on 0 or on 40 %: 10 % on average.
      const own = isClustered ? (nextUnit(random) < truth / 0.4 ? 0.4 : 0) : truth;
      const group = person % groups;
      for (let i = 0; i < each; i++) {
        shown[group]!++;
        if (nextUnit(random) < own) acted[group]!++;
      }
    }
    const { low, high } = rateOf(shown, acted, true)!;
    if (low <= truth && truth <= high) clustered++;
    const sum = acted.reduce((a, b) => a + b);
    const independent = rateOf([people * each], [sum], true)!;
    if (independent.low <= truth && truth <= independent.high) wilson++;
  }
  return { clustered: clustered / runs, wilson: wilson / runs };
}

test('intervals by person cover the true rate 95 % of the time, intervals by impression do not', () => {
  const { clustered, wilson } = coverage(true);
  expect(clustered).toBeGreaterThan(0.92);
  expect(clustered).toBeLessThan(0.98);
  expect(wilson).toBeLessThan(0.8);
});

test('intervals of independent impressions cover the true rate, too', () => {
  expect(coverage(false).clustered).toBeGreaterThan(0.93);
});

test("without clustering, the interval is Wilson's", () => {
  // Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E, table I, method 3.
  const { low, high } = rateOf([263], [81], true)!;
  expect([low, high].map((value) => value.toFixed(4))).toEqual(['0.2553', '0.3662']);
  expect(rateOf([29], [1], true)!.low).toBeCloseTo(0.0061, 4);
  expect(rateOf([20], [0], true)!.high).toBeCloseTo(0.1611, 4);
});

test('no rate without impressions; none per impression for a single group', () => {
  expect(rateOf([0, 0], [0, 0], true)).toBeUndefined();
  expect(rateOf([5, 0], [9, 0], false)).toBeUndefined();
  const { rate, low, high } = rateOf([5, 5], [9, 11], false)!;
  expect(rate).toBe(2);
  expect(low).toBeLessThan(2);
  expect(high).toBeGreaterThan(2);
});

test('intervals of a ratio of rates cover the true one, also where the same people are in both', () => {
  const random = randomStream(11);
  const [truth, runs, people, each] = [0.6, 400, 640, 20];
  let [covered, width] = [0, 0];
  for (let run = 0; run < runs; run++) {
    const [one, other] = [0, 0].map(() => {
      return { shown: new Float64Array(groups), acted: new Float64Array(groups) };
    });
    for (let person = 0; person < people; person++) {
      const own = nextUnit(random) < 0.25 ? 0.4 : 0.05;
      for (const [sums, factor] of [
        [one!, truth],
        [other!, 1],
      ] as const) {
        for (let i = 0; i < each; i++) {
          sums.shown[person % groups]!++;
          if (nextUnit(random) < factor * own) sums.acted[person % groups]!++;
        }
      }
    }
    const { ratio, low, high } = ratioOf(one!, other!)!;
    if (low <= truth && truth <= high) covered++;
    width += (high - low) / ratio / runs;
  }
  expect(covered / runs).toBeGreaterThan(0.92);
  expect(covered / runs).toBeLessThan(0.98);
  // 12,800 impressions each: as narrow as two independent binomials of these rates, since what people share cancels out.
  expect(width).toBeLessThan(0.2);
});

test('the ratio of equal rates is 1 for certain; none of a rate of 0, or of one group', () => {
  const sums = { shown: [10, 20, 30], acted: [1, 5, 6] };
  expect(ratioOf(sums, sums)).toEqual({ ratio: 1, low: 1, high: 1 });
  expect(ratioOf(sums, { shown: [10, 20, 30], acted: [0, 0, 0] })).toBeUndefined();
  expect(ratioOf({ shown: [0, 0], acted: [0, 0] }, { shown: [1, 1], acted: [1, 1] })).toBeUndefined();
  expect(ratioOf({ shown: [9], acted: [3] }, { shown: [9], acted: [6] })).toBeUndefined();
});
