import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { listQuality } from '../../engine/metrics/list-quality.ts';
import { accuracyMetrics } from '../../engine/index.ts';

const someList = fc.uniqueArray(fc.nat(30), { maxLength: 12 });
const someRelevant = fc.uniqueArray(fc.nat(30), { minLength: 1, maxLength: 15 });
const someK = fc.integer({ min: 1, max: 15 });

describe('accuracy metrics of a list', () => {
  const log2 = Math.log2;
  test.each([
    ['an ideal list', [1, 2], [1, 2], 5, { recall: 1, ndcg: 1, hitRate: 1 }],
    ['no hit', [3, 4], [1], 5, { recall: 0, ndcg: 0, hitRate: 0 }],
    ['a hit at rank 2', [3, 1], [1], 2, { recall: 1, ndcg: 1 / log2(3), hitRate: 1 }],
    ['a hit beyond k', [3, 4, 1], [1], 2, { recall: 0, ndcg: 0, hitRate: 0 }],
    // Hits at ranks 1 and 3; the ideal list has three, at ranks 1, 2 and 3.
    [
      'two hits of three',
      [7, 8, 9],
      [7, 9, 5],
      3,
      { recall: 2 / 3, ndcg: (1 + 1 / 2) / (1 + 1 / log2(3) + 1 / 2), hitRate: 1 },
    ],
    // Recall counts all four relevant pins, the ideal gain two hits.
    ['more relevant pins than k', [1, 2], [1, 2, 3, 4], 2, { recall: 1 / 2, ndcg: 1, hitRate: 1 }],
    ['a list shorter than k', [1], [1, 2], 10, { recall: 1 / 2, ndcg: 1 / (1 + 1 / log2(3)), hitRate: 1 }],
    ['an empty list', [], [1], 10, { recall: 0, ndcg: 0, hitRate: 0 }],
  ])('accuracy metrics equal examples worked by hand: %s', (_, recommended, relevant, k, expected) => {
    const quality = listQuality(recommended, new Set(relevant), k);
    expect(quality.recall).toBeCloseTo(expected.recall, 14);
    expect(quality.ndcg).toBeCloseTo(expected.ndcg, 14);
    expect(quality.hitRate).toBe(expected.hitRate);
  });

  test('accuracy metrics require a relevant pin and a positive integer k', () => {
    expect(() => listQuality([1], new Set(), 5)).toThrow(expect.objectContaining({ field: 'relevant' }));
    for (const k of [0, -1, 1.5, NaN]) {
      expect(() => listQuality([1], new Set([1]), k)).toThrow(expect.objectContaining({ field: 'k' }));
    }
  });

  test('all accuracy metrics equal an example worked by hand', () => {
    // Hits at ranks 2 and 4 of five; three pins are relevant.
    const quality = listQuality([9, 1, 8, 2, 7], new Set([1, 2, 3]), 5);
    expect(quality).toEqual({
      recall: 2 / 3,
      precision: 2 / 5,
      ndcg: expect.closeTo((1 / Math.log2(3) + 1 / Math.log2(5)) / (1 + 1 / Math.log2(3) + 1 / 2), 14),
      map: expect.closeTo((1 / 2 + 2 / 4) / 3, 14),
      mrr: 1 / 2,
      hitRate: 1,
      f1: 4 / 8,
    });
  });

  test('accuracy metrics are in [0, 1], 1 for an ideal list and 0 for one without hits', () => {
    fc.assert(
      fc.property(someList, someRelevant, someK, (list, relevant, k) => {
        const isRelevant = new Set(relevant);
        const quality = listQuality(list, isRelevant, k);
        for (const metric of accuracyMetrics) {
          expect(quality[metric]).toBeGreaterThanOrEqual(0);
          expect(quality[metric]).toBeLessThanOrEqual(1 + 1e-12);
        }
        const ideal = listQuality(
          [...relevant, ...list.filter((pin) => !isRelevant.has(pin))],
          isRelevant,
          k,
        );
        for (const metric of ['ndcg', 'map', 'mrr', 'hitRate'] as const) {
          expect(ideal[metric]).toBeCloseTo(1, 12);
        }
        expect(ideal.recall).toBeCloseTo(Math.min(k / relevant.length, 1), 12);
        expect(ideal.precision).toBeCloseTo(Math.min(relevant.length / k, 1), 12);
        const worst = listQuality(
          list.map((pin) => pin + 100),
          isRelevant,
          k,
        );
        expect(Object.values(worst).every((value) => value === 0)).toBe(true);
      }),
    );
  });

  test('accuracy metrics increase when a hit moves up if they depend on ranks, and stay the same if not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), (position) => {
        const list = Array.from({ length: 10 }, (_, i) => (i === position ? 1 : 100 + i));
        const moved = list.with(position, list[position - 1]!).with(position - 1, 1);
        const [before, after] = [list, moved].map((pins) => listQuality(pins, new Set([1, 2]), 10));
        for (const metric of ['ndcg', 'map', 'mrr'] as const) {
          expect(after![metric]).toBeGreaterThan(before![metric]);
        }
        for (const metric of ['recall', 'precision', 'hitRate', 'f1'] as const) {
          expect(after![metric]).toBe(before![metric]);
        }
      }),
    );
  });
});
