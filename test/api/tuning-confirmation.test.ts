import { expect, test } from 'vitest';
import { confirm, isConfirmed } from '../../api/offline/tune-presets/confirm.ts';
import { nextUnit, randomStream } from '../../engine/index.ts';

const random = randomStream(5);
const column = (mean: number): Float64Array =>
  Float64Array.from({ length: 400 }, () => mean + nextUnit(random));
const byDefault = { ndcg: column(0), recall: column(0) };
const isBetter = (ndcg: Float64Array, recall: Float64Array): boolean =>
  isConfirmed(confirm(byDefault, { ndcg, recall }, 0.98, 1));

test('a choice is confirmed only where NDCG is certainly higher and recall not certainly lower', () => {
  expect(isBetter(column(0.3), column(0.3))).toBe(true);
  expect(isBetter(column(0.3), column(0))).toBe(true);
  expect(isBetter(column(0), column(0.3))).toBe(false);
  expect(isBetter(column(0.3), column(-0.3))).toBe(false);
  expect(isBetter(byDefault.ndcg, byDefault.recall)).toBe(false);
  // Higher, but by less than chance makes it.
  expect(isBetter(column(0.02), column(0.02))).toBe(false);
});

test('a confirmation has the means of both settings and the interval of their difference', () => {
  const chosen = { ndcg: byDefault.ndcg.map((value) => value + 0.25), recall: byDefault.recall };
  const { ndcg, recall, confidence } = confirm(byDefault, chosen, 0.98, 1);
  expect(confidence).toBe(0.98);
  expect(ndcg.chosen - ndcg.byDefault).toBeCloseTo(0.25, 10);
  expect([ndcg.interval.low, ndcg.difference, ndcg.interval.high]).toEqual(
    Array(3).fill(expect.closeTo(0.25, 10)),
  );
  expect(recall).toMatchObject({ difference: 0, interval: { low: 0, high: 0 } });
});
