import { Moments, type Outcome, nextUnit, randomStream, reportExperiment } from '../../../engine/index.ts';

/** Length of every experiment. */
export const days = 28;
/** Random substream of the simulated users. */
const userStream = 0x4000_0020;

export type Draw = (unit: () => number, lift: number) => Outcome;

/** The share of experiments that end with a significant difference, by how they were looked at. */
interface Found {
  /** p < 0.05 on any day, each day tested as if it were the only one. */
  readonly naive: number;
  /** On the last day only. */
  readonly once: number;
  /** The always-valid p-value, on any day. */
  readonly always: number;
}

/**
 * Simulates experiments of 28 days with a look at every one of them: a control and `armCount` other arms, each of which
 * `usersPerDay` new users meet. With a lift of 0, every winner is a false alarm. Seeded.
 */
export function peek(
  draw: Draw,
  lift: number,
  armCount: number,
  experiments: number,
  usersPerDay: number,
  randomSeed: number,
): Found {
  const found = { naive: 0, once: 0, always: 0 };
  for (let experiment = 0; experiment < experiments; experiment++) {
    const stream = randomStream(randomSeed, experiment, userStream);
    const unit = () => nextUnit(stream);
    const arms = Array.from({ length: 1 + armCount }, () => new Moments());
    let [naive, once, always] = [false, false, false];
    for (let day = 0; day < days; day++) {
      for (const [i, arm] of arms.entries()) {
        for (let user = 0; user < usersPerDay; user++) arm.add(draw(unit, i > 0 ? lift : 0));
      }
      const outcomes = arms.map((each, i) => ({ arm: String(i), users: each.users, metrics: [each] }));
      const shares = arms.map(() => 1);
      const { effects } = reportExperiment(['metric'], outcomes, shares, days * usersPerDay).metrics[0]!;
      once = effects.some(({ raw, adjusted }) => (adjusted ?? raw).pValue < 0.05);
      naive ||= once;
      always ||= effects.some(({ pValueHolm }) => pValueHolm < 0.05);
    }
    found.naive += Number(naive) / experiments;
    found.once += Number(once) / experiments;
    found.always += Number(always) / experiments;
  }
  return found;
}
