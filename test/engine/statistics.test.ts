import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  detectableEffect,
  holm,
  meanOf,
  nextUnit,
  pairedPValue,
  percentileInterval,
  randomStream,
  resampledMeans,
} from '../../engine/index.ts';
import { numberIn } from '../scores.ts';

/** Draws of an exponential distribution of mean 1. */
const skewed = (seed: number, length: number): Float64Array => {
  const stream = randomStream(seed, 77);
  return Float64Array.from({ length }, () => -Math.log(1 - nextUnit(stream)));
};

describe('bootstrap intervals', () => {
  /** Number of samples, of `runs`, whose interval contains the true mean 1, after scaling the interval by `width`. */
  const covered = (runs: number, width: number): number => {
    let hits = 0;
    for (let run = 0; run < runs; run++) {
      const sample = skewed(run, 200);
      const { low, high } = percentileInterval(resampledMeans([sample], 400, run)[0]!, 0.95);
      const mean = meanOf(sample);
      hits += Number(mean + width * (low - mean) <= 1 && mean + width * (high - mean) >= 1);
    }
    return hits;
  };

  test('bootstrap intervals of 95 % contain the true mean of a skewed distribution in about 95 % of samples', () => {
    // Expected: 380 ± 4.4 of 400; the percentile method undercovers slightly for 200 skewed values.
    const hits = covered(400, 1);
    expect(hits).toBeGreaterThanOrEqual(360);
    expect(hits).toBeLessThanOrEqual(396);
    // The check rejects intervals of three quarters of the width.
    expect(covered(400, 0.75)).toBeLessThan(360);
  });

  test('bootstrap intervals end at the k-th smallest and the k-th largest mean', () => {
    const values = Float64Array.from({ length: 199 }, (_, i) => 199 - i);
    expect(percentileInterval(values, 0.95)).toEqual({ low: 5, high: 195 });
    expect(percentileInterval(values, 0.5)).toEqual({ low: 50, high: 150 });
    expect(() => percentileInterval(values, 1)).toThrow(expect.objectContaining({ field: 'confidence' }));
  });

  test('bootstrap intervals resample the same users for all columns, so that differences are paired', () => {
    const sample = skewed(1, 50);
    const [one, other] = resampledMeans([sample, sample.map((value) => 2 * value + 1)], 100, 5);
    for (const [i, mean] of one!.entries()) expect(other![i]).toBeCloseTo(2 * mean + 1, 12);
    // Resamples differ from each other, and so do seeds.
    expect(new Set(one).size).toBeGreaterThan(90);
    expect(resampledMeans([sample], 100, 6)[0]).not.toEqual(one);
    expect(resampledMeans([sample], 100, 5)[0]).toEqual(one);
  });

  test('bootstrap intervals have the standard error of the mean', () => {
    const sample = skewed(3, 400);
    const means = resampledMeans([sample], 2_000, 1)[0]!;
    const spread = (values: Float64Array): number =>
      Math.sqrt(meanOf(values.map((value) => (value - meanOf(values)) ** 2)));
    expect(spread(means) / (spread(sample) / Math.sqrt(400))).toBeCloseTo(1, 1);
  });

  test('bootstrap intervals reject empty columns and columns of different lengths', () => {
    expect(() => resampledMeans([], 10, 1)).toThrow(expect.objectContaining({ field: 'columns' }));
    expect(() => resampledMeans([new Float64Array(2), new Float64Array(3)], 10, 1)).toThrow(
      /different lengths/,
    );
  });
});

test('the paired randomisation test agrees with an exact enumeration of the signs', () => {
  // Of the eight sign assignments to 1, 2 and 3, two have an absolute sum of at least 6; of 1, 1 and −1, all have at least 1.
  expect(pairedPValue(Float64Array.of(1, 2, 3), 40_000, 1)).toBeCloseTo(2 / 8, 2);
  expect(pairedPValue(Float64Array.of(1, 1, -1), 1_000, 1)).toBe(1);
  expect(pairedPValue(new Float64Array(40), 1_000, 1)).toBe(1);
});

test('the paired randomisation test is two-sided, never 0, and ignores users without a difference', () => {
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

test('the paired randomisation test rejects a true null hypothesis in one of twenty cases at the 5 % level', () => {
  const runs = 600;
  let rejected = 0;
  for (let run = 0; run < runs; run++) {
    const [a, b] = [skewed(2 * run, 50), skewed(2 * run + 1, 50)];
    rejected += Number(
      pairedPValue(
        a.map((value, i) => value - b[i]!),
        199,
        run,
      ) <= 0.05,
    );
  }
  // Expected: 30 ± 5.3.
  expect(Math.abs(rejected - 30)).toBeLessThan(5 * 5.3);
  expect(rejected).toBeGreaterThan(0);
});

test("Holm's correction equals an example worked by hand", () => {
  // 0.005 · 4, 0.01 · 3, 0.03 · 2, 0.04 · 1; the last is raised to the one before.
  const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
  for (const [i, expected] of [0.03, 0.06, 0.06, 0.02].entries())
    expect(adjusted[i]).toBeCloseTo(expected, 14);
  expect(holm([0.5, 0.6])).toEqual([1, 1]);
  expect(holm([0.02])).toEqual([0.02]);
  expect(holm([])).toEqual([]);
  expect(() => holm([1.1])).toThrow(expect.objectContaining({ field: 'pValues' }));
});

test("Holm's correction keeps the order, never lowers a p-value, and is never stricter than Bonferroni", () => {
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

describe('the smallest detectable effect', () => {
  /**
   * The share of 400 experiments on 200 users in which the paired test finds a true mean difference of `scale` times the
   * detectable effect. `draw` has mean 0; the effect comes from the spread of one large sample.
   */
  const powerAt = (scale: number, draw: (stream: ReturnType<typeof randomStream>) => number): number => {
    const users = 200;
    const sampleOf = (run: number, length: number): Float64Array => {
      const stream = randomStream(run, 78);
      return Float64Array.from({ length }, () => draw(stream));
    };
    const many = 100_000;
    const effect = scale * detectableEffect(sampleOf(1_000_000, many)) * Math.sqrt(many / users);
    let found = 0;
    for (let run = 0; run < 400; run++) {
      const differences = sampleOf(run, users).map((value) => value + effect);
      found += Number(pairedPValue(differences, 199, run) <= 0.05);
    }
    return found / 400;
  };

  test.each([
    ['uniform', (stream: ReturnType<typeof randomStream>) => nextUnit(stream) - 0.5],
    // As differences of recall: most users have none.
    [
      'mostly zero',
      (stream: ReturnType<typeof randomStream>) => {
        const u = nextUnit(stream);
        return u < 0.15 ? -0.5 : u < 0.3 ? 0.5 : 0;
      },
    ],
  ])('is found with a power of about 0.8 for %s differences', (_, draw) => {
    // The standard error of a share of 0.8 among 400 is 0.02.
    expect(powerAt(1, draw)).toBeGreaterThan(0.73);
    expect(powerAt(1, draw)).toBeLessThan(0.87);
    // The check rejects an effect without the term of the power, of which half the experiments find the difference.
    expect(powerAt(1.96 / 2.8016, draw)).toBeLessThan(0.6);
  });

  test('is 2.8016 standard errors, and unknown for one user', () => {
    const differences = Float64Array.of(-1, 1, 3, 3, 1, -1, 1, 1);
    const variance = differences.reduce((sum, each) => sum + (each - 1) ** 2, 0) / 7;
    expect(detectableEffect(differences)).toBeCloseTo(2.801_585 * Math.sqrt(variance / 8), 6);
    expect(detectableEffect(Float64Array.of(0.5))).toBeNaN();
  });
});
