import {
  type EarlyDecision,
  type OfferContext,
  type OfferDecision,
  type SendFeatures,
  SendLearner,
  type SendTime,
  type VolumeControl,
  ZoneHours,
  bestTime,
  decideOffer,
  hashedSlots,
  holdBackEarly,
  sendTimes,
} from '../../../engine/notify/index.ts';
import { numberOfKey } from '../../../engine/random/index.ts';
import {
  type DataFolder,
  type PlanReader,
  RecentLog,
  type Suppression,
  dayMs,
} from '../../../graph-data/index.ts';
import { unitOf } from '../../base/index.ts';
import type { Candidate, CandidateSource, Candidates } from './candidates.ts';
import type { CopyWriter } from './copy.ts';
import { type ConsideredPin, type Decision, type HeldNotification, heldBack, pinsPerMessage, undecided } from './decision.ts'; // prettier-ignore
import { holdoutPlace } from './holdout.ts';
import { type Person, featuresOf, readPersonAt, ruleOf } from './person.ts';
import { type PlanPolicy, marginMs, memoryDays } from './policy.ts';
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

/** The time and the inputs of a single decision. */
interface OfferAt {
  readonly at: number;
  readonly seed: number;
  readonly window: string;
  readonly progress: number;
  /** Share of all offers that the budget allows. */
  readonly sendShare: number;
  readonly volume: Pick<VolumeControl, 'threshold' | 'offered' | 'isSpent'>;
  /**
   * The value of offers with a pin, as a share of the highest value that any pin could give. Default: the
   * planner looks for pins even if none can reach the threshold.
   */
  readonly reached?: number | undefined;
}

/**
 * Decides for one person after another. It knows nothing later than `at`: it reads the log of {@link memoryDays}, and learns from
 * notifications sent more than a day before. Opening it is O(log + notifications).
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
    const { at, seed, window, progress, sendShare, volume, reached } = offer;
    const person = this.#personAt(user, at);
    if (person === undefined) return undefined;
    if (this.isHeldOut(user)) return heldBack(person, 'holdout', { arm: 'holdout' });
    const chosen = this.#timeFor(person, at, unitOf(`minute ${seed}`, user));
    if (typeof chosen === 'string') return heldBack(person, chosen);
    const { best, isHeld } = chosen;
    const { unsubscribeCost, explore } = this.policy;
    const unit = unitOf(`explore ${seed} ${window}`, user);
    const context = { unsubscribeCost, exploreShare: explore, sendShare, progress, unit };
    const early = reached === undefined ? undefined : this.#early(person, best, context, reached, volume);
    if (early?.isHeldBack === true) {
      const { valueMax, threshold, propensity } = early;
      const rule = volume.isSpent ? 'budget-spent' : 'below-threshold';
      return heldBack(person, rule, { time: best.time, hour: best.hour, valueMax, threshold: finite(threshold), propensity }); // prettier-ignore
    }
    const found = this.#candidatesOf(person);
    if (typeof found === 'string') return heldBack(person, found, { time: best.time, hour: best.hour });
    const ranked = this.#ranked(person, found, best);
    const [first] = ranked;
    if (first === undefined) return this.#undecided(person, found, best);
    const decided = decideOffer(this.#learner.predict(first.features), context, volume);
    const templateUnit = unitOf(`template ${seed} ${window}`, user);
    const decision = this.#decision(person, found, ranked, best, decided, isHeld, templateUnit);
    return { ...decision, valueMax: early?.valueMax };
  }

  /**
   * Whether no pin can be worth sending to a person. Undefined where a model ranks pins: its probability has no
   * bound.
   */
  #early(
    person: Person,
    time: SendTime,
    context: OfferContext,
    reached: number,
    volume: OfferAt['volume'],
  ): EarlyDecision | undefined {
    const { candidates } = this.#deps;
    if (candidates.isByModel || !candidates.knows(person.user)) return undefined;
    const best = this.#learner.best(this.#ownFeatures(person, time), candidates.topics);
    return holdBackEarly(this.#learner.predict(best), context, reached, volume);
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
    if (typeof found === 'string') return heldBack(person, found, time);
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
  #timeFor(person: Person, at: number, unit: number): { best: SendTime; isHeld: boolean } | Suppression {
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

  #candidatesOf({ user, channel, known }: Person): Candidates | Suppression {
    return this.#deps.candidates.of(user, `notification-${channel.kind}`, known) ?? 'unknown-user';
  }

  /** Candidates by the probability of a click, ties as they come. */
  #ranked(person: Person, { list }: Candidates, time: SendTime): Ranked[] {
    const own = this.#ownFeatures(person, time);
    return list
      .map((candidate) => {
        const { topic, walkScore, probability: prior } = candidate;
        const features = { ...own, topic, walkScore, ...(prior !== undefined && { prior }) };
        return { candidate, features, open: this.#learner.open(features) };
      })
      .toSorted((a, b) => b.open - a.open);
  }

  #ownFeatures(person: Person, { time, hour }: SendTime) {
    return { person: numberOfKey(person.user), ...featuresOf(person, time, hour) };
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
      ...undecided(person),
      suppressedBy: isSent ? undefined : isSpent ? 'budget-spent' : isExplored ? 'exploration' : 'below-threshold', // prettier-ignore
      time,
      hour,
      isHeld: isSent && isHeld,
      value,
      threshold: finite(threshold),
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
    return heldBack(person, 'nothing-new', { time, hour, graphVersion, modelVersion });
  }
}

interface Ranked {
  readonly candidate: Candidate;
  readonly features: SendFeatures;
  readonly open: number;
}

/** JSON has no Infinity. */
function finite(threshold: number): number | null {
  return Number.isFinite(threshold) ? threshold : null;
}

function considered({ candidate: { pin, source, score, of }, open }: Ranked): ConsideredPin {
  return { pin, source, score, open, ...(of !== undefined && { of }) };
}
