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
    // Fewer pins than the top has: nothing can be said to be stable.
    expect(ask(asked, { ...stable, stableTop: 9, stableOverlap: 0 }).stats.stoppedEarly).toBe(false);
  });

  test('when stable, is as near to the whole walk as was asked for, and no nearer', () => {
    // Eleven pins that are visited alike, so that the top four are settled late in the walk.
    const graph = graphOf(Array.from({ length: 11 }, (_, pin) => [0, pin] as const));
    const [steps, seeds] = [16_000, 80];
    const topOf = (stableTop: number, seed: number): { stopped: boolean; pins: number[] } => {
      const params = { earlyStop: 'stable', steps, stableTop, stableOverlap: 0.8 } as const;
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
      const early = topOf(4, seed);
      const whole = topOf(11, seed); // of as many pins as there are, never stable
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
    const graph = graphOf([
      [0, 0],
      [0, 1],
      [0, 2],
    ]);
    const params = { earlyStop: 'stable', stableTop: 3, boardShrinkage: 1, steps: 1_600 } as const;
    expect(ask({ graph, query: queryOf(0) }, params).stats).toMatchObject({ steps: 1_600, candidates: 2 });
  });

  // Known: the kernel counts lost walkers' visits towards n_p as if nowhere were a pin.
  test.fails('by visits, lost walkers are no pin that was reached', () => {
    const params = { ...stopping, earlyStopPins: 1, earlyStopVisits: 500, boardShrinkage: 1e6, steps: 6_400 };
    expect(ask({ graph: smallGraph, query: queryOf(5) }, params).stats.steps).toBe(6_400);
  });
});
