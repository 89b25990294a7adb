import { Ftrl } from '../../../engine/index.ts';
import { topicCount } from './click-model.ts';

/** What ours knows of an offer: nothing of the click model is in it. */
export interface Known {
  readonly person: number;
  readonly topic: number;
  readonly walkScore: number;
  /** Share of the person's visits at the hour, of 24 shares that sum to 1. */
  readonly hourShare: number;
  readonly sentOfWeek: number;
  readonly sentOfMonth: number;
  /** Opens of the person's notifications so far, shrunk to the expected rate. */
  readonly openShare: number;
}

/** What an operator expects before anything is learned: rates, and log odds by a standard deviation of the walk score. */
export const expected = { open: 0.05, unsubscribe: 0.002, walk: 0.2 };
const bins = 8;
/** Steps are five times the default: a person has a few dozen notifications. Chosen on seeds 101 to 103. */
const params = { alpha: 0.1, beta: 1, l1: 0, l2: 1 };
const slotsMax = 9;

/** Probabilities of an open and of unsubscribing, learned online from what was sent: one logistic regression by FTRL-proximal each. */
export class Learner {
  readonly #open: Ftrl;
  readonly #leave: Ftrl;
  readonly #slots = new Int32Array(slotsMax);
  /** Slots before those of the topics of each person. */
  readonly #pairs: number;

  constructor(people: number) {
    this.#pairs = 6 * bins + topicCount + people;
    const slotBits = Math.ceil(Math.log2(this.#pairs + people * topicCount));
    this.#open = new Ftrl({ ...params, slotBits: Math.max(8, slotBits) }, slotsMax);
    this.#leave = new Ftrl({ ...params, slotBits: 8 }, slotsMax);
  }

  open(known: Known): number {
    const count = this.#openSlots(known);
    return probability(expected.open, this.#open.logOdds(this.#slots, count) + expected.walk * known.walkScore); // prettier-ignore
  }

  unsubscribe(known: Known): number {
    const count = this.#leaveSlots(known);
    return probability(expected.unsubscribe, this.#leave.logOdds(this.#slots, count));
  }

  learn(known: Known, isOpened: boolean, hasLeft: boolean): void {
    // The model has the row's weights at hand from its prediction.
    const opening = this.open(known) - Number(isOpened);
    this.#open.step(this.#slots, slotsMax, opening);
    const leaving = this.unsubscribe(known) - Number(hasLeft);
    this.#leave.step(this.#slots, leaveSlots, leaving);
  }

  #openSlots({ person, topic, walkScore, hourShare, sentOfWeek, sentOfMonth, openShare }: Known): number {
    const slots = this.#slots;
    slots[0] = 0;
    slots[1] = bins + binOf((walkScore + 2) * 2);
    slots[2] = 2 * bins + shareBin(24 * hourShare);
    slots[3] = 3 * bins + binOf(sentOfWeek);
    slots[4] = 4 * bins + binOf(sentOfMonth / 4);
    slots[5] = 5 * bins + shareBin(openShare / expected.open);
    slots[6] = 6 * bins + topic;
    slots[7] = 6 * bins + topicCount + person;
    slots[8] = this.#pairs + person * topicCount + topic;
    return slotsMax;
  }

  #leaveSlots({ sentOfWeek, sentOfMonth, openShare }: Known): number {
    const slots = this.#slots;
    slots[0] = 0;
    slots[1] = bins + binOf(sentOfWeek);
    slots[2] = 2 * bins + binOf(sentOfMonth / 4);
    slots[3] = 3 * bins + shareBin(openShare / expected.open);
    return leaveSlots;
  }
}

const leaveSlots = 4;

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
