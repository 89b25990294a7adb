import { expect, test } from 'vitest';
import { comparePolicies } from '../../api/offline/notify-simulation/index.ts';

const options = {
  people: 300,
  weeks: 3,
  perWeek: 3,
  seeds: 2,
  firstSeed: 1,
  unsubscribeCost: 10,
  exploreShare: 0.03,
};

test('the same seeds give the same outcomes, and other seeds others', () => {
  const few = { ...options, people: 100, weeks: 2 };
  const first = comparePolicies(few);
  expect(comparePolicies(few)).toEqual(first);
  expect(comparePolicies({ ...few, firstSeed: 3 })).not.toEqual(first);
});

test('ours keeps to its budgets, and knowing the truth earns more than learning it', () => {
  const found = new Map(comparePolicies(options).map((each) => [each.name, each]));
  const cap = found.get('fixed cap, 3 a week')!;
  const ours = found.get('ours')!;
  expect(ours.sends.mean).toBeLessThanOrEqual(cap.sends.mean);
  expect(ours.sends.mean).toBeGreaterThan(0.98 * cap.sends.mean);
  expect(found.get('ours, 70 % of the volume')!.sends.mean).toBeLessThan(0.71 * cap.sends.mean);
  expect(found.get('ours, if it knew the truth')!.opens.mean).toBeGreaterThan(ours.opens.mean);
  expect(found.get('to all, every day')!.unsubscribes.mean).toBeGreaterThan(cap.unsubscribes.mean);
});

test('if people, topics and hours are alike and nobody tires, the policy gains nothing', () => {
  const model = {
    personSpread: 0,
    tasteSpread: 0,
    hourStrength: 0,
    fatigue: 0,
    unsubscribeFatigue: 0,
    unsubscribeDislike: 0,
  };
  const truth = comparePolicies({ ...options, model }).find(
    ({ name }) => name === 'ours, if it knew the truth',
  )!;
  expect(Math.abs(truth.versusCap.opens.mean)).toBeLessThan(0.12);
});

test('a parameter outside its range is refused by name', () => {
  expect(() => comparePolicies({ ...options, model: { fatigue: 2 } })).toThrow(/fatigue/);
});
