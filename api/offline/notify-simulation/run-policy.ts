import { nextBelow, randomStream } from '../../../engine/index.ts';
import { type People, recovered } from './click-model.ts';
import { type Offer, type Policy, type Send, hourMs } from './policies.ts';

/** The results of a policy over all weeks. */
export interface PolicyOutcome {
  readonly sends: number;
  readonly opens: number;
  /** People who left. */
  readonly unsubscribes: number;
  readonly sendsByWeek: readonly number[];
  readonly opensByWeek: readonly number[];
}

const orderStream = 0x4000_0034;

/**
 * Runs a policy on people for some weeks: every day it decides for each subscribed person, in an order drawn anew, and learns of
 * the opens of the day at its end. O(people · days · candidates).
 */
export function runPolicy(people: People, weeks: number, policy: Policy, randomSeed: number): PolicyOutcome {
  const { count } = people;
  const state = Array.from({ length: count }, () => ({
    isSubscribed: true,
    tiredness: 0,
    day: 0,
    sentAt: [] as number[],
    visits: new Uint32Array(24),
  }));
  const allVisits = new Uint32Array(24);
  const order = Int32Array.from({ length: count }, (_, i) => i);
  const drawing = randomStream(randomSeed, 0, orderStream);
  const [sendsByWeek, opensByWeek] = [zeros(weeks), zeros(weeks)];
  let unsubscribes = 0;
  for (let day = 0; day < 7 * weeks; day++) {
    const week = Math.floor(day / 7);
    policy.startDay?.(day);
    shuffle(order, () => nextBelow(drawing, 2 ** 31) / 2 ** 31);
    const sent: { send: Send; offer: Offer; isOpened: boolean; hasLeft: boolean }[] = [];
    for (let place = 0; place < count; place++) {
      const person = order[place]!;
      const own = state[person]!;
      if (!own.isSubscribed) continue;
      const offer: Offer = {
        person,
        day,
        candidates: people.candidates(person, day),
        sentAt: own.sentAt,
        visits: own.visits,
        allVisits,
        progress: ((day % 7) + place / count) / 7,
        tiredness: recovered(own.tiredness, day - own.day),
      };
      const send = policy.decide(offer);
      if (send === undefined) continue;
      const { topic } = offer.candidates[send.candidate]!;
      const [openDraw, leaveDraw] = people.draws(person, day);
      const isOpened = openDraw < people.openProbability(person, topic, send.hour, offer.tiredness);
      const hasLeft = leaveDraw < people.unsubscribeProbability(person, topic, offer.tiredness);
      // A policy learns of an offer as it was.
      sent.push({ send, offer: { ...offer, sentAt: [...own.sentAt] }, isOpened, hasLeft });
      own.tiredness = offer.tiredness + 1;
      own.day = day;
      own.sentAt.push((day * 24 + send.hour) * hourMs);
      own.isSubscribed = !hasLeft;
      unsubscribes += Number(hasLeft);
      sendsByWeek[week]!++;
      opensByWeek[week]! += Number(isOpened);
    }
    for (const { send, offer, isOpened, hasLeft } of sent) policy.learn?.(send, offer, isOpened, hasLeft);
    for (let person = 0; person < count; person++) {
      for (const hour of people.visits(person, day)) {
        state[person]!.visits[hour]!++;
        allVisits[hour]!++;
      }
    }
  }
  return { sends: sum(sendsByWeek), opens: sum(opensByWeek), unsubscribes, sendsByWeek, opensByWeek };
}

/** Fisher and Yates. */
function shuffle(order: Int32Array, unit: () => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(unit() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
}

function zeros(length: number): number[] {
  return Array.from({ length }, () => 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
