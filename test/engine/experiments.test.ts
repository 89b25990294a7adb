import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  Moments,
  type Outcome,
  nextUnit,
  randomStream,
  reportExperiment,
  resampledMeans,
} from '../../engine/index.ts';
import { alwaysValid } from '../../engine/experiments/always-valid.ts';
import { compareArms } from '../../engine/experiments/effect.ts';
import { chiSquareTail, normalTail } from '../../engine/experiments/tails.ts';
import { sampleRatioPValue } from '../../engine/experiments/sample-ratio.ts';

const momentsOf = (outcomes: readonly Outcome[]): Moments => {
  const moments = new Moments();
  for (const outcome of outcomes) moments.add(outcome);
  return moments;
};

const outcomesOf = (
  numerators: readonly number[],
  denominators?: readonly number[],
  covariates?: readonly number[],
) =>
  numerators.map((numerator, i) => {
    return { numerator, denominator: denominators?.[i] ?? 1, covariate: covariates?.[i] ?? 0 };
  });

const numberIn = (min: number, max: number) => fc.double({ min, max, noNaN: true });

test.each([
  [0, 0.5],
  [1, 0.158_655_253_931_457_05],
  [1.959_963_984_540_054, 0.025],
  [2.999, 1.354_336_533_727_107e-3],
  [3, 1.349_898_031_630_094_6e-3],
  [6, 9.865_876_450_376_981e-10],
  [-1, 0.158_655_253_931_457_05],
])('P(Z > |%d|) is %d', (z, tail) => {
  expect(normalTail(z) / tail).toBeCloseTo(1, 9);
});

test.each([
  [3.841_458_820_694_124, 1, 0.05],
  [5.991_464_547_107_979, 2, 0.05],
  [7.814_727_903_251_179, 3, 0.05],
  [18.307_038_053_275_146, 10, 0.05],
  [19.675_137_572_682_495, 11, 0.05],
  [13.815_510_557_964_274, 2, 0.001],
  [-1, 3, 1],
])('P(chi-square > %d) with %d degrees of freedom is %d', (x, degrees, tail) => {
  expect(chiSquareTail(x, degrees) / tail).toBeCloseTo(1, 9);
});

test('means, variances and covariances equal those of two passes, also of values far from 0', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(numberIn(0, 9), numberIn(1, 9), numberIn(-9, 9)), { minLength: 3, maxLength: 60 }),
      fc.constantFrom(0, 1e7),
      (rows, offset) => {
        const moments = momentsOf(
          rows.map(([y, d, x]) => ({ numerator: y, denominator: d, covariate: x + offset })),
        );
        const mean = (values: readonly number[]) =>
          values.reduce((sum, each) => sum + each, 0) / values.length;
        const ratio = mean(rows.map(([y]) => y)) / mean(rows.map(([, d]) => d));
        const residuals = rows.map(([y, d]) => (y - ratio * d) / mean(rows.map((row) => row[1])));
        const covariateMean = mean(rows.map(([, , x]) => x));
        const sum = (term: (i: number) => number) =>
          rows.reduce((total, _, i) => total + term(i), 0) / (rows.length - 1);
        expect(moments.value).toBeCloseTo(ratio, 9);
        expect(moments.variance).toBeCloseTo(
          sum((i) => residuals[i]! ** 2),
          6,
        );
        expect(moments.covarianceWithCovariate).toBeCloseTo(
          sum((i) => residuals[i]! * (rows[i]![2] - covariateMean)),
          6,
        );
        expect(moments.covariateVariance).toBeCloseTo(
          sum((i) => (rows[i]![2] - covariateMean) ** 2),
          6,
        );
      },
    ),
  );
});

test('the standard error of a ratio is that of resampled users, not of impressions', () => {
  const stream = randomStream(5, 1);
  // A few users account for most impressions, and click on most or none of them.
  const rows = Array.from({ length: 2000 }, () => {
    const denominator = Math.ceil(nextUnit(stream) ** -0.4 * 3);
    return { numerator: nextUnit(stream) < 0.2 ? denominator : 0, denominator, covariate: 0 };
  });
  const columns = [rows.map((row) => row.numerator), rows.map((row) => row.denominator)];
  const [numerators, denominators] = resampledMeans(
    columns.map((each) => Float64Array.from(each)),
    2000,
    3,
  );
  const ratios = numerators!.map((each, i) => each / denominators![i]!);
  const mean = ratios.reduce((sum, each) => sum + each, 0) / ratios.length;
  const spread = Math.sqrt(ratios.reduce((sum, each) => sum + (each - mean) ** 2, 0) / ratios.length);
  const moments = momentsOf(rows);
  const standardError = Math.sqrt(moments.variance / moments.users);
  expect(standardError / spread).toBeGreaterThan(0.9);
  expect(standardError / spread).toBeLessThan(1.1);
  const impressions = columns[1]!.reduce((sum, each) => sum + each, 0);
  const asImpressions = Math.sqrt((moments.value * (1 - moments.value)) / impressions);
  expect(asImpressions / spread).toBeLessThan(0.8);
});

test('covariates explain the variance that they cause, and do not move the expected difference', () => {
  const stream = randomStream(9, 1);
  const draw = (lift: number) =>
    Array.from({ length: 4000 }, () => {
      const before = 10 * nextUnit(stream);
      return { numerator: before + nextUnit(stream) + lift, denominator: 1, covariate: before };
    });
  const { raw, adjusted } = compareArms(momentsOf(draw(0)), momentsOf(draw(0.1)), 4000);
  // The variance of a uniform number in [0, 10] is 100 times that of one in [0, 1].
  expect(adjusted!.varianceReduction).toBeCloseTo(100 / 101, 2);
  expect(adjusted!.interval.low).toBeGreaterThan(0);
  expect(adjusted!.interval.high).toBeLessThan(0.15);
  expect(raw.interval.low).toBeLessThan(0);
  const unrelated = (lift: number) =>
    draw(lift).map(({ numerator }) => ({ numerator, denominator: 1, covariate: nextUnit(stream) }));
  const none = compareArms(momentsOf(unrelated(0)), momentsOf(unrelated(0.1)), 4000).adjusted!;
  expect(Math.abs(none.varianceReduction)).toBeLessThan(0.01);
  expect(compareArms(momentsOf(outcomesOf([1, 2])), momentsOf(outcomesOf([2, 4])), 2).adjusted).toBeNull();
});

test('the always-valid p-value is below 0.05 exactly when its interval excludes 0, and is narrowest at the plan', () => {
  fc.assert(
    fc.property(numberIn(-3, 3), numberIn(1e-6, 2), numberIn(1e-6, 2), (estimate, variance, planned) => {
      const { interval, pValue } = alwaysValid(estimate, variance, planned);
      expect(interval.low > 0 || interval.high < 0).toBe(pValue < 0.05);
    }),
  );
  const width = (planned: number) => alwaysValid(0, 0.01, planned).interval.high;
  expect(width(0.01) / (1.959_963_984_540_054 * 0.1)).toBeCloseTo(1.55, 2);
  for (const other of [0.003, 0.008, 0.0125, 0.03]) expect(width(other)).toBeGreaterThan(width(0.01));
  expect(alwaysValid(0.5, 0, 0)).toEqual({ interval: { low: -Infinity, high: Infinity }, pValue: 1 });
});

test('users who spread as intended pass the sample-ratio check; a lost tenth of an arm does not', () => {
  expect(sampleRatioPValue([21_306, 21_307, 21_387], [1, 1, 1])).toBeCloseTo(0.9036, 3);
  expect(sampleRatioPValue([9000, 1000], [0.9, 0.1])).toBe(1);
  expect(sampleRatioPValue([5000, 4500], [1, 1])).toBeLessThan(1e-6);
  expect(sampleRatioPValue([0, 0], [1, 1])).toBe(1);
  expect(() => sampleRatioPValue([5, 5], [1, 0])).toThrow(expect.objectContaining({ field: 'shares' }));
});

test('p-values of several arms are corrected for their number', () => {
  const flat = (mean: number) => momentsOf(outcomesOf(Array.from({ length: 500 }, (_, i) => mean + (i % 7))));
  const arms = [10, 10.6, 10.1, 10].map((mean, i) => ({ arm: String(i), users: 500, metrics: [flat(mean)] }));
  const { effects } = reportExperiment(['minutes'], arms, [1, 1, 1, 1], 500).metrics[0]!;
  expect(effects.map(({ arm }) => arm)).toEqual(['1', '2', '3']);
  expect(effects[0]!.pValueHolm).toBeCloseTo(3 * effects[0]!.raw.always.pValue, 12);
  expect(effects[0]!.pValueHolm).toBeLessThan(0.05);
  expect(effects[2]!.pValueHolm).toBe(1);
});
