import { type Work, prices } from '../base/index.ts';
import { nextUint32, nextUnit, randomStream } from '../random/index.ts';
import type { ScoredPin } from '../rank/index.ts';
import type { Levers } from './levers.ts';
import type { RankedPin } from './rare-slots.ts';

/** Apart from the streams of walks, which are numbered by query pins. */
const exploreStream = 0x6578_706c;
/** Below it, a weight is 0 in effect: a pin that is never drawn before the others. */
const exponentMin = -600;
/**
 * Step of the trapezoid rule in the logarithm of time. The integrand is analytic in a strip of half-width π/2, so the error falls
 * as exp(−π²/step): below 1e-15.
 */
const step = 0.25;
/** Logarithms of time at which nothing has arrived yet, and of w · t at which everything with that weight has. */
const [before, after] = [-36, 4];

/**
 * Draws the order of the best pins with probability `exploreShare`: Plackett–Luce over the first `explorePins` of `ranked`,
 * with weights exp(score / (best score · `exploreTemperature`)), by Gumbel noise (Kool, van Hoof and Welling, ICML 2019,
 * doi:10.48550/arXiv.1903.06059). A high temperature shuffles them; a share below 1 is an ε-greedy list. Pins beyond keep
 * their places. Returns the first `limit`, each with its propensity: the exact probability that this pin stands at this
 * place, whatever stands at the others. Propensities are given the walk: its own randomness is not part of them. Same
 * arguments, same list.
 */
export function explore(
  ranked: readonly ScoredPin[],
  limit: number,
  {
    exploreShare,
    explorePins,
    exploreTemperature,
  }: Pick<Levers, 'exploreShare' | 'explorePins' | 'exploreTemperature'>,
  randomSeed: number,
  work: Work,
): RankedPin[] {
  const pool = ranked.slice(0, explorePins);
  const best = pool.reduce((max, { score }) => Math.max(max, score), -Infinity);
  const scale = (Math.abs(best) || 1) * exploreTemperature;
  const exponents = pool.map(({ score }) => Math.max((score - best) / scale, exponentMin));
  const stream = randomStream(randomSeed, exploreStream);
  const isDrawn = nextUnit(stream) < exploreShare;
  // In (0, 1): the logarithm of the noise is finite.
  const noise = pool.map(() => -Math.log(-Math.log((nextUint32(stream) + 0.5) * 2 ** -32)));
  const order = pool.map((_, i) => i);
  if (isDrawn) order.sort((a, b) => exponents[b]! + noise[b]! - exponents[a]! - noise[a]! || a - b);
  const places = Math.min(limit, pool.length);
  const shown = order.slice(0, places);
  const drawn = placeProbabilities(exponents.map(Math.exp), shown, work);
  return [
    ...shown.map((i, place): RankedPin => {
      const { pin, score } = pool[i]!;
      const propensity = exploreShare * drawn[place]! + (1 - exploreShare) * Number(i === place);
      return { pin, score, propensity };
    }),
    ...ranked.slice(pool.length, limit).map(({ pin, score }) => ({ pin, score, propensity: 1 })),
  ];
}

/**
 * The probabilities that pin `shown[p]` stands at place p of a Plackett–Luce order of all `weights`. Independent
 * exponential times with these rates put pins into such an order, so a pin stands at place p when p others come before it:
 *
 *     P = ∫ w e^(−w t) · P(exactly p of the others have come by t) dt
 *
 * by the trapezoid rule over ln t, the inner probability exactly (of a Poisson binomial variable).
 * O(points · pins · places²).
 */
function placeProbabilities(weights: readonly number[], shown: readonly number[], work: Work): number[] {
  const smallest = weights.reduce((min, weight) => Math.min(min, weight), 1);
  const until = after - Math.log(smallest);
  const points = Math.ceil((until - before) / step) + 1;
  work.count((points * weights.length * shown.length ** 2) / 2, prices.node);
  const sums = shown.map(() => 0);
  const counts = new Float64Array(shown.length + 1);
  for (let point = 0; point < points; point++) {
    const t = Math.exp(before + point * step);
    const come = weights.map((weight) => -Math.expm1(-weight * t));
    for (const [place, i] of shown.entries()) {
      const rate = weights[i]! * t;
      const density = rate * Math.exp(-rate) * step;
      if (density === 0) continue;
      counts.fill(0);
      counts[0] = 1;
      for (let j = 0; j < come.length; j++) {
        if (j === i) continue;
        const probability = come[j]!;
        for (let k = place; k > 0; k--)
          counts[k] = counts[k]! * (1 - probability) + counts[k - 1]! * probability;
        counts[0] *= 1 - probability;
      }
      sums[place]! += density * counts[place]!;
    }
  }
  // Rounding errors may leave a certain place above 1.
  return sums.map((sum) => Math.min(1, sum));
}
