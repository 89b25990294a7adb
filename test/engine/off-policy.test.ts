import { describe, expect, test } from 'vitest';
import { type LoggedItem, OffPolicy, nextUnit, randomStream } from '../../engine/index.ts';

const logging = [0.5, 0.3, 0.2];
const target = [0.1, 0.2, 0.7];
/** Expected reward of each item. */
const rewards = [0.2, 0.5, 0.6];
const valueOf = (policy: readonly number[]) =>
  policy.reduce((sum, chance, i) => sum + chance * rewards[i]!, 0);

const draw = (stream: ReturnType<typeof randomStream>, chances: readonly number[]): number => {
  let left = nextUnit(stream);
  for (const [i, chance] of chances.entries()) if ((left -= chance) < 0) return i;
  return chances.length - 1;
};

/** A log of single items, with predictions that are wrong by a constant. */
const logOf = (users: number, targetPolicy = target): OffPolicy => {
  const offPolicy = new OffPolicy('item-position');
  const stream = randomStream(1, 2);
  for (let user = 0; user < users; user++) {
    const item = draw(stream, logging);
    const reward = Number(nextUnit(stream) < rewards[item]!);
    const propensity = logging[item]!;
    offPolicy.addUser([
      [
        {
          reward,
          propensity,
          target: targetPolicy[item]!,
          predicted: rewards[item]! + 0.1,
          predictedTarget: valueOf(targetPolicy) + 0.1,
        },
      ],
    ]);
  }
  return offPolicy;
};

test('estimates agree with the value of the target policy, and normalising or predicting narrows them', () => {
  const { logged, estimates, refused, meanWeight } = logOf(40_000).report();
  expect(refused).toBeNull();
  expect(Math.abs(logged.value - valueOf(logging))).toBeLessThan(4 * logged.standardError);
  expect(Math.abs(meanWeight.value - 1)).toBeLessThan(4 * meanWeight.standardError);
  for (const estimate of [estimates!.ips, estimates!.snips, estimates!.dr!]) {
    expect(Math.abs(estimate.value - valueOf(target))).toBeLessThan(4 * estimate.standardError);
    expect(estimate.standardError).toBeLessThan(0.02);
    // The logged policy earns less; its value is no estimate of the target's.
    expect(estimate.interval.low).toBeGreaterThan(valueOf(logging));
  }
  expect(estimates!.dr!.standardError).toBeLessThan(0.9 * estimates!.ips.standardError);
  expect(estimates!.snips.standardError).toBeLessThan(0.9 * estimates!.ips.standardError);
});

test('intervals cover the value in about 95 % of the logs', () => {
  let covered = 0;
  for (let run = 0; run < 400; run++) {
    const offPolicy = new OffPolicy('item-position');
    const stream = randomStream(run, 9);
    for (let user = 0; user < 500; user++) {
      const item = draw(stream, logging);
      const reward = Number(nextUnit(stream) < rewards[item]!);
      offPolicy.addUser([[{ reward, propensity: logging[item]!, target: target[item]! }]]);
    }
    const { low, high } = offPolicy.report().estimates!.snips.interval;
    covered += Number(low <= valueOf(target) && valueOf(target) <= high);
  }
  // 380 ± 4.4 expected.
  expect(covered).toBeGreaterThan(380 - 5 * 4.4);
  expect(covered).toBeLessThan(380 + 4 * 4.4);
});

describe('lists', () => {
  /** All lists of two items; the second item of a cascade earns only below item 0. */
  const all = [0, 1, 2].flatMap((first) => [0, 1, 2].map((second) => [first, second] as const));
  const second = (first: number, item: number) => (first === 0 ? rewards[item]! : 0);

  /** The exact expectation of an estimate: every list, as often as the logged policy shows it. */
  const expectation = (
    model: 'item-position' | 'cascade',
    rewardOf: (first: number, item: number) => number,
  ) => {
    const offPolicy = new OffPolicy(model);
    const item = (i: number, reward: number): LoggedItem => {
      return { reward, propensity: logging[i]!, target: target[i]! };
    };
    for (const [i, j] of all) {
      const copies = Math.round(100 * logging[i]! * logging[j]!);
      for (let copy = 0; copy < copies; copy++)
        offPolicy.addUser([[item(i, rewards[i]!), item(j, rewardOf(i, j))]]);
    }
    return offPolicy.report().estimates!;
  };

  const truth = (rewardOf: (first: number, item: number) => number) =>
    all.reduce((sum, [i, j]) => sum + target[i]! * target[j]! * (rewards[i]! + rewardOf(i, j)), 0);

  test('without influence between items, both models are unbiased', () => {
    const alone = (_: number, item: number) => rewards[item]!;
    expect(expectation('item-position', alone).ips.value).toBeCloseTo(truth(alone), 12);
    expect(expectation('cascade', alone).ips.value).toBeCloseTo(truth(alone), 12);
  });

  test('with influence of the items above, only the cascade is', () => {
    expect(expectation('cascade', second).ips.value).toBeCloseTo(truth(second), 12);
    expect(Math.abs(expectation('item-position', second).ips.value - truth(second))).toBeGreaterThan(0.1);
  });

  test('the lists of one user are one observation', () => {
    const [each, together] = [new OffPolicy('item-position'), new OffPolicy('item-position')];
    for (let user = 0; user < 300; user++) {
      const i = user % 3;
      const list: LoggedItem[] = [{ reward: rewards[i]!, propensity: 1 / 3, target: target[i]! }];
      together.addUser([list, list, list, list]);
      for (let copy = 0; copy < 4; copy++) each.addUser([list]);
    }
    const [one, four] = [together.report(), each.report()];
    expect(one.estimates!.ips.value).toBeCloseTo(four.estimates!.ips.value, 12);
    expect(one.estimates!.ips.standardError / four.estimates!.ips.standardError).toBeCloseTo(2, 2);
    expect([one.users, one.lists, four.users]).toEqual([300, 1200, 1200]);
  });
});

test('refuses a log that lacks items of the target policy', () => {
  const offPolicy = new OffPolicy('item-position');
  for (let i = 0; i < 2000; i++)
    offPolicy.addUser([[{ reward: 1, propensity: 0.5, target: i % 2 === 0 ? 0.3 : 0.1 }]]);
  const report = offPolicy.report();
  expect(report.meanWeight.value).toBeCloseTo(0.4, 12);
  expect([report.refused, report.estimates]).toEqual(['no-support', null]);
});

test('refuses an effective sample size below 1 %', () => {
  const offPolicy = new OffPolicy('item-position');
  for (let i = 0; i < 1000; i++) {
    offPolicy.addUser([
      [i === 7 ? { reward: 1, propensity: 0.001, target: 1 } : { reward: 0, propensity: 1, target: 0 }],
    ]);
  }
  const report = offPolicy.report();
  expect(report.effectiveSampleSize).toBeCloseTo(1, 12);
  expect([report.refused, report.estimates]).toEqual(['effective-sample-size', null]);
});

test.each([
  [{ reward: 1, propensity: 0, target: 0.5 }, 'propensity'],
  [{ reward: 1, propensity: 0.5, target: 1.5 }, 'target'],
  [{ reward: NaN, propensity: 0.5, target: 0.5 }, 'reward'],
])('refuses %o', (item, field) => {
  const add = () => {
    new OffPolicy('cascade').addUser([[item]]);
  };
  expect(add).toThrow(expect.objectContaining({ field }));
});
