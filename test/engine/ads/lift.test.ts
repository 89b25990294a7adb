import { describe, expect, test } from 'vitest';
import { Moments, ghostAdLift, nextUnit, randomStream } from '../../../engine/index.ts';

interface World {
  readonly people: number;
  readonly holdoutShare: number;
  /** Probability of an action of those whom the campaign would reach, without it. */
  readonly base: number;
  /** What the campaign adds. */
  readonly added: number;
}

/** People whom the campaign would reach act more than others anyway: what a comparison with all others takes for lift. */
function worldOf({ people, holdoutShare, base, added }: World, seed: number): [Moments, Moments] {
  const stream = randomStream(seed);
  const [exposed, heldOut] = [new Moments(), new Moments()];
  for (let i = 0; i < people; i++) {
    const isReached = nextUnit(stream) < 0.3;
    const isHeldOut = nextUnit(stream) < holdoutShare;
    const taste = base * (0.5 + nextUnit(stream));
    const before = Number(nextUnit(stream) < taste);
    const acts = Number(nextUnit(stream) < taste + (isHeldOut ? 0 : added));
    if (isReached)
      (isHeldOut ? heldOut : exposed).add({ numerator: acts, denominator: 1, covariate: before });
  }
  return [exposed, heldOut];
}

const world: World = { people: 20_000, holdoutShare: 0.2, base: 0.2, added: 0.04 };

describe('lift by ghost ads', () => {
  test('has intervals that contain the truth in 95 of 100 campaigns', () => {
    let [effects, relatives] = [0, 0];
    for (let seed = 0; seed < 300; seed++) {
      const { effect, relative } = ghostAdLift(...worldOf(world, seed), {
        holdoutShare: 0.2,
        spentMicros: 1,
      });
      effects += Number(effect.interval.low <= 0.04 && effect.interval.high >= 0.04);
      relatives += Number(relative!.low <= 0.2 && relative!.high >= 0.2);
    }
    // 285 ± 3.8: four standard deviations.
    for (const count of [effects, relatives]) expect(Math.abs(count - 285)).toBeLessThan(15.2);
  });

  test('is exact where everybody behaves alike', () => {
    const side = (actions: readonly number[]): Moments => {
      const moments = new Moments();
      for (const numerator of actions) moments.add({ numerator, denominator: 1, covariate: 0 });
      return moments;
    };
    const lift = ghostAdLift(side([3, 3, 3, 3]), side([2, 2]), { holdoutShare: 1 / 3, spentMicros: 8_000 });
    expect(lift).toMatchObject({ exposed: 4, heldOut: 2, exposedValue: 3, heldOutValue: 2 });
    expect(lift.effect).toMatchObject({ difference: 1, interval: { low: 1, high: 1 } });
    expect(lift.relative).toEqual({ value: 0.5, low: 0.5, high: 0.5 });
    expect(lift.incremental).toEqual({ value: 4, low: 4, high: 4 });
    expect(lift.costPerIncrementalMicros).toBe(2_000);
    expect(lift.sampleRatioPValue).toBeCloseTo(1, 9);
  });

  test('states no cost of an effect that may be none, and no share of nothing', () => {
    const options = { holdoutShare: 0.2, spentMicros: 1_000 };
    const none = ghostAdLift(...worldOf({ ...world, added: 0 }, 3), options);
    expect(none.costPerIncrementalMicros).toBeUndefined();
    expect(ghostAdLift(...worldOf({ ...world, base: 0 }, 3), options).relative).toBeUndefined();
  });

  test('reports that ghosts were recorded for too few people', () => {
    const [exposed, heldOut] = worldOf(world, 5);
    const lift = ghostAdLift(exposed, heldOut, { holdoutShare: 0.3, spentMicros: 1 });
    expect(lift.sampleRatioPValue).toBeLessThan(0.001);
  });
});
