import { Ftrl } from '../model/index.ts';
import type { SendPrediction } from './send-value.ts';

/** What is known of an offer: a notification of one pin to one person at one time. */
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
  /** {@link openShareOf} the person's notifications. */
  readonly openShare: number;
  /** What a model says of the pin and the person. Default: {@link expectedRates}, moved by the walk score. */
  readonly prior?: number | undefined;
}

/** The slots of what is counted apart. Those below {@link ownSlots} are taken. */
export interface SendSlots {
  /** Logarithm of their number. */
  readonly bits: number;
  readonly topic: (topic: number) => number;
  readonly person: (person: number) => number;
  readonly pair: (person: number, topic: number) => number;
}

/** What an operator expects before anything is learned: rates, and log odds by a standard deviation of the walk score. */
export const expectedRates = { open: 0.05, unsubscribe: 0.002, walk: 0.2 } as const;
const bins = 8;
/** Slots of the bins of the other features. */
export const ownSlots: number = 6 * bins;
/** Steps are five times the default: a person has a few dozen notifications. Chosen on seeds 101 to 103 of the simulation. */
const params = { alpha: 0.1, beta: 1, l1: 0, l2: 1 };
const names = ['bias', 'walkScore', 'hourShare', 'sentOfWeek', 'sentOfMonth', 'openShare', 'topic', 'person', 'personTopic'] as const; // prettier-ignore
const leaveSlots = 4;
/** Sends at the expected rate that a person's own opens are added to. */
const openPrior = 20;

/** Opens of a person's notifications by their number, shrunk to the expected rate. */
export function openShareOf(opened: number, sent: number): number {
  return (opened + openPrior * expectedRates.open) / (sent + openPrior);
}

/**
 * Probabilities of an open and of unsubscribing, learned online from what was sent: one logistic regression by FTRL-proximal each.
 * The same rows in the same order give the same state. O(1) a row.
 */
export class SendLearner {
  readonly #open: Ftrl;
  readonly #leave: Ftrl;
  readonly #slots: Int32Array = new Int32Array(names.length);
  readonly #at: SendSlots;

  constructor(at: SendSlots) {
    this.#at = at;
    this.#open = new Ftrl({ ...params, slotBits: at.bits }, names.length);
    this.#leave = new Ftrl({ ...params, slotBits: 8 }, names.length);
  }

  /** The probability of an open, were it sent now. */
  open(known: SendFeatures): number {
    const count = this.#openSlots(known);
    return probability(known.prior ?? expectedRates.open, this.#open.logOdds(this.#slots, count) + walkOdds(known)); // prettier-ignore
  }

  /** The probability that the person unsubscribes because of it. */
  unsubscribe(known: SendFeatures): number {
    const count = this.#leaveSlots(known);
    return probability(expectedRates.unsubscribe, this.#leave.logOdds(this.#slots, count));
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

  /** What each feature adds to the log odds of an open: they sum to it. */
  contributions(known: SendFeatures): { readonly feature: string; readonly logOdds: number }[] {
    const count = this.#openSlots(known);
    const slots = this.#slots.slice(0, count);
    const { prior = expectedRates.open } = known;
    return [
      { feature: known.prior === undefined ? 'expected' : 'model', logOdds: Math.log(prior / (1 - prior)) },
      ...names.map((feature, i) => {
        const learned = this.#open.logOdds(slots.subarray(i, i + 1), 1);
        return { feature, logOdds: feature === 'walkScore' ? learned + walkOdds(known) : learned };
      }),
    ];
  }

  learn(known: SendFeatures, isOpened: boolean, hasLeft: boolean): void {
    // The model has the row's weights at hand from its prediction.
    const opening = this.open(known) - Number(isOpened);
    this.#open.step(this.#slots, names.length, opening);
    const leaving = this.unsubscribe(known) - Number(hasLeft);
    this.#leave.step(this.#slots, leaveSlots, leaving);
  }

  #openSlots(known: SendFeatures): number {
    const { person, topic, walkScore, hourShare, sentOfWeek, sentOfMonth, openShare } = known;
    const slots = this.#slots;
    slots[0] = 0;
    slots[1] = bins + binOf((walkScore + 2) * 2);
    slots[2] = 2 * bins + shareBin(24 * hourShare);
    slots[3] = 3 * bins + binOf(sentOfWeek);
    slots[4] = 4 * bins + binOf(sentOfMonth / 4);
    slots[5] = 5 * bins + shareBin(openShare / expectedRates.open);
    slots[6] = this.#at.topic(topic);
    slots[7] = this.#at.person(person);
    slots[8] = this.#at.pair(person, topic);
    return names.length;
  }

  #leaveSlots({ sentOfWeek, sentOfMonth, openShare }: SendFeatures): number {
    const slots = this.#slots;
    slots[0] = 0;
    slots[1] = bins + binOf(sentOfWeek);
    slots[2] = 2 * bins + binOf(sentOfMonth / 4);
    slots[3] = 3 * bins + shareBin(openShare / expectedRates.open);
    return leaveSlots;
  }
}

/** A model that gives a prior has the score among its features. */
function walkOdds({ prior, walkScore }: SendFeatures): number {
  return prior === undefined ? expectedRates.walk * walkScore : 0;
}

function binOf(value: number): number {
  return Math.max(0, Math.min(bins - 1, Math.floor(value)));
}

/** Of a ratio: two bins for a factor of 2. */
function shareBin(ratio: number): number {
  return binOf(bins / 2 + 2 * Math.log2(ratio));
}

function probability(prior: number, logOdds: number): number {
  return 1 / (1 + ((1 - prior) / prior) * Math.exp(-logOdds));
}
