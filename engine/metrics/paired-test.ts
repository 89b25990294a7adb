import { check } from '../base/index.ts';
import { nextUint32, randomStream } from '../random/index.ts';

/** Random substream of the test. */
const signStream = 0x4000_0011;
/** Signs taken from one draw; its low bits are weak. */
const signsPerDraw = 16;

/**
 * The p-value of the two-sided paired randomisation test on `differences`, one per user: the probability, if two systems
 * are equally good, of a mean difference at least this large. Each permutation swaps the two systems for every user with
 * probability 1/2 (Smucker, Allan and Carterette, CIKM 2007, doi:10.1145/1321440.1321528). The observed differences count
 * as one permutation, so the p-value is never 0 (Phipson and Smyth 2010, doi:10.2202/1544-6115.1585).
 * Seeded. O(permutations · users). Throws `invalid-parameter` unless `permutations` is a positive integer.
 */
export function pairedPValue(differences: Float64Array, permutations: number, randomSeed: number): number {
  const isCount = Number.isInteger(permutations) && permutations > 0;
  check(isCount, 'permutations', `${permutations} is not a positive integer`);
  // A difference of 0 adds nothing, whatever its sign.
  const nonzero = differences.filter((difference) => difference !== 0);
  const observed = Math.abs(nonzero.reduce((total, difference) => total + difference, 0));
  // Tolerance for rounding: the same terms may be added in another order.
  const scale = nonzero.reduce((total, difference) => total + Math.abs(difference), 0);
  const atLeast = observed - 1e-12 * scale;
  let asLarge = 1;
  for (let permutation = 0; permutation < permutations; permutation++) {
    const stream = randomStream(randomSeed, permutation, signStream);
    asLarge += Number(Math.abs(signedSum(nonzero, stream)) >= atLeast);
  }
  return asLarge / (permutations + 1);
}

function signedSum(values: Float64Array, stream: ReturnType<typeof randomStream>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += signsPerDraw) {
    let signs = nextUint32(stream) | 0;
    const end = Math.min(i + signsPerDraw, values.length);
    for (let j = i; j < end; j++) {
      sum += signs < 0 ? -values[j]! : values[j]!;
      signs <<= 1;
    }
  }
  return sum;
}

/**
 * Holm's adjusted p-values of m tests, in the given order: the i-th smallest p-value times m − i + 1, made monotone and
 * capped at 1. Controls the family-wise error rate under any dependence (Holm, Scandinavian Journal of Statistics 6,
 * 1979, 65-70). O(m log m). Throws `invalid-parameter` (`pValues`) for a value outside [0, 1].
 */
export function holm(pValues: readonly number[]): number[] {
  const adjusted = pValues.map((p) => {
    check(p >= 0 && p <= 1, 'pValues', `${p} is not in [0, 1]`);
    return p;
  });
  let max = 0;
  const ascending = [...pValues.keys()].toSorted((i, j) => pValues[i]! - pValues[j]!);
  for (const [rank, test] of ascending.entries()) {
    max = Math.max(max, Math.min(pValues[test]! * (pValues.length - rank), 1));
    adjusted[test] = max;
  }
  return adjusted;
}
