import {
  type SendFeatures,
  SendLearner,
  VolumeControl,
  bestHour,
  decideOffer,
  hourShares,
  nextUnit,
  randomStream,
  ruleAgainst,
  sendRules,
  sentWithin,
} from '../../../engine/index.ts';
import type { Candidate, People } from './click-model.ts';
import { denseSlots } from './dense-slots.ts';

/** A person on a day, as every policy sees them. */
export interface Offer {
  readonly person: number;
  readonly day: number;
  readonly candidates: readonly Candidate[];
  /** Times of the person's notifications, ascending, milliseconds since the simulation began. */
  readonly sentAt: readonly number[];
  /** Visits without a notification, by hour: of the person, and of all. */
  readonly visits: ArrayLike<number>;
  readonly allVisits: ArrayLike<number>;
  /** Of the week's offers, those before this one: in [0, 1). */
  readonly progress: number;
  /** What only a policy that is given the truth may use. */
  readonly tiredness: number;
}

/** A notification: which candidate, at which hour. */
export interface Send {
  readonly candidate: number;
  readonly hour: number;
}

export interface Policy {
  readonly startDay?: (day: number) => void;
  readonly decide: (offer: Offer) => Send | undefined;
  /** At the end of the day. */
  readonly learn?: (send: Send, offer: Offer, isOpened: boolean, hasLeft: boolean) => void;
}

export const hourMs = 3_600_000;
/** The hour of most visits, which an operator without a model would take. */
const commonHour = 17;
const daysOfCap: Readonly<Record<number, readonly number[]>> = { 1: [0], 2: [0, 3], 3: [0, 2, 4], 4: [0, 2, 4, 6], 5: [0, 1, 2, 3, 4], 6: [0, 1, 2, 3, 4, 5], 7: [0, 1, 2, 3, 4, 5, 6] }; // prettier-ignore

/** The best pin of the feed, to everybody, `perWeek` times a week. */
export function fixedCap(perWeek: number): Policy {
  const days = daysOfCap[perWeek]!;
  return {
    decide: ({ day, candidates }) =>
      days.includes(day % 7) ? { candidate: bestByWalk(candidates), hour: commonHour } : undefined,
  };
}

interface OursOptions {
  /** Notifications of each week, all people together. */
  readonly budgets: readonly number[];
  readonly people: number;
  readonly randomSeed: number;
  /** Opens that a person who leaves would still have given. */
  readonly unsubscribeCost: number;
  readonly exploreShare: number;
  /** Chooses candidate and hour, but sends by a fixed cap: what holding back adds is then the difference to ours. */
  readonly perWeek?: number | undefined;
  /** Uses the true values instead of learned ones. */
  readonly truth?: People | undefined;
}

const exploreStream = 0x4000_0033;
/** Visits at the hours of everybody that a person's own are added to. */
const hourPrior = 10;

/** Chooses pin, hour and whether to send by the value of the next notification: learned from its own sends alone, unless `truth` is given. */
export function ours(options: OursOptions): Policy {
  const { budgets, people, randomSeed, unsubscribeCost, exploreShare, perWeek, truth } = options;
  const learner = new SendLearner(denseSlots(people));
  const rules = sendRules({ perDay: 1, perWeek: 5, minGapHours: 18 });
  const exploring = randomStream(randomSeed, 0, exploreStream);
  let volume = new VolumeControl(budgets[0]!);
  const openOf = (offer: Offer, known: SendFeatures, hour: number): number =>
    truth?.openProbability(offer.person, known.topic, hour, offer.tiredness) ?? learner.open(known);
  return {
    startDay(day) {
      if (day % 7 === 0 && day > 0) volume = new VolumeControl(budgets[day / 7]!, volume.state);
      volume.startDay((day % 7) / 7);
    },
    decide(offer) {
      const shares = hourShares(offer.visits, offer.allVisits, hourPrior);
      const hour = bestHour(shares);
      const now = (offer.day * 24 + hour) * hourMs;
      const known = offer.candidates.map((each) => knownOf(offer, each, shares[hour]!, now));
      const opens = known.map((each) => openOf(offer, each, hour));
      const candidate = opens.indexOf(Math.max(...opens));
      if (perWeek !== undefined) return daysOfCap[perWeek]!.includes(offer.day % 7) ? { candidate, hour } : undefined; // prettier-ignore
      if (ruleAgainst(offer.sentAt, now, rules) !== undefined) return undefined;
      const own = known[candidate]!;
      const { person, tiredness } = offer;
      const prediction = learner.predict(own);
      const knownTruth = truth && {
        open: opens[candidate]!,
        openWithOneFewer: own.sentOfWeek === 0 ? opens[candidate]! : truth.openProbability(person, own.topic, hour, tiredness - 1), // prettier-ignore
        unsubscribe: truth.unsubscribeProbability(person, own.topic, tiredness),
      };
      const { isSent } = decideOffer(
        { ...prediction, ...knownTruth },
        {
          unsubscribeCost,
          exploreShare,
          sendShare: Math.min(1, budgets[Math.floor(offer.day / 7)]! / (7 * people)),
          progress: offer.progress,
          unit: nextUnit(exploring),
        },
        volume,
      );
      return isSent ? { candidate, hour } : undefined;
    },
    learn({ candidate, hour }, offer, isOpened, hasLeft) {
      const share = hourShares(offer.visits, offer.allVisits, hourPrior)[hour]!;
      const now = (offer.day * 24 + hour) * hourMs;
      learner.learn(knownOf(offer, offer.candidates[candidate]!, share, now), isOpened, hasLeft);
    },
  };
}

function knownOf(
  offer: Offer,
  { topic, walkScore }: Candidate,
  hourShare: number,
  now: number,
): SendFeatures {
  const { person, sentAt } = offer;
  return {
    person,
    topic,
    walkScore,
    hourShare,
    sentOfWeek: sentWithin(sentAt, now, 168),
    sentOfMonth: sentWithin(sentAt, now, 672),
  };
}

function bestByWalk(candidates: readonly Candidate[]): number {
  let best = 0;
  for (let i = 1; i < candidates.length; i++) if (candidates[i]!.walkScore > candidates[best]!.walkScore) best = i; // prettier-ignore
  return best;
}
