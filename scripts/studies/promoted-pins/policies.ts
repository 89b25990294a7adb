import {
  type AuctionCandidate,
  type AuctionWinner,
  type RandomStream,
  nextBelow,
  runAuction,
} from '../../../engine/index.ts';
import type { ClickModel } from './click-models.ts';
import { type Market, reserveMicros, slots } from './market.ts';
import { matchesOf } from './matches.ts';
import type { Person } from './people.ts';

/** What may be shown to a person now. */
type IsAllowed = (campaign: number, pin: number) => boolean;

/** Chooses promoted pins for the visits of one person. */
type Chooser = (isAllowed: IsAllowed, stream: RandomStream) => readonly AuctionWinner[];

export interface Policy {
  readonly name: string;
  readonly chooserFor: (person: Person) => Chooser;
}

export interface Levers {
  readonly minRelevance: number;
  /** Quality is relevance to this power. */
  readonly qualityPower: number;
}

export const withoutWalk = 'bid × p(click) without the walk';

/** A campaign has people of its topic without the walk from this share of their saves on. */
const ownShareMin = 0.02;
/** Matches that take part in an auction. */
const matchesMax = 100;

/** All in the same auction, with the same reserve; they differ in who takes part and how probable they think a click is. */
export function policiesOf(
  market: Market,
  models: { readonly plain: ClickModel; readonly walked: ClickModel },
  { minRelevance, qualityPower }: Levers,
): Policy[] {
  const ofTopic =
    (weigh: (person: Person, campaign: number, pin: number) => number) =>
    (person: Person): Chooser => {
      const all = eligible(market, person).map(({ campaign, pin }) =>
        candidateOf(market, campaign, pin, weigh(person, campaign, pin)),
      );
      return (isAllowed) => auction(all.filter(({ campaign, pin }) => isAllowed(campaign, pin)));
    };
  return [
    {
      name: 'random eligible',
      chooserFor(person) {
        const all = eligible(market, person);
        return (isAllowed, stream) => {
          const left = all.filter(({ campaign, pin }) => isAllowed(campaign, pin));
          const drawn = slots.flatMap(() =>
            left.length === 0 ? [] : left.splice(nextBelow(stream, left.length), 1),
          );
          // Nobody bids against them: they pay the reserve.
          return drawn.flatMap(({ campaign, pin }, rank) =>
            auction([candidateOf(market, campaign, pin, 1)], [slots[rank]!]),
          );
        };
      },
    },
    { name: 'highest bid', chooserFor: ofTopic(() => 1) },
    {
      name: 'interests only',
      chooserFor: ofTopic(({ ownShares }, campaign) =>
        Math.min(1, ownShares[market.campaigns[campaign]!.topics[0]!]!),
      ),
    },
    {
      name: withoutWalk,
      chooserFor: ofTopic((person, _, pin) => models.plain(person, { pin, walk: 0, interest: 0 })),
    },
    {
      name: 'ours',
      chooserFor(person) {
        const all = matchesOf(market, person, matchesMax, minRelevance).map((match) => {
          const quality = match.relevance ** qualityPower;
          return candidateOf(market, match.campaign, match.pin, models.walked(person, match), quality, match.relevance); // prettier-ignore
        });
        return (isAllowed) =>
          auction(
            all.filter(({ campaign, pin }) => isAllowed(campaign, pin)),
            slots,
            minRelevance,
          );
      },
    },
  ];
}

function auction(
  candidates: readonly AuctionCandidate[],
  positions: readonly number[] = slots,
  minRelevance = 0,
): readonly AuctionWinner[] {
  return runAuction({ slots: positions, candidates, reserveMicros, minRelevance }).winners;
}

function candidateOf(
  { bids }: Market,
  campaign: number,
  pin: number,
  actionProbability: number,
  quality = 1,
  relevance = 1,
): AuctionCandidate {
  return { campaign, pin, bidMicros: bids[campaign]!, actionProbability, quality, relevance };
}

/** Promoted pins of campaigns whose topic the person has saved from, without those that they have. */
function eligible(
  { campaigns }: Market,
  { ownShares, visible }: Person,
): { campaign: number; pin: number }[] {
  return campaigns.flatMap(({ pins, topics }, campaign) =>
    ownShares[topics[0]!]! < ownShareMin
      ? []
      : pins.filter((pin) => !visible.has(pin)).map((pin) => ({ campaign, pin })),
  );
}
