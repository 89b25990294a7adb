import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PinCommunities, type ScoredPin, diversify, intraListDiversity } from '../../engine/index.ts';
import { numberIn } from '../scores.ts';

const communitiesOf = (...levels: number[][]): PinCommunities => ({
  levels: levels.length,
  pinCount: levels[0]?.length ?? 0,
  pins: Int32Array.from(levels.flat()),
});
/** Pins 0 and 1 share a community at both levels, pin 2 with them at the coarse one; pins 3 and 4 share both. */
const five = communitiesOf([0, 0, 1, 2, 2], [0, 0, 0, 1, 1]);
const ranked: readonly ScoredPin[] = [10, 9, 8, 4, 2].map((score, pin) => ({ pin, score }));
const pinsOf = (list: readonly ScoredPin[]): number[] => list.map(({ pin }) => pin);

/** Maximal marginal relevance by definition: everything is recomputed for every rank. */
function naive(
  list: readonly ScoredPin[],
  k: number,
  diversity: number,
  communities: PinCommunities,
): number[] {
  const chosen: ScoredPin[] = [];
  while (chosen.length < Math.min(k, list.length)) {
    const marginals = list.map((item) => {
      if (chosen.includes(item)) return -Infinity;
      const similarities = chosen.map((other) => similarity(communities, item.pin, other.pin));
      return (1 - diversity) * (item.score / list[0]!.score) - diversity * Math.max(0, ...similarities);
    });
    chosen.push(list[marginals.indexOf(Math.max(...marginals))]!);
  }
  return pinsOf(chosen);
}

/** Of two pins: 1 − the diversity of a list of both. */
const similarity = (communities: PinCommunities, a: number, b: number): number =>
  1 - intraListDiversity([a, b], communities);

test('diversify equals a naive implementation of maximal marginal relevance', () => {
  const lists = fc.uniqueArray(fc.record({ pin: fc.nat(14), score: fc.integer({ min: 1, max: 100 }) }), {
    selector: ({ pin }) => pin,
    minLength: 1,
    size: 'max',
    maxLength: 15,
  });
  const levels = fc.array(fc.array(fc.nat(4), { minLength: 15, maxLength: 15 }), {
    minLength: 1,
    maxLength: 4,
  });
  const diversities = fc.oneof(fc.constantFrom(0, 0.5, 1), numberIn(0, 1));
  fc.assert(
    fc.property(lists, levels, fc.nat(16), diversities, (list, groups, k, diversity) => {
      const sorted = list.toSorted((a, b) => b.score - a.score || a.pin - b.pin);
      const communities = communitiesOf(...groups);
      const chosen = diversify(sorted, k, diversity, communities);
      expect(pinsOf(chosen)).toEqual(naive(sorted, k, diversity, communities));
      for (const item of chosen) expect(sorted).toContain(item);
    }),
    { numRuns: 300 },
  );
});

test('diversify keeps the order at 0, and considers communities only at 1', () => {
  expect(diversify(ranked, 3, 0, five)).toEqual(ranked.slice(0, 3));
  // Pin 0 first; 3 and 4 have similarity 0 to it, then pin 2 has 1/2; ties keep the order.
  expect(pinsOf(diversify(ranked, 5, 1, five))).toEqual([0, 3, 2, 1, 4]);
});

test('diversify equals examples worked by hand', () => {
  // After pin 0: pin 1 has 0.45 − 0.5, pin 2 0.4 − 0.25, pin 3 0.2 − 0, pin 4 0.1 − 0: pin 3.
  // Then pin 4 has 0.1 − 0.5 and pin 2 still 0.15: pin 2. Then pin 1 with −0.05 before pin 4 with −0.4.
  expect(pinsOf(diversify(ranked, 5, 0.5, five))).toEqual([0, 3, 2, 1, 4]);
  expect(pinsOf(diversify(ranked, 5, 0.2, five))).toEqual([0, 2, 1, 3, 4]);
});

test('diversify accepts short and empty lists, negative scores, and pins newer than the communities', () => {
  expect(diversify([], 5, 0.5, five)).toEqual([]);
  expect(diversify(ranked, 0, 0.5, five)).toEqual([]);
  expect(diversify(ranked.slice(0, 2), 5, 0.5, five)).toHaveLength(2);
  const negative = [-1, -2, -3].map((score, pin) => ({ pin, score }));
  expect(pinsOf(diversify(negative, 3, 0.1, five))).toEqual([0, 1, 2]);
  expect(
    pinsOf(
      diversify(
        [
          { pin: 0, score: 0 },
          { pin: 3, score: -1 },
        ],
        2,
        0.5,
        five,
      ),
    ),
  ).toEqual([0, 3]);
  expect(similarity(five, 0, 9)).toBe(0);
  expect(similarity({ levels: 0, pinCount: 0, pins: new Int32Array(0) }, 0, 1)).toBe(0);
});

test.each([-0.1, 1.1, NaN, Infinity])('diversify rejects diversity %d', (diversity) => {
  expect(() => diversify(ranked, 3, diversity, five)).toThrow(
    expect.objectContaining({ code: 'invalid-parameter', field: 'diversity' }),
  );
});

test('intra-list diversity is the mean of 1 − similarity over all pairs', () => {
  expect(similarity(five, 0, 1)).toBe(1);
  expect(similarity(five, 0, 2)).toBe(0.5);
  expect(similarity(five, 2, 3)).toBe(0);
  // Pairs 0-1: 0, 0-2: 1/2, 1-2: 1/2, and each of them with 3: 1.
  expect(intraListDiversity([0, 1, 2], five)).toBeCloseTo(1 / 3, 15);
  expect(intraListDiversity([0, 1, 2, 3], five)).toBeCloseTo(4 / 6, 15);
  expect(intraListDiversity([3], five)).toBe(0);
  expect(intraListDiversity([], five)).toBe(0);
});
