import { check } from '../base/index.ts';
import { nextUint32, randomStream } from '../random/index.ts';

/** A promoted pin that an answer could show. Money is in integer micro-units of one currency, the same for the whole auction. */
export interface AuctionCandidate {
  /** Dense index of the campaign. */
  readonly campaign: number;
  readonly pin: number;
  /** The most that the campaign pays for the action that it is billed for, a click or a save; a positive integer. */
  readonly bidMicros: number;
  /** Calibrated probability of that action if the pin is shown, in [0, 1]. */
  readonly actionProbability: number;
  /** Factor above 0 for the pin's worth to people; 1 is neutral. */
  readonly quality: number;
  /** By the walk and the interests; compared with the minimum only. */
  readonly relevance: number;
}

interface Auction {
  /** Positions in the answer, distinct, the best first. */
  readonly slots: readonly number[];
  /** In any order. */
  readonly candidates: readonly AuctionCandidate[];
  /** The least that an action costs; an integer from 0. */
  readonly reserveMicros: number;
  /** A pin below it is never shown, whatever the bid. */
  readonly minRelevance: number;
  /** Decides between candidates that are worth the same and equally relevant; 0 by default. */
  readonly randomSeed?: number;
}

/** A candidate in the order of the auction. */
interface RankedCandidate extends AuctionCandidate {
  /** Bid × probability × quality: micro-units that an impression is worth. */
  readonly rankScore: number;
}

export interface AuctionWinner extends RankedCandidate {
  readonly slot: number;
  /** For one action, in [reserveMicros, bidMicros]; an integer. */
  readonly priceMicros: number;
  /** The next campaign in the order; undefined if there was none. */
  readonly beat: RankedCandidate | undefined;
  /** Whether the next campaign or the reserve sets the price. */
  readonly priceSetBy: 'next' | 'reserve';
}

interface AuctionResult {
  /** One for each slot that is filled, the best slot first. */
  readonly winners: readonly AuctionWinner[];
  /** Candidates that took no part: too little relevance, a bid below the reserve, or no chance of an action. */
  readonly refused: { readonly relevance: number; readonly reserve: number; readonly probability: number };
  /** Campaigns that took part. */
  readonly campaigns: number;
}

/** Random substream that breaks ties. */
const tieStream = 0x4000_0040;

/**
 * The generalised second-price auction with a reserve (Edelman, Ostrovsky and Schwarz, AER 2007, doi:10.1257/aer.97.1.242; Varian,
 * IJIO 2007, doi:10.1016/j.ijindorg.2006.10.002), with bids weighted by the probability of the action and by quality. Each campaign competes with its
 * best candidate, so it fills one slot at most and never raises its own price. The winner of a slot pays, for each action that it
 * is billed for, the least integer with which it would still rank above the next campaign, or the reserve if that is more.
 *
 * The result does not depend on the order of the candidates. Equal scores are decided by relevance, then by chance from the seed
 * and the campaign. O(n log n). Throws `invalid-parameter` for a candidate out of range.
 */
export function runAuction({
  slots,
  candidates,
  reserveMicros,
  minRelevance,
  randomSeed = 0,
}: Auction): AuctionResult {
  check(new Set(slots).size === slots.length, 'slots', `${slots.join(', ')} are not distinct`);
  check(isMoney(reserveMicros), 'reserveMicros', `${reserveMicros} is not an integer from 0`);
  const refused = { relevance: 0, reserve: 0, probability: 0 };
  const best = new Map<number, RankedCandidate>();
  for (const candidate of candidates) {
    checkCandidate(candidate);
    const { campaign, bidMicros, actionProbability, quality, relevance } = candidate;
    if (!(relevance >= minRelevance)) refused.relevance++;
    else if (bidMicros < reserveMicros) refused.reserve++;
    else if (actionProbability === 0) refused.probability++;
    else {
      const ranked = { ...candidate, rankScore: bidMicros * (actionProbability * quality) };
      const other = best.get(campaign);
      if (other === undefined || inOrder(ranked, other, randomSeed) < 0) best.set(campaign, ranked);
    }
  }
  const order = [...best.values()].toSorted((a, b) => inOrder(a, b, randomSeed));
  const winners = slots
    .slice(0, order.length)
    .map((slot, rank) => priced(slot, order[rank]!, order[rank + 1], reserveMicros));
  return { winners, refused, campaigns: order.length };
}

function priced(
  slot: number,
  winner: RankedCandidate,
  beat: RankedCandidate | undefined,
  reserveMicros: number,
): AuctionWinner {
  const weight = winner.actionProbability * winner.quality;
  // Rounding may exceed the bid by a unit where both scores are equal.
  const next = beat === undefined ? 0 : Math.min(winner.bidMicros, Math.ceil(beat.rankScore / weight));
  const isNext = next > reserveMicros;
  return {
    ...winner,
    slot,
    priceMicros: isNext ? next : reserveMicros,
    beat,
    priceSetBy: isNext ? 'next' : 'reserve',
  };
}

/** Negative if `a` ranks above `b`. A total order: no two candidates of an auction are equal in campaign and pin. */
function inOrder(a: RankedCandidate, b: RankedCandidate, randomSeed: number): number {
  return (
    b.rankScore - a.rankScore ||
    b.relevance - a.relevance ||
    (a.campaign === b.campaign ? 0 : lotOf(a.campaign, randomSeed) - lotOf(b.campaign, randomSeed)) ||
    a.campaign - b.campaign ||
    a.pin - b.pin
  );
}

function lotOf(campaign: number, randomSeed: number): number {
  return nextUint32(randomStream(randomSeed, campaign, tieStream));
}

function checkCandidate({ bidMicros, actionProbability, quality, relevance }: AuctionCandidate): void {
  check(isMoney(bidMicros) && bidMicros > 0, 'bidMicros', `${bidMicros} is not a positive integer`);
  check(
    actionProbability >= 0 && actionProbability <= 1,
    'actionProbability',
    `${actionProbability} is not in [0, 1]`,
  );
  check(quality > 0 && quality < Infinity, 'quality', `${quality} is not a positive number`);
  check(!Number.isNaN(relevance), 'relevance', 'is not a number');
}

function isMoney(micros: number): boolean {
  return Number.isSafeInteger(micros) && micros >= 0;
}
