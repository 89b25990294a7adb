import fc from 'fast-check';
import { expect, test } from 'vitest';
import { noDecay, recencyWeights } from '../../engine/index.ts';

const day = 86_400_000;
const saves = (...days: (number | null)[]) =>
  days.map((each, pin) => ({ pin, savedAt: each === null ? null : each * day }));
const someDays = fc.array(fc.option(fc.nat(6)), { minLength: 1, maxLength: 12 });

test('orderDecay weighs each save by the number of newer ones, saves of one moment alike', () => {
  const weights = recencyWeights(saves(3, 9, 5, 9, null), 15, { ...noDecay, orderDecay: 0.5 }, Infinity);
  // Two newest of rank 0, then ranks 2 and 3; the save without a time counts as the oldest, on day 3.
  const shares = [1 / 8, 1, 1 / 4, 1, 1 / 8];
  expect(weights).toEqual(shares.map((share) => (15 * share) / 2.5));
});

test('halfLifeDays and orderDecay multiply', () => {
  const weights = recencyWeights(saves(0, 10), 1, { halfLifeDays: 10, orderDecay: 0.5 }, Infinity);
  expect(weights).toEqual([1 / 5, 4 / 5]);
});

test('weights depend on order alone without a half-life, and on neither when both are off', () => {
  fc.assert(
    fc.property(someDays, fc.double({ min: 0.01, max: 1, noNaN: true }), (days, orderDecay) => {
      const ofOrder = (some: (number | null)[]): number[] =>
        recencyWeights(saves(...some), 1, { ...noDecay, orderDecay }, Infinity);
      expect(ofOrder(days.map((each) => (each === null ? null : 3 * each ** 2 + 1)))).toEqual(ofOrder(days));
      const reversed = ofOrder(days.toReversed()).toReversed();
      for (const [i, weight] of ofOrder(days).entries()) expect(reversed[i]).toBeCloseTo(weight, 12);
      const equal = recencyWeights(saves(...days), 1, noDecay, Infinity);
      expect(equal).toEqual(days.map(() => 1 / days.length));
    }),
  );
});

test('a save dated in the future counts as one of now, and without times all saves weigh the same', () => {
  const recency = { halfLifeDays: 10, orderDecay: 0.5 };
  expect(recencyWeights(saves(10, 99, 0), 1, recency, 10 * day)).toEqual(
    recencyWeights(saves(10, 10, 0), 1, recency, Infinity),
  );
  expect(recencyWeights(saves(null, null), 1, recency, Infinity)).toEqual([0.5, 0.5]);
});
