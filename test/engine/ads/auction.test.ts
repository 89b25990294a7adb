import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AuctionCandidate, runAuction } from '../../../engine/index.ts';

/** `npm run auctions` draws 100,000 of each. */
const numRuns = Number(process.env['PINWALK_AUCTIONS'] ?? 300);
const many = { numRuns };

const candidate = (changes: Partial<AuctionCandidate> = {}): AuctionCandidate => ({
  campaign: 0,
  pin: 0,
  bidMicros: 1_000_000,
  actionProbability: 0.1,
  quality: 1,
  relevance: 0.5,
  ...changes,
});

/** Few values each, so that ties are common, or any. */
const bids = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 10_000_000_000 }));
const probabilities = fc.oneof(fc.constantFrom(0, 0.1, 0.2, 1), fc.double({ min: 0, max: 1, noNaN: true }));
const qualities = fc.oneof(fc.constantFrom(0.5, 1, 2), fc.double({ min: 1e-3, max: 1e3, noNaN: true }));
const relevances = fc.oneof(fc.constantFrom(0, 0.3, 1), fc.double({ min: 0, max: 1, noNaN: true }));
const candidates: fc.Arbitrary<AuctionCandidate[]> = fc.uniqueArray(
  fc.record({
    campaign: fc.nat({ max: 12 }),
    pin: fc.nat({ max: 4 }),
    bidMicros: bids,
    actionProbability: probabilities,
    quality: qualities,
    relevance: relevances,
  }),
  { maxLength: 24, selector: ({ campaign, pin }) => `${campaign} ${pin}` },
);
const auctions = fc.record({
  candidates,
  slots: fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 4 }),
  reserveMicros: fc.oneof(fc.nat({ max: 4 }), fc.nat({ max: 1_000_000_000 })),
  minRelevance: fc.constantFrom(0, 0.3, 0.6),
  randomSeed: fc.nat(),
});

describe('any auction', () => {
  test('asks at least the reserve and at most the bid, in whole micro-units, and once of a campaign', () => {
    fc.assert(
      fc.property(auctions, (auction) => {
        const { winners } = runAuction(auction);
        for (const { priceMicros, bidMicros, relevance, actionProbability } of winners) {
          expect(Number.isSafeInteger(priceMicros)).toBe(true);
          expect(priceMicros).toBeGreaterThanOrEqual(auction.reserveMicros);
          expect(priceMicros).toBeLessThanOrEqual(bidMicros);
          expect(relevance).toBeGreaterThanOrEqual(auction.minRelevance);
          expect(actionProbability).toBeGreaterThan(0);
        }
        expect(new Set(winners.map(({ campaign }) => campaign)).size).toBe(winners.length);
        expect(winners.map(({ slot }) => slot)).toEqual(auction.slots.slice(0, winners.length));
      }),
      many,
    );
  });

  test('fills every slot as long as there are campaigns that may take part', () => {
    fc.assert(
      fc.property(auctions, (auction) => {
        const able = auction.candidates.filter(
          ({ bidMicros, relevance, actionProbability }) =>
            bidMicros >= auction.reserveMicros && relevance >= auction.minRelevance && actionProbability > 0,
        );
        const { winners, campaigns, refused } = runAuction(auction);
        expect(campaigns).toBe(new Set(able.map(({ campaign }) => campaign)).size);
        expect(winners).toHaveLength(Math.min(auction.slots.length, campaigns));
        expect(refused.relevance + refused.reserve + refused.probability).toBe(
          auction.candidates.length - able.length,
        );
      }),
      many,
    );
  });

  test('does not depend on the order of campaigns and pins', () => {
    fc.assert(
      fc.property(
        auctions.chain((auction) =>
          fc.tuple(
            fc.constant(auction),
            fc.shuffledSubarray(auction.candidates, { minLength: auction.candidates.length }),
          ),
        ),
        ([auction, shuffled]) => {
          expect(runAuction({ ...auction, candidates: shuffled })).toEqual(runAuction(auction));
        },
      ),
      many,
    );
  });

  test('gives a campaign that raises its bids a slot at least as good', () => {
    fc.assert(
      fc.property(auctions, fc.nat(), fc.integer({ min: 1, max: 1_000_000 }), (auction, which, more) => {
        fc.pre(auction.candidates.length > 0);
        const { campaign } = auction.candidates[which % auction.candidates.length]!;
        const raised = auction.candidates.map((each) =>
          each.campaign === campaign ? { ...each, bidMicros: each.bidMicros + more } : each,
        );
        expect(rankOf(campaign, raised, auction)).toBeLessThanOrEqual(
          rankOf(campaign, auction.candidates, auction),
        );
      }),
      many,
    );
  });

  test('asks each winner the least bid that still ranks above the next campaign', () => {
    fc.assert(
      fc.property(auctions, (auction) => {
        const { winners } = runAuction(auction);
        for (const { priceMicros, actionProbability, quality, beat, priceSetBy } of winners) {
          const scoreAt = (bid: number): number => bid * (actionProbability * quality);
          if (priceSetBy === 'reserve') {
            expect(priceMicros).toBe(auction.reserveMicros);
            if (beat !== undefined && priceMicros > 0) expect(scoreAt(priceMicros)).toBeGreaterThanOrEqual(beat.rankScore * (1 - 1e-12)); // prettier-ignore
          } else {
            expect(scoreAt(priceMicros)).toBeGreaterThanOrEqual(beat!.rankScore * (1 - 1e-12));
            expect(scoreAt(priceMicros - 1)).toBeLessThan(beat!.rankScore * (1 + 1e-12));
          }
        }
      }),
      many,
    );
  });

  test('lets no losing bid change the slots of others, and only the best one the price of the last winner', () => {
    fc.assert(
      fc.property(auctions, fc.nat(), bids, (auction, which, bidMicros) => {
        const { winners } = runAuction(auction);
        const losers = auction.candidates.filter(
          (each) => !winners.some(({ campaign }) => campaign === each.campaign),
        );
        fc.pre(winners.length > 0 && losers.length > 0);
        const loser = losers[which % losers.length]!;
        const changed = auction.candidates.map((each) => (each === loser ? { ...each, bidMicros } : each));
        const after = runAuction({ ...auction, candidates: changed }).winners;
        // The changed bid wins now.
        fc.pre(!after.some(({ campaign }) => campaign === loser.campaign));
        const heads = (all: typeof winners) =>
          all.map(({ slot, campaign, pin }) => ({ slot, campaign, pin }));
        const prices = (all: typeof winners) => all.map(({ priceMicros }) => priceMicros);
        expect(heads(after)).toEqual(heads(winners));
        expect(prices(after).slice(0, -1)).toEqual(prices(winners).slice(0, -1));
        const last = winners.at(-1)!;
        const wasBest = last.beat?.campaign === loser.campaign || after.at(-1)!.beat?.campaign === loser.campaign; // prettier-ignore
        if (!wasBest) expect(prices(after)).toEqual(prices(winners));
      }),
      many,
    );
  });
});

/** The place of a campaign in the order of winners; Infinity for a loser. */
function rankOf(
  campaign: number,
  of: readonly AuctionCandidate[],
  auction: Parameters<typeof runAuction>[0],
): number {
  const at = runAuction({ ...auction, candidates: of }).winners.findIndex((each) => each.campaign === campaign); // prettier-ignore
  return at < 0 ? Infinity : at;
}

test('prices the example of Edelman, Ostrovsky and Schwarz: bids of 10, 4 and 2, two slots', () => {
  const bidders = [10, 4, 2].map((dollars, campaign) =>
    candidate({ campaign, bidMicros: dollars * 1_000_000, actionProbability: 1 }),
  );
  const { winners } = runAuction({ slots: [1, 2], candidates: bidders, reserveMicros: 0, minRelevance: 0 });
  expect(winners.map(({ campaign, priceMicros }) => [campaign, priceMicros])).toEqual([
    [0, 4_000_000],
    [1, 2_000_000],
  ]);
  expect(winners[0]!.beat).toMatchObject({ campaign: 1, rankScore: 4_000_000 });
});

test('a probable click outranks a higher bid, and pays less a click for it', () => {
  const { winners } = runAuction({
    slots: [3],
    candidates: [
      candidate({ campaign: 0, bidMicros: 2_000_000, actionProbability: 0.01 }),
      candidate({ campaign: 1, bidMicros: 1_000_000, actionProbability: 0.1 }),
    ],
    reserveMicros: 50_000,
    minRelevance: 0,
  });
  expect(winners).toMatchObject([{ campaign: 1, priceMicros: 200_000, priceSetBy: 'next' }]);
});

test('shows nothing below the minimum relevance, whatever the bid', () => {
  const { winners, refused } = runAuction({
    slots: [3],
    candidates: [candidate({ bidMicros: Number.MAX_SAFE_INTEGER, relevance: 0.099 })],
    reserveMicros: 1,
    minRelevance: 0.1,
  });
  expect(winners).toEqual([]);
  expect(refused).toEqual({ relevance: 1, reserve: 0, probability: 0 });
});

test('two pins of one campaign do not raise its price', () => {
  const { winners } = runAuction({
    slots: [1, 2],
    candidates: [candidate({ pin: 1 }), candidate({ pin: 2, bidMicros: 999_999 })],
    reserveMicros: 1_000,
    minRelevance: 0,
  });
  expect(winners).toMatchObject([{ pin: 1, priceMicros: 1_000, priceSetBy: 'reserve' }]);
});

test('ties are won by each campaign about as often, over seeds', () => {
  const wins = [0, 0, 0];
  for (let randomSeed = 0; randomSeed < 3_000; randomSeed++) {
    const tied = [0, 1, 2].map((campaign) => candidate({ campaign }));
    wins[runAuction({ slots: [1], candidates: tied, reserveMicros: 1, minRelevance: 0, randomSeed }).winners[0]!.campaign]!++; // prettier-ignore
  }
  // 1,000 ± 26: six standard deviations.
  for (const count of wins) expect(Math.abs(count - 1_000)).toBeLessThan(160);
});

test.each<[string, Partial<AuctionCandidate>]>([
  ['bidMicros', { bidMicros: 0 }],
  ['bidMicros', { bidMicros: 1.5 }],
  ['actionProbability', { actionProbability: 1.01 }],
  ['actionProbability', { actionProbability: NaN }],
  ['quality', { quality: 0 }],
  ['relevance', { relevance: NaN }],
])('refuses a candidate with a wrong %s', (field, changes) => {
  const auction = { slots: [1], candidates: [candidate(changes)], reserveMicros: 1, minRelevance: 0 };
  expect(() => runAuction(auction)).toThrow(expect.objectContaining({ field }));
});

test('refuses slots that repeat and a reserve that is no money', () => {
  const auction = { slots: [1], candidates: [], reserveMicros: 1, minRelevance: 0 };
  expect(() => runAuction({ ...auction, slots: [3, 3] })).toThrow('slots');
  expect(() => runAuction({ ...auction, reserveMicros: 0.5 })).toThrow('reserveMicros');
});
