import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PixieParams, TopPins, createWalkScratch, pixie, pixieDefaults } from '../../engine/index.ts';
import { type QueryCase, scoresOf, expectSameScores, queryOf, someQueries, numberIn } from '../scores.ts';
import { graphOf, smallGraph } from '../graphs.ts';
import { wholePixie } from '../reference/whole-pixie.ts';

const scratch = createWalkScratch();
const run = ({ graph, query }: QueryCase, params: Partial<PixieParams>) =>
  scoresOf((top) => pixie(graph, query, params, 1, scratch, top));

/** Checks are at most 16 rounds of 64 walkers apart. */
const stepsPerCheck = 16 * 64;

describe('earlyStop "visits"', () => {
  const stopping = { earlyStop: 'visits', steps: 20_000 } as const;

  const reachedBy = (input: QueryCase, params: Partial<PixieParams>, visits: number): number => {
    if (params.steps === 0) return 0;
    run(input, params);
    const { entries, touched, size } = scratch.visits;
    return [...touched.subarray(0, size)].filter((slot) => entries[2 * slot + 1]! >= visits).length;
  };

  test('earlyStop "visits" stops once n_p pins have n_v visits, at most one check later, and is a prefix of the full walk', () => {
    const limits = fc.record({
      earlyStopPins: fc.integer({ min: 1, max: 12 }),
      earlyStopVisits: fc.integer({ min: 1, max: 1_500 }),
      restartProbability: numberIn(0, 1),
    });
    let stops = 0;
    fc.assert(
      fc.property(someQueries, limits, ({ graph, query: { pins } }, limit) => {
        const { earlyStopPins, earlyStopVisits, restartProbability } = limit;
        const input = { graph, query: queryOf(pins[0]!) };
        const { stats, scores } = run(input, { ...stopping, ...limit });
        if (stats.steps === 0) return;
        const before = Math.max(0, stats.steps - stepsPerCheck);
        expect(reachedBy(input, { steps: before, restartProbability }, earlyStopVisits)).toBeLessThan(
          earlyStopPins,
        );
        const part = { steps: stats.steps, restartProbability };
        expect(run(input, part).scores).toEqual(scores);
        if (!stats.stoppedEarly) return;
        stops++;
        expect(reachedBy(input, part, earlyStopVisits)).toBeGreaterThanOrEqual(earlyStopPins);
      }),
    );
    expect(stops).toBeGreaterThan(20);
  });

  test('earlyStop "visits" applies to each query pin separately, and an unreachable limit never stops a walk', () => {
    const limit = { ...stopping, earlyStopPins: 3, earlyStopVisits: 400 };
    const stepsOf = (steps: number, ...pins: number[]) =>
      run({ graph: smallGraph, query: queryOf(...pins) }, { ...limit, steps }).stats;
    const [one, other] = [stepsOf(10_000, 1), stepsOf(10_000, 5)];
    expect([one.stoppedEarly, other.stoppedEarly]).toEqual([true, true]);
    expect(stepsOf(20_000, 1, 5).steps).toBe(one.steps + other.steps);
    const input = { graph: smallGraph, query: queryOf(1, 5) };
    const never = run(input, { ...stopping, earlyStopPins: 1_000 });
    expect(never.stats).toMatchObject({ steps: 20_000, stoppedEarly: false });
    expect(never.scores).toEqual(run(input, { steps: 20_000 }).scores);
  });

  test('earlyStop "visits" checks every 16 rounds of 64 walkers', () => {
    // With this many pins, the visit table has room for more rounds.
    const graph = graphOf(
      [
        [0, 0],
        [0, 1],
      ],
      20_000,
    );
    const params = { ...stopping, steps: 200_000, earlyStopPins: 1, earlyStopVisits: 1 };
    expect(run({ graph, query: queryOf(0) }, params).stats.steps).toBe(stepsPerCheck);
  });

  test('earlyStop "visits" does not count lost walkers as a reached pin', () => {
    const params = { ...stopping, earlyStopPins: 1, earlyStopVisits: 500, boardShrinkage: 1e6, steps: 6_400 };
    expect(run({ graph: smallGraph, query: queryOf(5) }, params).stats.steps).toBe(6_400);
    // Three of four walkers are lost; the others reach pin 0, which is one pin, not two.
    const alone = { graph: graphOf([[0, 0]]), query: queryOf(0) };
    const two = { ...stopping, earlyStopPins: 2, earlyStopVisits: 1, boardShrinkage: 3, steps: 6_400 };
    expect(run(alone, two).stats).toMatchObject({ steps: 6_400, stoppedEarly: false });
    expect(run(alone, { ...two, earlyStopPins: 1 }).stats.steps).toBeLessThanOrEqual(stepsPerCheck);
  });
});

test('earlyStop "stable" walks the first batches of the full walk', () => {
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
        const { stats, scores } = run({ graph, query }, params);
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

test('earlyStop "stable" stops after one batch for overlap 0, early for distinct visit counts, late for equal ones', () => {
  const input = { graph: smallGraph, query: queryOf(4) };
  const stable = { earlyStop: 'stable', steps: 16_000, stableTop: 2 } as const;
  expect(run(input, { ...stable, stableOverlap: 0 }).stats.steps).toBe(1_000);
  expect(run(input, { ...stable, stableOverlap: 0.9 }).stats.steps).toBeLessThan(8_000);
  // All eleven pins of one board are equally likely: which two come first stays random until the end.
  const alike = {
    graph: graphOf(Array.from({ length: 11 }, (_, pin) => [0, pin] as const)),
    query: queryOf(0),
  };
  expect(run(alike, { ...stable, stableOverlap: 0.99 }).stats.steps).toBeGreaterThan(8_000);
  // With fewer pins than the top has, half of them form the top.
  expect(run(input, { ...stable, stableTop: 9, stableOverlap: 0 }).stats.steps).toBe(1_000);
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
  const steps = (stableTop: number) => run(pairs, { ...stable, stableTop, stableOverlap: 0.9 }).stats.steps;
  expect(steps(1_000)).toBe(steps(1));
});

test('earlyStop "stable" limits the top to half of the visited pins', () => {
  // Pins 0 to 3 are visited seven times as often as pins 4 to 7, but equally often among themselves.
  const saves = [0, 1, 2].flatMap((board) => [0, 1, 2, 3].map((pin) => [board, pin] as const));
  const rare = [0, 1, 2, 3, 4, 5, 6, 7].map((pin) => [3, pin] as const);
  const input = { graph: graphOf([...saves, ...rare]), query: queryOf(0) };
  const params = {
    earlyStop: 'stable',
    steps: 16_000,
    restartProbability: 1,
    stableOverlap: 0.999,
  } as const;
  for (const stableTop of [4, 5, 8, 1_000]) {
    expect(run(input, { ...params, stableTop }).stats.steps).toBe(1_000);
  }
  expect(run(input, { ...params, stableTop: 2 }).stats.steps).toBeGreaterThan(1_000);
});

test('earlyStop "stable" stops after one batch if fewer than two pins are visited', () => {
  const alone = { graph: graphOf([[0, 0]]), query: queryOf(0) };
  for (const boardShrinkage of [0, 1, 1e6]) {
    const params = { earlyStop: 'stable', stableOverlap: 1, steps: 1_600, boardShrinkage } as const;
    expect(run(alone, params).stats).toEqual({ steps: 100, stoppedEarly: true, candidates: 0 });
  }
});

test('earlyStop "stable" reaches the requested overlap with the full walk, and not much more', () => {
  // Eleven equally likely pins, so that the top four are settled late in the walk.
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
    const whole = topOf(1, seed); // an expected overlap of 1 is never reached
    expect(whole.stopped).toBe(false);
    if (!early.stopped) continue;
    stops++;
    overlap += early.pins.filter((pin) => whole.pins.includes(pin)).length / 4;
  }
  // Stopping at the first check that predicts 0.8 is slightly optimistic. Standard deviation of the mean: 0.02.
  expect(stops).toBeGreaterThan(seeds / 2);
  expect(overlap / stops).toBeGreaterThan(0.8 - 0.1);
  expect(overlap / stops).toBeLessThan(0.95);
});

test('earlyStop "stable" does not count lost walkers as a pin of the top', () => {
  // Pin 0 is far ahead of pins 1 and 2, which are equally likely. The top of three pins is one pin, of four it would be two.
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
