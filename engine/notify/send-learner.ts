import { GaussianLogistic } from './gaussian-logistic.ts';
import type { SendPrediction } from './send-value.ts';

/** The features of an offer: a notification of one pin to one person at one time. */
export interface SendFeatures {
  /** An integer from 0 to 2^53. */
  readonly person: number;
  readonly topic: number;
  /** In standard deviations. */
  readonly walkScore: number;
  /** Share of the person's visits at the hour, of 24 shares that sum to 1. */
  readonly hourShare: number;
  readonly sentOfWeek: number;
  /** Of 28 days. */
  readonly sentOfMonth: number;
  /** A model's prediction for the pin and the person. Default: {@link expectedRates}, moved by the walk score. */
  readonly prior?: number | undefined;
}

/** The slots of topics, persons and pairs, which have weights of their own. Those below {@link ownSlots} are taken. */
export interface SendSlots {
  /** Logarithm of their number. */
  readonly bits: number;
  readonly topic: (topic: number) => number;
  readonly person: (person: number) => number;
  readonly pair: (person: number, topic: number) => number;
}

/** What an operator expects before anything is learned: rates, and log odds by a standard deviation of the walk score. */
const expectedRates = { open: 0.05, unsubscribe: 0.002, walk: 0.2 } as const;

/**
 * Features of an open, and how far each is expected to move the log odds before anything is learned: the variance of its weight. Chosen on seeds
 * 101 to 114 of the simulation.
 */
const openPriors = {
  bias: 1,
  walkScore: 0.05,
  hourShare: 0.25,
  sentOfWeek: 0.01,
  sentOfMonth: 0.01,
  topic: 0.1,
  person: 0.5,
  personTopic: 0.4,
} as const;
const names = Object.keys(openPriors) as (keyof typeof openPriors)[];
/** Of unsubscribing: the rate, notifications of the week and the month, how much more the person opens than others. */
const leavePriors = [0.2, 0.003, 0.003, 0.3];
/** In standard deviations: more says no more. */
const walkScoreMax = 2;
/** Of the mean share of an hour: so much below it counts as no visit at all. */
const hourShareMin = 0.05;
/** Slots of the features that all people share. */
export const ownSlots = 5;

/**
 * Probabilities of an open and of unsubscribing, learned online from what was sent: a {@link GaussianLogistic} each. Who opens less than
 * others may leave sooner: of unsubscribing, there is too little to learn from to tell people apart by it alone. The same rows in the same order
 * give the same state. O(1) a row.
 */
export class SendLearner {
  readonly #open: GaussianLogistic;
  readonly #leave = new GaussianLogistic(2, leavePriors);
  readonly #slots: Int32Array = new Int32Array(names.length);
  readonly #values: Float64Array = new Float64Array(names.length);
  readonly #leaveSlots = Int32Array.of(0, 1, 2, 3);
  readonly #leaveValues: Float64Array = new Float64Array(leavePriors.length);
  readonly #at: SendSlots;

  constructor(at: SendSlots) {
    this.#at = at;
    this.#open = new GaussianLogistic(at.bits, Object.values(openPriors));
  }

  /** The probability of an open, were it sent now. */
  open(known: SendFeatures): number {
    return probability(known.prior ?? expectedRates.open, this.#openOdds(known));
  }

  /** The probability that the person unsubscribes because of it. */
  unsubscribe(known: SendFeatures): number {
    const { sentOfWeek, sentOfMonth } = known;
    this.#openOdds(known);
    const ofPerson = this.#open.part(this.#slots, this.#values, names.indexOf('person'));
    this.#leaveValues.set([1, sentOfWeek, sentOfMonth / 4, ofPerson]);
    return probability(expectedRates.unsubscribe, this.#leave.logOdds(this.#leaveSlots, this.#leaveValues));
  }

  /** Both, and the open had the person received one notification fewer. */
  predict(known: SendFeatures): SendPrediction {
    const { sentOfWeek } = known;
    const open = this.open(known);
    return {
      open,
      openWithOneFewer: sentOfWeek === 0 ? open : this.open({ ...known, sentOfWeek: sentOfWeek - 1 }),
      unsubscribe: this.unsubscribe(known),
      sentOfWeek,
    };
  }

  /**
   * The features of an offer with a pin as good as there may be: no pin of these topics, with a walk score within {@link walkScoreMax} and without
   * a prior, has a higher {@link open}, or a higher value above 0. O(topics).
   */
  best(known: Omit<SendFeatures, 'topic' | 'walkScore' | 'prior'>, topics: readonly number[]): SendFeatures {
    const odds = (topic: number, walkScore: number): number => this.#openOdds({ ...known, topic, walkScore });
    const topic = highest(topics, (each) => odds(each, 0));
    const walkScore = highest([walkScoreMax, -walkScoreMax], (each) => odds(topic, each));
    return { ...known, topic, walkScore };
  }

  /** What each feature adds to the log odds of an open: they sum to it. */
  contributions(known: SendFeatures): { readonly feature: string; readonly logOdds: number }[] {
    this.#openOdds(known);
    const { prior = expectedRates.open } = known;
    return [
      { feature: known.prior === undefined ? 'expected' : 'model', logOdds: Math.log(prior / (1 - prior)) },
      ...names.map((feature, i) => {
        const learned = this.#open.part(this.#slots, this.#values, i);
        return { feature, logOdds: feature === 'walkScore' ? learned + walkOdds(known) : learned };
      }),
    ];
  }

  learn(known: SendFeatures, isOpened: boolean, hasLeft: boolean): void {
    this.#leave.learn(this.#leaveSlots, this.#leaveValues, this.unsubscribe(known), Number(hasLeft));
    this.#open.learn(this.#slots, this.#values, this.open(known), Number(isOpened));
  }

  /** Log odds in addition to the expected ones. */
  #openOdds(known: SendFeatures): number {
    const { person, topic, walkScore, hourShare, sentOfWeek, sentOfMonth } = known;
    this.#slots.set([0, 1, 2, 3, 4, this.#at.topic(topic), this.#at.person(person), this.#at.pair(person, topic)]); // prettier-ignore
    this.#values.set([
      1,
      Math.max(-walkScoreMax, Math.min(walkScoreMax, walkScore)),
      Math.log(Math.max(hourShareMin, 24 * hourShare)),
      sentOfWeek,
      sentOfMonth / 4,
      1,
      1,
      1,
    ]);
    return this.#open.logOdds(this.#slots, this.#values) + walkOdds(known);
  }
}

/** A model that gives a prior has the score among its features. */
function walkOdds({ prior, walkScore }: SendFeatures): number {
  return prior === undefined ? expectedRates.walk * walkScore : 0;
}

function highest(values: readonly number[], of: (value: number) => number): number {
  let [best, most] = [values[0]!, -Infinity];
  for (const value of values) {
    const own = of(value);
    if (own > most) [best, most] = [value, own];
  }
  return best;
}

function probability(prior: number, logOdds: number): number {
  return 1 / (1 + ((1 - prior) / prior) * Math.exp(-logOdds));
}
