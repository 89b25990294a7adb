import { type RandomStream, nextUnit, randomStream } from '../../../engine/index.ts';
import { learnClicks } from './click-models.ts';
import { clickProbability, openMarket, slotFactors, slots } from './market.ts';
import type { Person, Population } from './people.ts';
import { type Levers, type Policy, policiesOf } from './policies.ts';

/** The results of a policy in one run. */
export interface Outcome {
  readonly policy: string;
  /** Micro-units by visit, and clicks by impression, expected by the click model: drawn clicks would only add noise. */
  readonly revenue: number;
  /** Share of promoted pins that are in the person's hidden saves. */
  readonly relevance: number;
  readonly clickRate: number;
  /** Share of the slots that were filled. */
  readonly filled: number;
  /** Predicted clicks by the expectation of the click model; of those who predict. */
  readonly calibration: number;
}

const visitsPerPerson = 5;
/** Times that a person meets a campaign; a pin only once. */
const campaignCap = 2;

/** One seed: its campaigns, bids, people for the log and people for the judgment, and clicks. */
export function simulate(population: Population, campaigns: number, levers: Levers, seed: number): Outcome[] {
  const market = openMarket(population, campaigns, randomStream(seed, 1));
  const division = randomStream(seed, 2);
  const draws = new Map(population.people.map((person) => [person, nextUnit(division)]));
  const people = population.people.toSorted((a, b) => draws.get(a)! - draws.get(b)!);
  const half = Math.floor(people.length / 2);
  const models = learnClicks(population, market, people.slice(0, half), randomStream(seed, 3));
  return policiesOf(market, models, levers).map((policy) =>
    runPolicy(population, policy, people.slice(half), randomStream(seed, 4)),
  );
}

function runPolicy(
  population: Population,
  { name, chooserFor }: Policy,
  people: readonly Person[],
  stream: RandomStream,
): Outcome {
  let [revenue, shown, relevant, predicted, expected] = [0, 0, 0, 0, 0];
  for (const person of people) {
    const choose = chooserFor(person);
    const seen = new Set<number>();
    const met = new Map<number, number>();
    for (let visit = 0; visit < visitsPerPerson; visit++) {
      const isAllowed = (campaign: number, pin: number): boolean =>
        !seen.has(pin) && (met.get(campaign) ?? 0) < campaignCap;
      for (const { campaign, pin, slot, priceMicros, actionProbability } of choose(isAllowed, stream)) {
        const factor = slotFactors[slots.indexOf(slot)]!;
        seen.add(pin);
        met.set(campaign, (met.get(campaign) ?? 0) + 1);
        shown++;
        relevant += Number(person.hidden.has(pin));
        predicted += factor * actionProbability;
        const truth = factor * clickProbability(population, person, pin);
        expected += truth;
        revenue += truth * priceMicros;
      }
    }
  }
  const visits = people.length * visitsPerPerson;
  return {
    policy: name,
    revenue: revenue / visits,
    relevance: relevant / shown,
    clickRate: expected / shown,
    filled: shown / (visits * slots.length),
    calibration: predicted / expected,
  };
}
