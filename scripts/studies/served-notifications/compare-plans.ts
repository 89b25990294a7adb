import { nextBelow, percentileInterval, randomStream } from '../../../engine/index.ts';
import type { Person, World } from './world.ts';

/** A decision of `pinwalk notify plan --dry-run --json`. */
export interface PlannedOffer {
  readonly user: string;
  readonly suppressedBy?: string;
  readonly hour?: number;
  readonly sent: readonly string[];
}

interface Compared {
  /** The true probability that a notification is clicked. */
  readonly before: number;
  readonly after: number;
  /** 95 % interval of the difference, by person. */
  readonly low: number;
  readonly high: number;
}

const resamples = 1_000;

/** What two plans for the same people would truly bring. */
export function comparePlans(
  world: World,
  before: readonly PlannedOffer[],
  after: readonly PlannedOffer[],
): Compared {
  const plans = [before, after].map((offers) => ratesOf(world, offers));
  const difference = (people: readonly Person[]): number => meanOf(plans[1]!, people) - meanOf(plans[0]!, people);
  const draws = Float64Array.from({ length: resamples }, (_, i) => {
    const stream = randomStream(1, i);
    return difference(world.people.map(() => world.people[nextBelow(stream, world.people.length)]!));
  });
  const { low, high } = percentileInterval(draws, 0.95);
  return { before: meanOf(plans[0]!, world.people), after: meanOf(plans[1]!, world.people), low, high };
} // prettier-ignore

/** By user who is sent something: the true probability of a click on any of its pins. */
function ratesOf(world: World, offers: readonly PlannedOffer[]): Map<string, number> {
  const people = new Map(world.people.map((person) => [person.user, person]));
  return new Map(
    offers.flatMap(({ user, suppressedBy, hour = 0, sent }) =>
      suppressedBy === undefined ? [[user, world.rateOfAny(people.get(user)!, sent, hour)] as const] : [],
    ),
  );
}

function meanOf(rates: ReadonlyMap<string, number>, people: readonly Person[]): number {
  let [sum, count] = [0, 0];
  for (const { user } of people) {
    const rate = rates.get(user);
    if (rate === undefined) continue;
    sum += rate;
    count++;
  }
  return sum / count;
}
