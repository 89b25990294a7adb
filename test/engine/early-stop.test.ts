import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PixieParams, TopPins, createWalkScratch, pixie, pixieDefaults } from '../../engine/index.ts';
import { type Asked, answerOf, expectSameScores, queryOf, someQueries, numberIn } from '../answers.ts';
import { graphOf, smallGraph } from '../graphs.ts';
import { wholePixie } from '../reference/whole-pixie.ts';

const scratch = createWalkScratch();
const ask = ({ graph, query }: Asked, params: Partial<PixieParams>) =>
  answerOf((top) => pixie(graph, query, params, 1, scratch, top));

describe('early stop', () => {
  const stopping = { earlyStop: 'visits', steps: 20_000 } as const;

  /** Looks are at most 16 rounds of 64 walkers apart. */
  const look = 16 * 64;
  const reachedBy = (asked: Asked, params: Partial<PixieParams>, visits: number): number => {
    if (params.steps === 0) return 0;
    ask(asked, params);
    const { entries, touched, size } = scratch.visits;
    return [...touched.subarray(0, size)].filter((slot) => entries[2 * slot + 1]! >= visits).length;
  };

  test('by visits ends when n_p pins have n_v visits, at most a look later, and is a part of the whole walk', () => {
    const limits = fc.record({
      earlyStopPins: fc.integer({ min: 1, max: 12 }),
      earlyStopVisits: fc.integer({ min: 1, max: 1_500 }),
      restartProbability: numberIn(0, 1),
    });
    let stops = 0;
    fc.assert(
      fc.property(someQueries, limits, ({ graph, query: { pins } }, limit) => {
        const { earlyStopPins, earlyStopVisits, restartProbability } = limit;
        const asked = { graph, query: queryOf(pins[0]!) };
        const { stats, scores } = ask(asked, { ...stopping, ...limit });
        if (stats.steps === 0) return;
        const before = Math.max(0, stats.steps - look);
        expect(reachedBy(asked, { steps: before, restartProbability }, earlyStopVisits)).toBeLessThan(
          earlyStopPins,
        );
        const part = { steps: stats.steps, restartProbability };
        expect(ask(asked, part).scores).toEqual(scores);
        if (!stats.stoppedEarly) return;
        stops++;
        expect(reachedBy(asked, part, earlyStopVisits)).toBeGreaterThanOrEqual(earlyStopPins);
      }),
    );
    expect(stops).toBeGreaterThan(20);
  });

  test('by visits is each query pin on its own, and what cannot be reached ends nothing', () => {
    const limit = { ...stopping, earlyStopPins: 3, earlyStopVisits: 400 };
    const stepsOf = (steps: number, ...pins: number[]) =>
      ask({ graph: smallGraph, query: queryOf(...pins) }, { ...limit, steps }).stats;
    const [one, other] = [stepsOf(10_000, 1), stepsOf(10_000, 5)];
    expect([one.stoppedEarly, other.stoppedEarly]).toEqual([true, true]);
    expect(stepsOf(20_000, 1, 5).steps).toBe(one.steps + other.steps);
    const asked = { graph: smallGraph, query: queryOf(1, 5) };
    const never = ask(asked, { ...stopping, earlyStopPins: 1_000 });
    expect(never.stats).toMatchObject({ steps: 20_000, stoppedEarly: false });
    expect(never.scores).toEqual(ask(asked, { steps: 20_000 }).scores);
  });

  test('when stable, the walk is the first batches of the whole one', () => {
    const batch = 20_000 / 16;
    fc.assert(
      fc.property(
        someQueries,
        fc.integer({ min: 1, max: 8 }),
        numberIn(0, 1),
        ({ graph, query }, stableTop, stableOverlap) => {
          const params = {
            ...pixieDefaults,
            earlyStop: 'stable',
            steps: 20_000,
            stableTop,
            stableOverlap,
          } as const;
          const { stats, scores } = ask({ graph, query }, params);
          const batches = Math.round(stats.steps / batch);
          const twin = wholePixie({ graph, query, params, randomSeed: 1, batches });
          expect(stats.steps).toBe(twin.steps);
          expect(stats.stoppedEarly).toBe(stats.steps > 0 && stats.steps < 20_000);
          expectSameScores(scores, twin.scores);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('when stable, stops at once for overlap 0, late or never where pins are alike, soon where they differ', () => {
    const asked = { graph: smallGraph, query: queryOf(4) };
    const stable = { earlyStop: 'stable', steps: 16_000, stableTop: 2 } as const;
    expect(ask(asked, { ...stable, stableOverlap: 0 }).stats.steps).toBe(1_000);
    expect(ask(asked, { ...stable, stableOverlap: 0.9 }).stats.steps).toBeLessThan(8_000);
    // All eleven pins of one board are visited alike: the first two are a matter of luck to the last.
    const alike = {
      graph: graphOf(Array.from({ length: 11 }, (_, pin) => [0, pin] as const)),
      query: queryOf(0),
    };
    expect(ask(alike, { ...stable, stableOverlap: 0.99 }).stats.steps).toBeGreaterThan(8_000);
    // Fewer pins than the top has: the better half of them is looked at.
    expect(ask(asked, { ...stable, stableTop: 9, stableOverlap: 0 }).stats.steps).toBe(1_000);
    const pairs = {
      graph: graphOf([
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
        [2, 0],
      ]),
      query: queryOf(0),
    };
    const steps = (stableTop: number) => ask(pairs, { ...stable, stableTop, stableOverlap: 0.9 }).stats.steps;
    expect(steps(1_000)).toBe(steps(1));
  });

  test('when stable, the top of many is half of the pins at most', () => {
    // Pins 0 to 3 are visited seven times as often as pins 4 to 7, but alike among themselves.
    const saves = [0, 1, 2].flatMap((board) => [0, 1, 2, 3].map((pin) => [board, pin] as const));
    const rare = [0, 1, 2, 3, 4, 5, 6, 7].map((pin) => [3, pin] as const);
    const asked = { graph: graphOf([...saves, ...rare]), query: queryOf(0) };
    const params = {
      earlyStop: 'stable',
      steps: 16_000,
      restartProbability: 1,
      stableOverlap: 0.999,
    } as const;
    for (const stableTop of [4, 5, 8, 1_000]) {
      expect(ask(asked, { ...params, stableTop }).stats.steps).toBe(1_000);
    }
    expect(ask(asked, { ...params, stableTop: 2 }).stats.steps).toBeGreaterThan(1_000);
  });

  test('when stable, a walk with fewer than two pins is stable at once', () => {
    const alone = { graph: graphOf([[0, 0]]), query: queryOf(0) };
    for (const boardShrinkage of [0, 1, 1e6]) {
      const params = { earlyStop: 'stable', stableOverlap: 1, steps: 1_600, boardShrinkage } as const;
      expect(ask(alone, params).stats).toEqual({ steps: 100, stoppedEarly: true, candidates: 0 });
    }
  });

  test('when stable, is as near to the whole walk as was asked for, and no nearer', () => {
    // Eleven pins that are visited alike, so that the top four are settled late in the walk.
    const graph = graphOf(Array.from({ length: 11 }, (_, pin) => [0, pin] as const));
    const [steps, seeds] = [16_000, 80];
    const topOf = (stableOverlap: number, seed: number): { stopped: boolean; pins: number[] } => {
      const params = { earlyStop: 'stable', steps, stableTop: 4, stableOverlap } as const;
      const { stoppedEarly } = pixie(graph, queryOf(0), params, seed, scratch, new TopPins(1));
      const counts = Array.from({ length: 11 }, (_, pin) => ({
        pin,
        count: scratch.visits.visitCountOf(pin),
      }));
      const best = counts.toSorted((a, b) => b.count - a.count || a.pin - b.pin).slice(0, 4);
      return { stopped: stoppedEarly, pins: best.map(({ pin }) => pin) };
    };
    let [stops, overlap] = [0, 0];
    for (let seed = 0; seed < seeds; seed++) {
      const early = topOf(0.8, seed);
      const whole = topOf(1, seed); // never sure of each and every pin
      expect(whole.stopped).toBe(false);
      if (!early.stopped) continue;
      stops++;
      overlap += early.pins.filter((pin) => whole.pins.includes(pin)).length / 4;
    }
    // Stopping at the first look that promises 0.8 is a little too hopeful. Standard deviation of the mean: 0.02.
    expect(stops).toBeGreaterThan(seeds / 2);
    expect(overlap / stops).toBeGreaterThan(0.8 - 0.1);
    expect(overlap / stops).toBeLessThan(0.95);
  });

  test('by visits looks every 16 rounds of the 64 walkers, not later', () => {
    // So many pins that the table of visits has room for more rounds than that.
    const graph = graphOf(
      [
        [0, 0],
        [0, 1],
      ],
      20_000,
    );
    const params = { ...stopping, steps: 200_000, earlyStopPins: 1, earlyStopVisits: 1 };
    expect(ask({ graph, query: queryOf(0) }, params).stats.steps).toBe(look);
  });

  test('when stable, lost walkers are no pin of the top', () => {
    // Pin 0 is far ahead; pins 1 and 2 are alike. Of three pins the top is one, of four it would be two.
    const graph = graphOf([
      [0, 0],
      [1, 0],
      [2, 0],
      [2, 1],
      [2, 2],
    ]);
    const params = {
      earlyStop: 'stable',
      stableOverlap: 0.99,
      boardShrinkage: 1,
      restartProbability: 1,
    } as const;
    for (let seed = 0; seed < 10; seed++) {
      const top = new TopPins(5);
      const stats = pixie(graph, queryOf(0), { ...params, steps: 16_000 }, seed, scratch, top);
      expect(stats).toEqual({ steps: 1_000, stoppedEarly: true, candidates: 2 });
    }
  });

  test('by visits, lost walkers are no pin that was reached', () => {
    const params = { ...stopping, earlyStopPins: 1, earlyStopVisits: 500, boardShrinkage: 1e6, steps: 6_400 };
    expect(ask({ graph: smallGraph, query: queryOf(5) }, params).stats.steps).toBe(6_400);
    // Nor do they stand in for one when a pin is there: three of four walkers are lost, the others come to pin 0.
    const alone = { graph: graphOf([[0, 0]]), query: queryOf(0) };
    const two = { ...stopping, earlyStopPins: 2, earlyStopVisits: 1, boardShrinkage: 3, steps: 6_400 };
    expect(ask(alone, two).stats).toMatchObject({ steps: 6_400, stoppedEarly: false });
    expect(ask(alone, { ...two, earlyStopPins: 1 }).stats.steps).toBeLessThanOrEqual(look);
  });
});
