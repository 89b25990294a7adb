import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PinCommunities, type ScoredPin, calibrate } from '../../engine/rank/index.ts';

const pinCount = 12;
const communities = (topics: readonly number[]): PinCommunities => {
  return { levels: 1, pinCount, pins: Int32Array.from({ length: pinCount }, (_, pin) => topics[pin] ?? 0) };
};

/** The greedy choice of the paper, over all items that are left. */
function naive(
  ranked: readonly ScoredPin[],
  k: number,
  calibration: number,
  query: { pins: readonly number[]; weights: readonly number[] },
  { pins }: PinCommunities,
): ScoredPin[] {
  const total = query.weights.reduce((sum, weight) => sum + weight, 0);
  const share = (topic: number): number =>
    query.pins.reduce((sum, pin, i) => sum + (pins[pin] === topic ? query.weights[i]! / total : 0), 0);
  const divergence = (list: readonly ScoredPin[]): number =>
    [...new Set(query.pins.map((pin) => pins[pin]!))].reduce((sum, topic) => {
      const p = share(topic);
      const q = list.filter(({ pin }) => pins[pin] === topic).length / list.length;
      return sum + p * Math.log(p / (0.99 * q + 0.01 * p));
    }, 0);
  const chosen: ScoredPin[] = [];
  const left = [...ranked];
  while (chosen.length < k && left.length > 0) {
    const gains = left.map((each) => {
      const gain =
        ((1 - calibration) * each.score) / ranked[0]!.score - calibration * divergence([...chosen, each]);
      // Sums in another order differ in their last bits.
      return Math.round(gain * 1e9);
    });
    chosen.push(...left.splice(gains.indexOf(Math.max(...gains)), 1));
  }
  return chosen;
}

test('calibrate chooses as the paper does', () => {
  const list = fc.uniqueArray(fc.nat(pinCount - 1), { minLength: 1 });
  const topics = fc.array(fc.nat(3), { minLength: pinCount, maxLength: pinCount });
  const query = fc.uniqueArray(fc.nat(pinCount - 1), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(list, topics, query, fc.constantFrom(0.1, 0.5, 1), (pins, groups, own, calibration) => {
      const ranked = pins.map((pin, i) => ({ pin, score: 1 / (i + 1) }));
      const weighted = { pins: own, weights: own.map((_, i) => i + 1) };
      const all = communities(groups);
      expect(calibrate(ranked, 5, calibration, weighted, all)).toEqual(
        naive(ranked, 5, calibration, weighted, all),
      );
    }),
  );
});

test('a list has the topics of the query in their shares, and without calibration the order of scores', () => {
  const ranked = [0, 1, 2, 3, 4, 5, 6, 7].map((pin) => ({ pin, score: 8 - pin }));
  const query = { pins: [8, 9, 10, 11], weights: [1, 1, 1, 1] };
  // Three of four query pins are of topic 1, as are the four last items.
  const all = communities([0, 0, 0, 0, 1, 1, 1, 1, 0, 1, 1, 1]);
  const pinsOf = (calibration: number) => calibrate(ranked, 4, calibration, query, all).map(({ pin }) => pin);
  expect(pinsOf(0)).toEqual([0, 1, 2, 3]);
  expect(pinsOf(1).toSorted((a, b) => a - b)).toEqual([0, 4, 5, 6]);
  expect(() => pinsOf(1.5)).toThrow(/calibration/);
});
