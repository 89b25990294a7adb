import {
  type OfferDecision,
  type SendFeatures,
  SendLearner,
  type SendTime,
  type VolumeControl,
  ZoneHours,
  bestTime,
  decideOffer,
  hashedSlots,
  numberOfKey,
  sendTimes,
} from '../../../engine/index.ts';
import { type DataFolder, type PlanReader, RecentLog, dayMs } from '../../../graph-data/index.ts';
import { unitOf } from '../../base/index.ts';
import type { Candidate, CandidateSource, Candidates } from './candidates.ts';
import type { CopyWriter } from './copy.ts';
import { type ConsideredPin, type Decision, pinsPerMessage } from './decision.ts';
import { holdoutPlace } from './holdout.ts';
import { type Person, featuresOf, readPersonAt, ruleOf } from './person.ts';
import { type PlanPolicy, type PlanRule, marginMs, memoryDays } from './policy.ts';
import { Population, minuteIn } from './population.ts';
import { Templates } from './templates.ts';

/** A notification is learned from once its day is over. */
const outcomeDays = 1;
/** Of the weights that are learned: 16 MB. */
const slotBits = 20;
/** Considered pins that the journal keeps. */
const pinsKept = 5;

interface PlannerDeps {
  readonly folder: DataFolder;
  readonly reader: PlanReader;
  readonly candidates: CandidateSource;
  readonly copy: CopyWriter;
}

/** When and by what one person is decided. */
interface OfferAt {
  readonly at: number;
  readonly seed: number;
  readonly window: string;
  readonly progress: number;
  /** Share of all offers that the budget allows. */
  readonly sendShare: number;
  readonly volume: Pick<VolumeControl, 'threshold' | 'offered' | 'isSpent'>;
}

/**
 * Decides for one person after another. What it knows of the past is that before `at`: the log of {@link memoryDays}, and what was learned
 * from the notifications that were sent more than a day before. O(log + notifications) to begin with.
 */
export class Planner {
  readonly policy: PlanPolicy;
  readonly #deps: PlannerDeps;
  readonly #log: RecentLog;
  readonly #population: Population;
  readonly #zoneHours = new ZoneHours();
  readonly #learner = new SendLearner(hashedSlots(slotBits));
  readonly #templates = new Templates();

  constructor(policy: PlanPolicy, deps: PlannerDeps, at: number) {
    this.policy = policy;
    this.#deps = deps;
    const { folder, reader } = deps;
    const from = at - memoryDays * dayMs;
    this.#population = new Population(reader);
    this.#log = new RecentLog(folder, from, at, (person) => this.#population.has(person));
    this.#population.count(this.#log, this.#zoneHours);
    for (const { id, journal, hasLeft } of reader.sent(policy.campaign, from, at - outcomeDays * dayMs)) {
      const { features, template } = JSON.parse(journal) as Pick<Partial<Decision>, 'features' | 'template'>;
      const hasActed = this.#log.hasActed(id);
      if (features !== undefined) this.#learner.learn(features, hasActed, hasLeft);
      this.#templates.learn(template, hasActed);
    }
  }

  /** Whether a person never receives anything of the campaign: always the same people. */
  isHeldOut(user: string): boolean {
    return holdoutPlace(this.policy.campaign, user) < this.policy.holdout;
  }

  /** Decides for a person, and counts the offer in the volume. Undefined if they have no channel that may be used. */
  decide(user: string, offer: OfferAt): Decision | undefined {
    const { at, seed, window, progress, sendShare, volume } = offer;
    const person = this.#personAt(user, at);
    if (person === undefined) return undefined;
    if (this.isHeldOut(user)) return held(person, 'holdout', { arm: 'holdout' });
    const chosen = this.#timeFor(person, at, unitOf(`minute ${seed}`, user));
    if (typeof chosen === 'string') return held(person, chosen);
    const { best, isHeld } = chosen;
    const found = this.#candidatesOf(person);
    if (typeof found === 'string') return held(person, found, { time: best.time, hour: best.hour });
    const ranked = this.#ranked(person, found, best);
    const [first] = ranked;
    if (first === undefined) return this.#undecided(person, found, best);
    const { unsubscribeCost, explore } = this.policy;
    const decided = decideOffer(
      this.#learner.predict(first.features),
      { unsubscribeCost, exploreShare: explore, sendShare, progress, unit: unitOf(`explore ${seed} ${window}`, user) }, // prettier-ignore
      volume,
    );
    const unit = unitOf(`template ${seed} ${window}`, user);
    return this.#decision(person, found, ranked, best, decided, isHeld, unit);
  }

  /**
   * Decides again on a held notification whose time has come: with the pins of now, at this hour, against the threshold that it had to
   * exceed. Undefined if the person has no such channel any more.
   */
  decideAgain(heldOne: HeldNotification, now: number): Decision | undefined {
    const { user, journal } = heldOne;
    const person = readPersonAt(this.#personDeps, user, now, heldOne);
    if (person === undefined) return undefined;
    const hour = Math.floor((minuteIn(this.#zoneHours, now, person.channel.timeZone) ?? 0) / 60);
    const time = { time: now, hour, isQuiet: false };
    const found = this.#candidatesOf(person);
    if (typeof found === 'string') return held(person, found, time);
    const ranked = this.#ranked(person, found, time);
    const [first] = ranked;
    if (first === undefined) return this.#undecided(person, found, time);
    const threshold = journal.threshold ?? 0;
    const isExplored = journal.isExplored === true;
    const { unsubscribeCost } = this.policy;
    const offer = { unsubscribeCost, exploreShare: 0, sendShare: 0, progress: 0, unit: 0 };
    const fixed = {
      isSpent: false,
      threshold: () => (isExplored ? -Infinity : threshold),
      offered: () => undefined,
    };
    const decided = decideOffer(this.#learner.predict(first.features), offer, fixed);
    const propensity = journal.propensity ?? 1;
    return this.#decision(
      person,
      found,
      ranked,
      time,
      { ...decided, threshold, propensity, isExplored },
      false,
      unitOf('template', heldOne.id),
    );
  }

  /** What each feature of a decision adds to the log odds of a click. */
  contributionsOf(features: SendFeatures): { readonly feature: string; readonly logOdds: number }[] {
    return this.#learner.contributions(features);
  }

  close(): void {
    this.#log.close();
  }

  get #personDeps() {
    const { reader } = this.#deps;
    return { reader, log: this.#log, population: this.#population, zoneHours: this.#zoneHours };
  }

  #personAt(user: string, at: number): Person | undefined {
    return readPersonAt(this.#personDeps, user, at);
  }

  /** The best of the next 24 hours that rules and quiet hours allow, and whether a quiet one would be better. */
  #timeFor(person: Person, at: number, unit: number): { best: SendTime; isHeld: boolean } | PlanRule {
    const { timeZone, quietHours } = person.channel;
    let times: SendTime[];
    try {
      times = sendTimes(this.#zoneHours, at, Math.floor(60 * unit), timeZone, quietHours, marginMs);
    } catch (error) {
      if (error instanceof RangeError) return 'unknown-time-zone';
      throw error;
    }
    const { rules } = this.policy;
    const isFree = ({ time }: SendTime): boolean => ruleOf(person, time, rules) === undefined;
    const free = times.filter(isFree);
    if (free.length === 0) return ruleOf(person, times[0]!.time, rules)!;
    const best = bestTime(free, person.hourShares, ({ isQuiet }) => !isQuiet);
    if (best === undefined) return 'quiet-hours';
    return { best, isHeld: bestTime(free, person.hourShares, () => true)!.isQuiet };
  }

  #candidatesOf({ user, channel, known }: Person): Candidates | PlanRule {
    return this.#deps.candidates.of(user, `notification-${channel.kind}`, known) ?? 'unknown-user';
  }

  /** Candidates by the probability of a click, ties as they come. */
  #ranked(person: Person, { list }: Candidates, { time, hour }: SendTime): Ranked[] {
    const own = { person: numberOfKey(person.user), ...featuresOf(person, time, hour) };
    return list
      .map((candidate) => {
        const { topic, walkScore, probability: prior } = candidate;
        const features = { ...own, topic, walkScore, ...(prior !== undefined && { prior }) };
        return { candidate, features, open: this.#learner.open(features) };
      })
      .toSorted((a, b) => b.open - a.open);
  }

  #decision(
    person: Person,
    { graphVersion, modelVersion, reasonOf }: Candidates,
    ranked: readonly Ranked[],
    { time, hour }: SendTime,
    decided: OfferDecision,
    isHeld: boolean,
    unit: number,
  ): Decision {
    const { value, threshold, propensity, isExplored, isSent, isSpent } = decided;
    const [{ features, open }] = ranked as [Ranked];
    const { openWithOneFewer, unsubscribe } = this.#learner.predict(features);
    const { copy } = this.#deps;
    const { language, kind } = person.channel;
    const [first, ...others] = ranked.map(({ candidate }) => candidate) as [Candidate, ...Candidate[]];
    const sent = [first, ...copy.linked(others, pinsPerMessage(kind) - 1)];
    const reason = reasonOf(first);
    const template = this.#templates.choose(person, copy.templatesOf(first, reason, language), time, unit);
    return {
      ...base(person),
      suppressedBy: isSent ? undefined : isSpent ? 'budget-spent' : isExplored ? 'exploration' : 'below-threshold', // prettier-ignore
      time,
      hour,
      isHeld: isSent && isHeld,
      value,
      threshold: Number.isFinite(threshold) ? threshold : null,
      propensity,
      isExplored,
      prediction: { open, openWithOneFewer, unsubscribe },
      features,
      pins: ranked.slice(0, pinsKept).map(considered),
      sent: sent.map(({ pin }) => pin),
      template,
      copy: copy.of(first, reason, language, template.template),
      graphVersion,
      modelVersion,
    };
  }

  #undecided(person: Person, { graphVersion, modelVersion }: Candidates, { time, hour }: SendTime): Decision {
    return held(person, 'nothing-new', { time, hour, graphVersion, modelVersion });
  }
}

/** What is decided again of a held notification. */
interface HeldNotification {
  readonly id: string;
  readonly user: string;
  readonly channel: Decision['channel'];
  readonly journal: {
    readonly threshold?: number | null;
    readonly isExplored?: boolean;
    readonly propensity?: number | undefined;
  };
}

interface Ranked {
  readonly candidate: Candidate;
  readonly features: SendFeatures;
  readonly open: number;
}

function considered({ candidate: { pin, source, score, of }, open }: Ranked): ConsideredPin {
  return { pin, source, score, open, ...(of !== undefined && { of }) };
}

/** A decision with nothing decided but the person. */
function base({ user, channel, known }: Person) {
  return {
    user,
    channel: channel.kind,
    arm: 'notified',
    time: undefined,
    hour: undefined,
    isHeld: false,
    value: undefined,
    threshold: undefined,
    propensity: 1,
    isExplored: false,
    prediction: undefined,
    features: undefined,
    pins: [],
    sent: [],
    leftOut: known.size,
    template: undefined,
    copy: undefined,
    graphVersion: undefined,
    modelVersion: undefined,
  } as const;
}

function held(person: Person, rule: PlanRule, more: Partial<Decision> = {}): Decision {
  return { ...base(person), suppressedBy: rule, ...more };
}
