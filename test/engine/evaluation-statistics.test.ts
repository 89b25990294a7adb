import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  holm,
  meanOf,
  nextUnit,
  pairedPValue,
  percentileInterval,
  randomStream,
  resampledMeans,
} from '../../engine/index.ts';
import { numberIn } from '../answers.ts';

/** Draws of an exponential distribution of mean 1. */
const skewed = (seed: number, length: number): Float64Array => {
  const stream = randomStream(seed, 77);
  return Float64Array.from({ length }, () => -Math.log(1 - nextUnit(stream)));
};

describe('bootstrap intervals', () => {
  /** How many of `runs` samples have an interval that holds the true mean. */
  const covered = (runs: number, widen: number): number => {
    let hits = 0;
    for (let run = 0; run < runs; run++) {
      const sample = skewed(run, 200);
      const { low, high } = percentileInterval(resampledMeans([sample], 400, run)[0]!, 0.95);
      const mean = meanOf(sample);
      hits += Number(mean + widen * (low - mean) <= 1 && mean + widen * (high - mean) >= 1);
    }
    return hits;
  };

  test('of 95 % hold the true mean of a skewed distribution in about 95 % of samples', () => {
    // Of 400 samples 380 ± 4.4; the percentile method falls a little short for 200 skewed values.
    const hits = covered(400, 1);
    expect(hits).toBeGreaterThanOrEqual(360);
    expect(hits).toBeLessThanOrEqual(396);
    // The same check refuses intervals of three quarters of the width.
    expect(covered(400, 0.75)).toBeLessThan(360);
  });

  test('take the k-th values from both ends', () => {
    const values = Float64Array.from({ length: 199 }, (_, i) => 199 - i);
    expect(percentileInterval(values, 0.95)).toEqual({ low: 5, high: 195 });
    expect(percentileInterval(values, 0.5)).toEqual({ low: 50, high: 150 });
    expect(() => percentileInterval(values, 1)).toThrow(expect.objectContaining({ field: 'confidence' }));
  });

  test('resample all columns alike, so that a difference is a paired one', () => {
    const sample = skewed(1, 50);
    const [one, other] = resampledMeans([sample, sample.map((value) => 2 * value + 1)], 100, 5);
    for (const [i, mean] of one!.entries()) expect(other![i]).toBeCloseTo(2 * mean + 1, 12);
    // But resamples differ from each other, and so do seeds.
    expect(new Set(one).size).toBeGreaterThan(90);
    expect(resampledMeans([sample], 100, 6)[0]).not.toEqual(one);
    expect(resampledMeans([sample], 100, 5)[0]).toEqual(one);
  });

  test('have the standard error of the mean', () => {
    const sample = skewed(3, 400);
    const means = resampledMeans([sample], 2_000, 1)[0]!;
    const spread = (values: Float64Array): number =>
      Math.sqrt(meanOf(values.map((value) => (value - meanOf(values)) ** 2)));
    expect(spread(means) / (spread(sample) / Math.sqrt(400))).toBeCloseTo(1, 1);
  });

  test('are refused for no values and for columns of different lengths', () => {
    expect(() => resampledMeans([], 10, 1)).toThrow(expect.objectContaining({ field: 'columns' }));
    expect(() => resampledMeans([new Float64Array(2), new Float64Array(3)], 10, 1)).toThrow(
      /different lengths/,
    );
  });
});

describe('the paired test', () => {
  test('is exact where all signs can be counted', () => {
    // Of the eight ways to sign 1, 2 and 3, two have a sum of at least 6 in size; of 1, 1 and −1, all have 1 at least.
    expect(pairedPValue(Float64Array.of(1, 2, 3), 40_000, 1)).toBeCloseTo(2 / 8, 2);
    expect(pairedPValue(Float64Array.of(1, 1, -1), 1_000, 1)).toBe(1);
    expect(pairedPValue(new Float64Array(40), 1_000, 1)).toBe(1);
  });

  test('is never 0, is two-sided, and does not look at users without a difference', () => {
    const clear = Float64Array.from({ length: 60 }, () => 0.1);
    expect(pairedPValue(clear, 999, 1)).toBe(1 / 1000);
    expect(
      pairedPValue(
        clear.map((each) => -each),
        999,
        1,
      ),
    ).toBe(1 / 1000);
    const some = skewed(4, 30).map((each) => each - 0.8);
    const withZeros = Float64Array.from([...some].flatMap((each) => [0, each]));
    expect(pairedPValue(withZeros, 500, 3)).toBe(pairedPValue(some, 500, 3));
  });

  test('calls one in twenty significant at 5 % where nothing differs', () => {
    const runs = 600;
    let called = 0;
    for (let run = 0; run < runs; run++) {
      const [a, b] = [skewed(2 * run, 50), skewed(2 * run + 1, 50)];
      called += Number(
        pairedPValue(
          a.map((value, i) => value - b[i]!),
          199,
          run,
        ) <= 0.05,
      );
    }
    // 30 ± 5.3.
    expect(Math.abs(called - 30)).toBeLessThan(5 * 5.3);
    expect(called).toBeGreaterThan(0);
  });
});

describe("Holm's correction", () => {
  test('is that computed by hand', () => {
    // 0.005 · 4, 0.01 · 3, 0.03 · 2, 0.04 · 1, the last of which must not be under the one before.
    const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
    for (const [i, expected] of [0.03, 0.06, 0.06, 0.02].entries())
      expect(adjusted[i]).toBeCloseTo(expected, 14);
    expect(holm([0.5, 0.6])).toEqual([1, 1]);
    expect(holm([0.02])).toEqual([0.02]);
    expect(holm([])).toEqual([]);
    expect(() => holm([1.1])).toThrow(expect.objectContaining({ field: 'pValues' }));
  });

  test('keeps the order, never makes a p smaller, and is never stricter than Bonferroni', () => {
    fc.assert(
      fc.property(fc.array(numberIn(0, 1), { minLength: 1, maxLength: 12 }), (pValues) => {
        const adjusted = holm(pValues);
        for (const [i, p] of pValues.entries()) {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p);
          expect(adjusted[i]).toBeLessThanOrEqual(Math.min(p * pValues.length, 1));
          for (const [j, other] of pValues.entries()) {
            if (p < other) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j]!);
          }
        }
      }),
    );
  });
});
