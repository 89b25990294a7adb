import { type AuctionWinner, runAuction } from '../../engine/ads/index.ts';
import { nextUnit, randomStream } from '../../engine/random/index.ts';
import type { Database } from '../database/index.ts';
import { oddsOf } from './action-odds.ts';
import type { CampaignClock } from './campaign-clock.ts';
import { impressionId, signToken } from './click-token.ts';
import { PlaceRows, type PlacedSettings } from './place-rows.ts';
import type { Placed, PlaceRequest, RuledOutBy } from './place-types.ts';

/** Facts of the graph's database: of a pin, by its index, and of a person. */
export interface PersonFacts {
  /** Reads all of one moment. */
  readonly atOnce: <Result>(read: () => Result) => Result;
  /** Undefined for a pin that was deleted. */
  readonly keyOf: (pin: number) => string | undefined;
  readonly hasSaved: (user: string, pin: number) => boolean;
  /** Whether they are of a share of people, the same for as long as the campaign has its id. */
  readonly isHeldOut: (user: string, campaign: string, share: number) => boolean;
  /** Whether their attributes pass a filter. */
  readonly passes: (user: string, filter: Readonly<Record<string, unknown>>) => boolean;
}

/** A candidate that may be shown to the person now, with the auction's expectation. */
interface Bidder {
  /** Its place among the candidates. */
  readonly candidate: number;
  readonly campaign: number;
  readonly pin: number;
  readonly key: string;
  readonly relevance: number;
  readonly settings: PlacedSettings;
  readonly day: string;
  readonly expected: number;
  readonly probability: number;
  readonly quality: number;
  readonly isGhost: boolean;
}

const hourMs = 3_600_000;

/**
 * Fills the promoted slots of a list in one transaction: eligibility, the auction, and the impressions with the
 * basis of their prices. So concurrent requests exceed no cap. Same state, request and time: same placements.
 */
export class Placer {
  readonly #rows: PlaceRows;
  readonly #clock: CampaignClock;
  readonly #person: PersonFacts;

  constructor(database: Database, clock: CampaignClock, person: PersonFacts) {
    this.#rows = new PlaceRows(database);
    this.#clock = clock;
    this.#person = person;
  }

  /** Within a transaction. O(candidates). */
  place(request: PlaceRequest): Placed {
    const { slots, reserveMicros, minRelevance, randomSeed } = request;
    const requests = this.#rows.countRequest(request.at);
    const { bidders, ruledOut } = this.#person.atOnce(() => this.#bidders(request, requests));
    const secret = bidders.length === 0 ? undefined : this.#rows.secret;
    /** Bidders who are held out, or whose pin stands in a better slot already. */
    const out = new Set<number>();
    for (;;) {
      const { winners } = runAuction({
        slots,
        reserveMicros,
        minRelevance,
        randomSeed,
        candidates: bidders.flatMap(({ campaign, relevance, probability, quality, settings }, pin) => {
          if (out.has(pin)) return [];
          const bidMicros = settings.bid.micros;
          return { campaign, pin, bidMicros, actionProbability: probability, quality, relevance };
        }),
      });
      const placed = winners.map((winner) => ({ winner, bidder: bidders[winner.pin]! }));
      const pins = placed.map(({ bidder }) => bidder.pin);
      const repeated = placed.filter((_, i) => pins.indexOf(pins[i]!) < i);
      const held = placed.filter(({ bidder }) => bidder.isGhost);
      if (repeated.length > 0) for (const { winner } of repeated) out.add(winner.pin);
      else if (held.length > 0) {
        // Then others win, as on a server without the campaign.
        for (const { winner } of held) {
          for (const [i, { campaign }] of bidders.entries()) if (campaign === winner.campaign) out.add(i);
          ruledOut.set(winner.campaign, 'holdout');
        }
        for (const each of held) this.#add(request, each);
      } else {
        const placements = placed.map((each) => {
          const { settings, key: pin, candidate } = each.bidder;
          const token = signToken(secret!, this.#add(request, each));
          const { id: campaign, label } = settings;
          return { slot: each.winner.slot, campaign, label, pin, candidate, token };
        });
        return { placements, ruledOut: countsOf(ruledOut) };
      }
    }
  }

  /** Stores an impression, and returns its id. */
  #add(
    { recommendationId, user, surface, interest, at }: PlaceRequest,
    { bidder, winner }: { readonly bidder: Bidder; readonly winner: AuctionWinner },
  ): Buffer {
    const { slot, priceMicros, priceSetBy, beat } = winner;
    const { campaign, key: pin, day, expected, settings, probability, quality, relevance } = bidder;
    const id = impressionId(recommendationId, campaign, slot);
    const basis = {
      interest,
      bid: settings.bid.micros,
      price: priceMicros,
      priceSetBy,
      probability,
      quality,
      relevance,
    };
    const isGhost = bidder.isGhost ? 1 : 0;
    const row = { ...basis, id, campaign, user, pin, surface, at, isGhost, beat: beat?.campaign ?? null };
    this.#rows.add({ ...row, recommendation: recommendationId, rank: slot }, day, expected);
    return id;
  }

  /**
   * Candidates that may be shown, best first, as many as the slots and their prices need; and why others may
   * not.
   */
  #bidders(
    request: PlaceRequest,
    requests: number,
  ): { readonly bidders: Bidder[]; readonly ruledOut: Map<number, RuledOutBy> } {
    const { candidates, slots, reserveMicros, minRelevance, at } = request;
    const ruledOut = new Map<number, RuledOutBy>();
    const { campaigns, pins, relevances, probabilities } = candidates;
    const countersOf = this.#rows.countersOf(campaigns);
    // Numbers, as only the first few need an object (docs/promoted-pins-study.md).
    const known: number[] = [];
    const rankScores = new Float64Array(campaigns.length);
    for (let candidate = 0; candidate < campaigns.length; candidate++) {
      const campaign = campaigns[candidate]!;
      const counters = countersOf.get(campaign);
      if (relevances[candidate]! < minRelevance || counters === undefined) continue;
      const settings = this.#rows.settingsOf(campaign, counters.version);
      const { per, micros } = settings.bid;
      if (micros < reserveMicros || !isOn(settings, request)) {
        ruledOut.set(
          campaign,
          settings.paused ? 'paused' : isOn(settings, request) ? 'reserve' : 'not-running',
        );
        continue;
      }
      const { probability, quality } = oddsOf(per, probabilities?.[per]?.[candidate], counters);
      rankScores[candidate] = micros * probability * quality;
      known.push(candidate);
    }
    known.sort((a, b) => rankScores[b]! - rankScores[a]! || relevances[b]! - relevances[a]!);
    const bidders: Bidder[] = [];
    // One more than slots: the price of the last. Of equal ones, all: chance decides between them.
    const enough = (): boolean => {
      const open = bidders.filter(({ isGhost }) => !isGhost);
      const own = [new Set(open.map(({ campaign }) => campaign)), new Set(open.map(({ pin }) => pin))];
      return own.every(({ size }) => size > slots.length);
    };
    let last = Infinity;
    const may = new Map<number, RuledOutBy | 'free'>();
    for (const candidate of known) {
      if (rankScores[candidate]! < last && enough()) break;
      last = rankScores[candidate]!;
      const [campaign, pin, relevance] = [campaigns[candidate]!, pins[candidate]!, relevances[candidate]!];
      const counters = countersOf.get(campaign)!;
      const settings = this.#rows.settingsOf(campaign, counters.version);
      const day = this.#clock.dayOf(at, settings.timeZone);
      let rule = may.get(campaign);
      if (rule === undefined) {
        rule = this.#ruleAgainst(campaign, settings, day, counters.spent, request, requests) ?? 'free';
        may.set(campaign, rule);
      }
      const key = rule === 'free' ? this.#person.keyOf(pin) : undefined;
      if (key !== undefined && this.#isKnownTo(request.user, pin, key)) rule = 'saved-or-hidden';
      if (rule !== 'free') ruledOut.set(campaign, rule);
      else if (key !== undefined) {
        const { per } = settings.bid;
        const odds = oddsOf(per, probabilities?.[per]?.[candidate], counters);
        const isGhost = this.#isHeldOut(settings, request.user);
        bidders.push({ candidate, campaign, pin, relevance, settings, ...odds, key, day, isGhost });
      }
    }
    // Another of its pins takes part.
    for (const { campaign } of bidders) ruledOut.delete(campaign);
    return { bidders, ruledOut };
  }

  /** Undefined if the remaining budgets cover the bid, the person may see it again, and pacing lets it take part in this auction. */
  #ruleAgainst(
    campaign: number,
    settings: Bidder['settings'],
    day: string,
    spent: number,
    { user, at, randomSeed }: PlaceRequest,
    requests: number,
  ): RuledOutBy | undefined {
    const { bid, dailyBudgetMicros, totalBudgetMicros, frequencyCap, users } = settings;
    if (spent + bid.micros > (totalBudgetMicros ?? Infinity)) return 'budget';
    if (this.#rows.spentOn(campaign, day) + bid.micros > dailyBudgetMicros) return 'budget';
    const participation = this.#rows.participationOn(campaign, day);
    // By the number of requests, too: at one seed, a person is not always the one who sees it.
    if (participation < 1 && nextUnit(randomStream(randomSeed, campaign, requests)) >= participation)
      return 'pacing';
    const met = this.#rows.metAfter(user, campaign, at - frequencyCap.hours * hourMs);
    if (met >= frequencyCap.impressions) return 'frequency-cap';
    return users === undefined || this.#person.passes(user, users) ? undefined : 'attributes';
  }

  #isHeldOut({ id, holdout }: Bidder['settings'], user: string): boolean {
    return holdout > 0 && this.#person.isHeldOut(user, id, holdout);
  }

  #isKnownTo(user: string, pin: number, key: string): boolean {
    return this.#rows.hasHidden(user, key) || this.#person.hasSaved(user, pin);
  }
}

function countsOf(ruledOut: ReadonlyMap<number, RuledOutBy>): Placed['ruledOut'] {
  const counts: Partial<Record<RuledOutBy, number>> = {};
  for (const rule of ruledOut.values()) counts[rule] = (counts[rule] ?? 0) + 1;
  return counts;
}

function isOn({ paused, from, until, surfaces }: PlacedSettings, { at, surface }: PlaceRequest): boolean {
  return !paused && from <= at && at < until && (surfaces.length === 0 || surfaces.includes(surface));
}
