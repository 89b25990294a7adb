import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CampaignTarget,
  type PromotedMatch,
  type TopicTree,
  TargetIndex,
} from '../../../engine/index.ts';

/** Topics: 0 food with 1 baking and 2 soup, 3 sports. Pins 0 and 1 are baking, 2 soup, 3 and 4 sports, 5 has none. */
const tree: TopicTree = {
  parents: Int32Array.of(-1, 0, 0, -1),
  ofPin: Int32Array.of(1, 1, 2, 3, 3, -1),
};

const target = (changes: Partial<CampaignTarget>): CampaignTarget => ({
  pins: [],
  topics: [],
  seedPins: [],
  excludedTopics: [],
  ...changes,
});

const visitedOf = (scores: Record<number, number>) => ({
  count: Object.keys(scores).length,
  pins: Object.keys(scores).map(Number),
  scores: Object.values(scores),
});

function matches(campaigns: CampaignTarget[], scores: Record<number, number>, options = {}): PromotedMatch[] {
  return new TargetIndex(campaigns, tree).match(visitedOf(scores), {
    weights: campaigns.map(() => 1),
    reference: 10,
    minRelevance: 0,
    limit: 10,
    ...options,
  });
}

describe('what a request says of a promoted pin', () => {
  test('is its own score by the reference, and the share of its topic', () => {
    const [match] = matches([target({ pins: [0] })], { 0: 5, 2: 5, 3: 10 });
    expect(match).toEqual({ campaign: 0, pin: 0, walk: 0.5, interest: 0.25, audience: 1, relevance: 0.625 });
  });

  test('is the interest alone for a pin that the walk did not visit', () => {
    const [match] = matches([target({ pins: [1], topics: [0] })], { 0: 5, 2: 5, 3: 10 });
    expect(match).toMatchObject({ pin: 1, walk: 0, interest: 0.25, audience: 0.5, relevance: 0.25 });
  });

  test('is the share of the campaign for a pin without a topic, such as a new one', () => {
    expect(matches([target({ pins: [99], topics: [1] })], { 0: 5, 3: 15 })).toMatchObject([
      { pin: 99, interest: 0.25 },
    ]);
    expect(matches([target({ pins: [99] })], { 0: 5, 3: 15 })).toEqual([]);
  });

  test('does not depend on bids', () => {
    const campaigns = [target({ pins: [0] }), target({ pins: [0] })];
    const [a, b] = matches(campaigns, { 0: 5, 3: 10 }, { weights: [1, 1_000_000] });
    expect(a!.campaign).toBe(1);
    expect({ ...a, campaign: 0 }).toEqual({ ...b, campaign: 0 });
  });
});

describe('a campaign', () => {
  test('is found by its topics and their descendants, counted once', () => {
    expect(matches([target({ pins: [4], topics: [1, 0] })], { 0: 5, 2: 5, 3: 10 })).toMatchObject([
      { audience: 0.5, interest: 0.5 },
    ]);
    expect(matches([target({ pins: [0], topics: [1] })], { 0: 0, 2: 5, 3: 10 })).toEqual([]);
  });

  test('is found by its seed pins, whatever its own are about', () => {
    expect(matches([target({ pins: [4], seedPins: [0, 2] })], { 0: 2, 2: 1, 3: 1 })).toMatchObject([
      { pin: 4, audience: 0.3, interest: 0.25 },
    ]);
    expect(matches([target({ pins: [4], seedPins: [0] })], { 3: 1, 4: 10 })).toEqual([]);
  });

  test('is found by a seed pin of the query, which no walk returns', () => {
    const campaigns = [target({ pins: [0], seedPins: [4] })];
    expect(matches(campaigns, { 0: 5, 3: 5 })).toEqual([]);
    expect(matches(campaigns, { 0: 5, 3: 5 }, { queryPins: [4] })).toMatchObject([{ pin: 0, audience: 1 }]);
    expect(matches(campaigns, { 0: 5, 3: 5 }, { queryPins: [1] })).toEqual([]);
  });

  test('with targets that do not fit is left out although the walk visits its pin', () => {
    expect(matches([target({ pins: [0], topics: [3] })], { 0: 100, 3: 1 })).toEqual([]);
  });

  test('is left out where an excluded topic is more than a tenth', () => {
    const campaigns = [target({ pins: [0], excludedTopics: [3] })];
    expect(matches(campaigns, { 0: 10, 3: 1 })).toHaveLength(1);
    expect(matches(campaigns, { 0: 10, 3: 2 })).toEqual([]);
  });

  test('without weight, below the minimum, or with pins that the person saved, is left out', () => {
    const campaigns = [target({ pins: [0, 1] })];
    const scores = { 0: 1, 3: 9 };
    expect(matches(campaigns, scores)).toHaveLength(2);
    expect(matches(campaigns, scores, { weights: [0] })).toEqual([]);
    expect(matches(campaigns, scores, { minRelevance: 0.15 })).toMatchObject([{ pin: 0 }]);
    expect(matches(campaigns, scores, { excludedPins: new Set([0]) })).toMatchObject([{ pin: 1 }]);
  });
});

/** Readable and slow: every campaign, every pin. */
function slowMatches(
  campaigns: readonly CampaignTarget[],
  { parents, ofPin }: TopicTree,
  scores: ReadonlyMap<number, number>,
  weights: readonly number[],
): PromotedMatch[] {
  const all = [...scores.values()].reduce((sum, score) => sum + score, 0);
  const isBelow = (topic: number, above: number): boolean => {
    let at = topic;
    while (at >= 0 && at !== above) at = parents[at]!;
    return at === above;
  };
  const share = (of: readonly number[]): number => {
    let sum = 0;
    for (const [pin, score] of scores) if (of.some((each) => isBelow(ofPin[pin] ?? -1, each))) sum += score;
    return all === 0 ? 0 : sum / all;
  };
  return campaigns.flatMap(({ pins, topics, seedPins, excludedTopics }, campaign) => {
    if (weights[campaign] === 0 || excludedTopics.some((each) => share([each]) > 0.1)) return [];
    const seeds = [...new Set(seedPins)].reduce((sum, pin) => sum + (scores.get(pin) ?? 0), 0) / 10;
    const audience = topics.length + seedPins.length === 0 ? 1 : Math.max(share(topics), Math.min(1, seeds));
    if (audience < 0.02) return [];
    return [...new Set(pins)].flatMap((pin) => {
      const walk = Math.min(1, (scores.get(pin) ?? 0) / 10);
      const interest = share((ofPin[pin] ?? -1) < 0 ? topics : [ofPin[pin]!]);
      const relevance = 1 - (1 - walk) * (1 - interest);
      return relevance > 0 ? [{ campaign, pin, walk, interest, audience, relevance }] : [];
    });
  });
}

test('finds the same campaigns as a search of all, request after request', () => {
  const pins = fc.nat({ max: 29 });
  const topics = fc.array(fc.nat({ max: 7 }), { maxLength: 3 });
  const few = fc.array(pins, { maxLength: 4 });
  const world = fc.record({
    parents: fc.tuple(...Array.from({ length: 8 }, (_, topic) => fc.integer({ min: -1, max: topic - 1 }))),
    ofPin: fc.array(fc.integer({ min: -1, max: 7 }), { minLength: 25, maxLength: 25 }),
    campaigns: fc.array(fc.record({ pins: few, topics, seedPins: few, excludedTopics: topics }), { maxLength: 12 }),
    requests: fc.array(fc.uniqueArray(fc.tuple(pins, fc.integer({ min: 1, max: 15 })), { selector: ([pin]) => pin, maxLength: 10 }), { minLength: 1, maxLength: 3 }),
    paused: fc.nat({ max: 12 }),
  }); // prettier-ignore
  fc.assert(
    fc.property(world, ({ parents, ofPin, campaigns, requests, paused }) => {
      const grown: TopicTree = { parents: Int32Array.from(parents), ofPin: Int32Array.from(ofPin) };
      const index = new TargetIndex(campaigns, grown);
      const weights = campaigns.map((_, campaign) => (campaign === paused ? 0 : 1 + (campaign % 3)));
      for (const request of requests) {
        const scores = new Map(request);
        const visited = { count: request.length, pins: [...scores.keys()], scores: [...scores.values()] };
        const options = { weights, reference: 10, minRelevance: 0, limit: 1_000 };
        const byPin = (a: PromotedMatch, b: PromotedMatch): number =>
          a.campaign - b.campaign || a.pin - b.pin;
        const found = index.match(visited, options);
        const expected = slowMatches(campaigns, grown, scores, weights);
        expect(rounded(found.toSorted(byPin))).toEqual(rounded(expected.toSorted(byPin)));
        // A limit keeps the best of them, a minimum those above it.
        const best = index.match(visited, { ...options, limit: 3 });
        expect(best).toEqual(found.slice(0, 3));
        const enough = index.match(visited, { ...options, minRelevance: 0.3 });
        expect(enough).toEqual(found.filter(({ relevance }) => relevance >= 0.3));
        for (let i = 1; i < found.length; i++) {
          const value = ({ campaign, relevance }: PromotedMatch) => relevance * weights[campaign]!;
          expect(value(found[i]!)).toBeLessThanOrEqual(value(found[i - 1]!));
        }
      }
    }),
    { numRuns: 300 },
  );
});

function rounded(all: readonly PromotedMatch[]): object[] {
  const round = (value: number): number => Math.round(value * 1e9) / 1e9;
  return all.map(({ walk, interest, audience, relevance, ...rest }) => ({
    ...rest,
    values: [walk, interest, audience, relevance].map(round),
  }));
}

test.each<[string, Partial<CampaignTarget>]>([
  ['topics', { topics: [4] }],
  ['topics', { excludedTopics: [-1] }],
  ['pins', { pins: [1.5] }],
  ['pins', { seedPins: [-1] }],
])('refuses %s that do not exist', (field, changes) => {
  expect(() => new TargetIndex([target(changes)], tree)).toThrow(expect.objectContaining({ field }));
});

test('refuses trees whose topics come before the one above, and weights of other campaigns', () => {
  expect(() => new TargetIndex([], { ...tree, parents: Int32Array.of(1, -1) })).toThrow('parents');
  expect(() => new TargetIndex([], { ...tree, ofPin: Int32Array.of(9) })).toThrow('ofPin');
  expect(() => matches([target({})], {}, { weights: [] })).toThrow('weights');
});

test('a campaign by name alone is for requests that want it, and one with topics for both', () => {
  const byName = target({ pins: [0], isByName: true });
  const both = target({ pins: [1], topics: [3], isByName: true });
  const found = (wanted: number[]): number[] =>
    matches([byName, both], { 0: 5, 1: 5, 2: 10 }, { wanted }).map(({ campaign }) => campaign);
  expect(found([])).toEqual([]);
  expect(found([0])).toEqual([0]);
  expect(new Set(found([0, 1]))).toEqual(new Set([0, 1]));
  // What one request wants is forgotten with the next.
  const index = new TargetIndex([byName], tree);
  const options = { weights: [1], reference: 10, minRelevance: 0, limit: 10 };
  expect(index.match(visitedOf({ 0: 5 }), { ...options, wanted: [0] })).toHaveLength(1);
  expect(index.match(visitedOf({ 0: 5 }), options)).toEqual([]);
  // It needs the support of the walk all the same.
  expect(matches([byName], { 3: 5 }, { wanted: [0], minRelevance: 0.1 })).toEqual([]);
});

test('the main topic is the finest that most of what was found is of', () => {
  const index = new TargetIndex([], tree);
  expect(index.mainTopic(visitedOf({ 0: 5, 1: 2, 2: 6, 3: 6.5 }))).toBe(1);
  expect(index.mainTopic(visitedOf({ 2: 5, 3: 5 }))).toBe(2);
  expect(index.mainTopic(visitedOf({ 5: 5, 99: 1 }))).toBe(-1);
});
