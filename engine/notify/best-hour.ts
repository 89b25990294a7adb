import { check } from '../base/index.ts';

/** Weights of the hours around one: people do not keep to the minute, and few events must say something of their neighborhood. */
const kernel = [1, 2, 3, 2, 1];
const reach = (kernel.length - 1) / 2;
const kernelSum = kernel.reduce((sum, weight) => sum + weight, 0);
const hours = 24;

/** Counts by hour of the day, 24 of them, smoothed around the clock; the sum stays. */
function smoothed(counts: ArrayLike<number>): Float64Array {
  const out = new Float64Array(hours);
  for (let hour = 0; hour < hours; hour++) {
    for (let i = 0; i < kernel.length; i++) {
      out[(hour + i - reach + hours) % hours]! += (counts[hour]! * kernel[i]!) / kernelSum;
    }
  }
  return out;
}

/**
 * When a person is active: the share of each of 24 local hours, which sum to 1. `own` and `population` count events by hour; the person's
 * share is shrunk to that of the population by `prior` events, so somebody without events has that of the population, and where that
 * has none too, every hour is alike. The posterior mean of a multinomial with a Dirichlet prior, smoothed over neighboring hours. O(1).
 */
export function hourShares(
  own: ArrayLike<number>,
  population: ArrayLike<number>,
  prior: number,
): Float64Array {
  check(own.length === hours && population.length === hours, 'own', 'is not a count for each of 24 hours');
  check(prior > 0 && prior < Infinity, 'prior', `${prior} is not a positive number of events`);
  const [mine, all] = [smoothed(own), smoothed(population)];
  let [events, total] = [0, 0];
  for (let hour = 0; hour < hours; hour++) {
    events += mine[hour]!;
    total += all[hour]!;
  }
  for (let hour = 0; hour < hours; hour++) {
    const common = total > 0 ? all[hour]! / total : 1 / hours;
    mine[hour] = (mine[hour]! + prior * common) / (events + prior);
  }
  return mine;
}

/** The hour with the largest share of those allowed; of equals the earliest. -1 if none is allowed. */
export function bestHour(
  shares: ArrayLike<number>,
  isAllowed: (hour: number) => boolean = () => true,
): number {
  let best = -1;
  for (let hour = 0; hour < hours; hour++) {
    if (isAllowed(hour) && (best < 0 || shares[hour]! > shares[best]!)) best = hour;
  }
  return best;
}
