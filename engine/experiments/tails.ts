/** Above this, the continued fraction converges faster than the series. */
const fractionFrom = 3;
/** Terms of either expansion: full precision on both sides of {@link fractionFrom}. */
const terms = 100;

/**
 * P(Z > |z|) for a standard normal Z, to a relative error below 1e-12 (Abramowitz and Stegun, "Handbook of Mathematical
 * Functions", 1964, 26.2.11 and 26.2.14). 0 beyond |z| = 38.
 */
export function normalTail(z: number): number {
  const x = Math.abs(z);
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x < fractionFrom) {
    let term = x;
    let sum = x;
    for (let n = 1; n < terms; n++) sum += term *= (x * x) / (2 * n + 1);
    return 0.5 - density * sum;
  }
  let fraction = x;
  for (let n = terms; n > 0; n--) fraction = x + n / fraction;
  return density / fraction;
}

/**
 * P(X > x) for X of the chi-square distribution with `degreesOfFreedom`, an integer from 1, by the recurrence of
 * Abramowitz and Stegun 26.4.8. O(degreesOfFreedom).
 */
export function chiSquareTail(x: number, degreesOfFreedom: number): number {
  if (x <= 0) return 1;
  const isOdd = degreesOfFreedom % 2 === 1;
  let tail = isOdd ? 2 * normalTail(Math.sqrt(x)) : Math.exp(-x / 2);
  let term = isOdd ? Math.sqrt((2 * x) / Math.PI) * Math.exp(-x / 2) : (x / 2) * Math.exp(-x / 2);
  for (let degrees = isOdd ? 3 : 4; degrees <= degreesOfFreedom; degrees += 2) {
    tail += term;
    term *= x / degrees;
  }
  return tail;
}
