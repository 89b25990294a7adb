import {
  type ParamSpec,
  type RandomStream,
  nextBelow,
  nextUnit,
  randomStream,
} from '../../../engine/index.ts';

/** Parameters of the people of a simulation; {@link clickModelSpecs} states where each comes from. */
export interface ClickModel {
  readonly openRate: number;
  readonly personSpread: number;
  readonly tasteSpread: number;
  readonly walkQuality: number;
  readonly hourStrength: number;
  readonly hourAgreement: number;
  readonly fatigue: number;
  readonly unsubscribeRate: number;
  readonly unsubscribeFatigue: number;
  readonly unsubscribeDislike: number;
  readonly visitsPerDay: number;
}

type NumberSpec = Extract<ParamSpec, { readonly kind: 'number' | 'integer' }>;

/** Spreads, hours and their agreement are those of KuaiRand-Pure (`npm run study -- notifications`); the others are assumptions. */
export const clickModelSpecs: { readonly [Name in keyof ClickModel]: NumberSpec } = {
  openRate: { kind: 'number', min: 0.001, max: 0.5, default: 0.06, about: 'opens of a notification by the average person who is not tired (assumed)' },
  personSpread: { kind: 'number', min: 0, max: 3, default: 0.77, about: 'standard deviation of log odds between people (measured)' },
  tasteSpread: { kind: 'number', min: 0, max: 3, default: 0.64, about: 'standard deviation of log odds between the topics of one person (measured)' },
  walkQuality: { kind: 'number', min: 0, max: 1, default: 0.5, about: "correlation of a candidate's walk score with the person's taste (assumed)" },
  hourStrength: { kind: 'number', min: 0, max: 3, default: 0.84, about: "log odds between a person's best hour and six hours from it (measured)" },
  hourAgreement: { kind: 'number', min: 0, max: 20, default: 2.1, about: 'concentration of best hours around that of the population (measured)' },
  fatigue: { kind: 'number', min: 0, max: 1, default: 0.1, about: 'log odds lost by each recent notification; half of that is recovered in a week (assumed)' },
  unsubscribeRate: { kind: 'number', min: 0, max: 0.1, default: 0.002, about: 'unsubscribes per notification of the average person who is not tired (assumed)' },
  unsubscribeFatigue: { kind: 'number', min: 0, max: 1, default: 0.15, about: 'log hazard added by each recent notification (assumed)' },
  unsubscribeDislike: { kind: 'number', min: 0, max: 2, default: 0.5, about: 'log hazard added by a log odds less of interest (assumed)' },
  visitsPerDay: { kind: 'number', min: 0, max: 50, default: 0.5, about: 'visits without a notification, from which hours are learned (assumed)' },
}; // prettier-ignore

export const topicCount = 40;
/** Pins that the feed offers for a notification, every day anew. */
const candidateCount = 5;
/** Of the population, by the local clock (KuaiRand-Pure). */
const peakHour = 17.2;
const fatigueHalfLifeDays = 7;

/** A person, as they are: no policy sees this. */
interface Person {
  readonly interest: number;
  readonly tastes: Float64Array;
  readonly peak: number;
}

/** A pin that the feed offers: what every policy sees. */
export interface Candidate {
  readonly topic: number;
  /** Standard normal. */
  readonly walkScore: number;
}

/** Random substreams of the simulation. */
const streams = { person: 0x4000_0030, day: 0x4000_0031, outcome: 0x4000_0032 };

/**
 * People whose responses are known: the same model, number and seed give the same people, candidates and draws,
 * whatever is sent.
 */
export class People {
  readonly count: number;
  readonly #model: ClickModel;
  readonly #seed: number;
  readonly #people: readonly Person[];
  readonly #base: number;
  readonly #hourMean: number;

  constructor(model: ClickModel, count: number, randomSeed: number) {
    this.count = count;
    this.#model = model;
    this.#seed = randomSeed;
    this.#base = Math.log(model.openRate / (1 - model.openRate));
    let odds = 0;
    for (let hour = 0; hour < 24; hour++) odds += Math.exp(model.hourStrength * turn(hour)) / 24;
    this.#hourMean = Math.log(odds);
    this.#people = Array.from({ length: count }, (_, person) => {
      const stream = randomStream(randomSeed, person, streams.person);
      const interest = model.personSpread * normal(stream);
      const tastes = Float64Array.from({ length: topicCount }, () => model.tasteSpread * normal(stream));
      return { interest, tastes, peak: peakHour + vonMises(stream, model.hourAgreement) };
    });
  }

  /**
   * The feed's offers to a person on a day: topics by a rank law of popularity, and scores that correlate with
   * tastes.
   */
  candidates(person: number, day: number): Candidate[] {
    const { walkQuality, tasteSpread } = this.#model;
    const stream = randomStream(this.#seed, person + this.count * day, streams.day);
    return Array.from({ length: candidateCount }, () => {
      const topic = Math.min(topicCount - 1, Math.floor((topicCount + 1) ** nextUnit(stream) - 1));
      const taste = tasteSpread > 0 ? this.#people[person]!.tastes[topic]! / tasteSpread : 0;
      return { topic, walkScore: walkQuality * taste + Math.sqrt(1 - walkQuality ** 2) * normal(stream) };
    });
  }

  /** Hours of a person's visits on a day without a notification. */
  visits(person: number, day: number): number[] {
    const { visitsPerDay, hourStrength } = this.#model;
    const stream = randomStream(this.#seed, person + this.count * day, streams.day + 1 + streams.outcome);
    const hours: number[] = [];
    // Poisson, by exponential gaps.
    for (let at = -Math.log(1 - nextUnit(stream)); at < visitsPerDay; at -= Math.log(1 - nextUnit(stream))) {
      let hour = nextBelow(stream, 24);
      while (nextUnit(stream) > Math.exp(hourStrength * (turn(hour - this.#people[person]!.peak) - 1))) {
        hour = nextBelow(stream, 24);
      }
      hours.push(hour);
    }
    return hours;
  }

  /** The true probability of an open. `tiredness`: {@link recovered} notifications. */
  openProbability(person: number, topic: number, hour: number, tiredness: number): number {
    const { interest, tastes, peak } = this.#people[person]!;
    const { hourStrength, fatigue } = this.#model;
    const time = hourStrength * turn(hour - peak) - this.#hourMean;
    return sigmoid(this.#base + interest + tastes[topic]! + time - fatigue * tiredness);
  }

  /** The true probability that a notification makes a person unsubscribe. */
  unsubscribeProbability(person: number, topic: number, tiredness: number): number {
    const { interest, tastes } = this.#people[person]!;
    const { unsubscribeRate, unsubscribeFatigue, unsubscribeDislike } = this.#model;
    const log = unsubscribeFatigue * tiredness - unsubscribeDislike * (interest + tastes[topic]!);
    return Math.min(1, unsubscribeRate * Math.exp(log));
  }

  /** Draws of a person's day, the same for every policy: of the open, and of unsubscribing. */
  draws(person: number, day: number): readonly [number, number] {
    const stream = randomStream(this.#seed, person + this.count * day, streams.outcome);
    return [nextUnit(stream), nextUnit(stream)];
  }
}

/** The tiredness that remains after some days. */
export function recovered(tiredness: number, days: number): number {
  return tiredness * 2 ** (-days / fatigueHalfLifeDays);
}

function turn(hours: number): number {
  return Math.cos((hours * Math.PI) / 12);
}

function sigmoid(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

function normal(stream: RandomStream): number {
  return Math.sqrt(-2 * Math.log(1 - nextUnit(stream))) * Math.cos(2 * Math.PI * nextUnit(stream));
}

/** Hours from the center, von Mises by rejection from the uniform distribution; uniform for a concentration of 0. */
function vonMises(stream: RandomStream, concentration: number): number {
  for (;;) {
    const hours = 24 * nextUnit(stream) - 12;
    if (nextUnit(stream) <= Math.exp(concentration * (turn(hours) - 1))) return hours;
  }
}
