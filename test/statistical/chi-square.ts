/**
 * Upper-tail probability of the chi-square distribution, by the Wilson-Hilferty cube-root approximation and a rational
 * approximation of the normal tail (Abramowitz and Stegun 26.4.17 and 26.2.17). Accurate to a few per cent of the exponent
 * from 3 degrees of freedom on: enough to distinguish 1e-6 from 1e-3.
 */
export function chiSquareTail(statistic: number, degreesOfFreedom: number): number {
  const spread = 2 / (9 * degreesOfFreedom);
  const z = (Math.cbrt(statistic / degreesOfFreedom) - (1 - spread)) / Math.sqrt(spread);
  if (z <= 0) return 1;
  const t = 1 / (1 + 0.2316419 * z);
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}

/** p-value of observed counts, given expected shares, all positive. */
export function goodnessOfFit(observed: readonly number[], shares: readonly number[]): number {
  const total = observed.reduce((sum, count) => sum + count, 0);
  const statistic = observed.reduce(
    (sum, count, i) => sum + (count - total * shares[i]!) ** 2 / (total * shares[i]!),
    0,
  );
  return chiSquareTail(statistic, observed.length - 1);
}
