import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextUnit, randomStream } from '../../engine/index.ts';
import { oddsOf } from '../../graph-data/campaigns/index.ts';

const counters = { version: 0, hides: 0, spent: 0 };

test("a campaign without impressions has the model's predictions", () => {
  const fresh = { ...counters, impressions: 0, expected: 0, variance: 0, actions: 0 };
  expect(oddsOf('click', 0.3, fresh).probability).toBe(0.3);
  expect(oddsOf('click', undefined, fresh).probability).toBe(0.01);
});

test('of impressions that were predicted alike, the correction is the posterior mean of a Beta prior', () => {
  // Without a model: 5 clicks in 500 impressions before the first one.
  const { probability } = oddsOf('click', undefined, {
    ...counters,
    impressions: 100,
    expected: 1,
    variance: 0.99,
    actions: 4,
  });
  expect(probability).toBeCloseTo((4 + 5) / (100 + 500), 10);
  // With one: 20 clicks in 40 impressions.
  const own = oddsOf('click', 0.5, {
    ...counters,
    impressions: 200,
    expected: 100,
    variance: 50,
    actions: 150,
  }).probability;
  expect(own).toBeCloseTo((150 + 20) / (200 + 40), 10);
});

test('stays a probability when actions far exceed the expected number, and grows with every action', () => {
  const share = fc.double({ min: 0.001, max: 0.9, noNaN: true });
  const any = fc.double({ min: 0, max: 1, noNaN: true });
  const counts = fc.integer({ min: 1, max: 10_000 });
  const of = (p: number, impressions: number, expectedShare: number, actions: number): number => {
    const expected = expectedShare * impressions;
    const counted = { impressions, expected, variance: 0.6 * expected * (1 - expectedShare), actions };
    return oddsOf('click', p, { ...counters, ...counted }).probability;
  };
  fc.assert(
    fc.property(share, counts, share, any, (p, impressions, expectedShare, actionShare) => {
      const actions = Math.floor(actionShare * impressions);
      const probability = of(p, impressions, expectedShare, actions);
      expect(probability).toBeGreaterThan(0);
      expect(probability).toBeLessThan(1);
      const more = of(p, impressions, expectedShare, actions + 1);
      // Below one in a million, none is told from another.
      if (more > 2e-6) expect(more).toBeGreaterThan(probability);
    }),
  );
  fc.assert(
    fc.property(any, counts, any, any, (p, impressions, expectedShare, actionShare) => {
      const probability = of(p, impressions, expectedShare, Math.floor(actionShare * impressions));
      expect(probability).toBeGreaterThan(0);
      expect(probability).toBeLessThan(1);
    }),
  );
});

test('predictions whose log odds are off by the same for each impression are put right', () => {
  const random = randomStream(3);
  const sums = { impressions: 0, expected: 0, variance: 0, actions: 0 };
  let [promised, came] = [0, 0];
  for (let i = 0; i < 6_000; i++) {
    const p = 0.05 + 0.6 * nextUnit(random);
    const { probability, expected } = oddsOf('click', p, { ...counters, ...sums });
    const truth = 1 / (1 + Math.exp(-(Math.log(p / (1 - p)) + 0.7)));
    const hasClicked = nextUnit(random) < truth;
    if (i >= 1_000) {
      promised += probability;
      came += Number(hasClicked);
    }
    sums.impressions++;
    sums.expected += expected;
    sums.variance += expected * (1 - expected);
    sums.actions += Number(hasClicked);
  }
  expect(promised / came).toBeGreaterThan(0.98);
  expect(promised / came).toBeLessThan(1.02);
  // As they were predicted, a quarter would be missing.
  expect(sums.expected / sums.actions).toBeLessThan(0.8);
});
