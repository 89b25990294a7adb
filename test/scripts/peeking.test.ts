import { expect, test } from 'vitest';
import { peek } from '../../scripts/studies/peeking/simulate.ts';

test('daily looks at equal arms raise few false alarms with always-valid p-values, and many without', () => {
  const clicks = (unit: () => number, lift: number) => {
    return { numerator: Number(unit() < 0.1 * (1 + lift)), denominator: 1, covariate: 0 };
  };
  const { naive, once, always } = peek(clicks, 0, 1, 300, 40, 3);
  // 5 % of 300, plus five standard errors.
  expect(always).toBeLessThan(0.05 + 5 * 0.0126);
  expect(once).toBeLessThan(0.05 + 5 * 0.0126);
  expect(naive).toBeGreaterThan(0.15);
  expect(peek(clicks, 1, 1, 30, 40, 3).always).toBeGreaterThan(0.7);
});
