import { check } from '../base/index.ts';
import { nextUint32, randomStream } from '../random/index.ts';

/** Of each seed's streams, the one of sign flips. */
const signStream = 0x4000_0011;
/** Signs from one draw, of which the low bits are weak. */
const signsPerDraw = 16;

/**
 * Probability, were two systems alike, of a mean difference at least as large as that of `differences` (one a user):
 * the two-sided paired randomisation test, which exchanges the two systems' results for each user by the toss of a coin
 * (Smucker, Allan and Carterette, CIKM 2007, doi:10.1145/1321440.1321528). The differences as they are count as one of the
 * tosses, so that it is never 0 (Phipson and Smyth 2010, doi:10.2202/1544-6115.1585). Seeded. O(tosses · users).
 */
export function pairedPValue(differences: Float64Array, tosses: number, randomSeed: number): number {
  check(Number.isInteger(tosses) && tosses > 0, 'tosses', `${tosses} is not a positive integer`);
  // Users without a difference add nothing, whatever their sign.
  const some = differences.filter((difference) => difference !== 0);
  const sum = Math.abs(some.reduce((total, difference) => total + difference, 0));
  // The same sum in another order may differ in its last bits.
  const scale = some.reduce((total, difference) => total + Math.abs(difference), 0);
  const atLeast = sum - 1e-12 * scale;
  let asLarge = 1;
  for (let toss = 0; toss < tosses; toss++) {
    const stream = randomStream(randomSeed, toss, signStream);
    asLarge += Number(Math.abs(signedSum(some, stream)) >= atLeast);
  }
  return asLarge / (tosses + 1);
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
 * Holm's correction of the p-values of many tests: with it, the probability that any of them is called significant
 * though nothing differs is at most the level, however the tests depend on each other (Holm, Scandinavian Journal of
 * Statistics 6, 1979, 65-70). In the order given: the i-th smallest (from 1) of m times m − i + 1, at least what the ones
 * before it have, at most 1. O(m · log m). Throws `invalid-parameter` for what is no probability.
 */
export function holm(pValues: readonly number[]): number[] {
  const adjusted = pValues.map((p) => {
    check(p >= 0 && p <= 1, 'pValues', `${p} is no probability`);
    return p;
  });
  let least = 0;
  const ascending = [...pValues.keys()].toSorted((i, j) => pValues[i]! - pValues[j]!);
  for (const [before, test] of ascending.entries()) {
    least = Math.max(least, Math.min(pValues[test]! * (pValues.length - before), 1));
    adjusted[test] = least;
  }
  return adjusted;
}
