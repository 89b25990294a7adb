import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shareSteps } from '../../engine/walk/step-shares.ts';
import {
  type PinBoardGraph,
  EngineError,
  TopPins,
  type VisitTable,
  createWalkScratch,
  degreeOf,
  walkFrom,
  nodeCount,
  pixie,
  pixieDefaults,
} from '../../engine/index.ts';
import { oneWalkerKernel } from '../../scripts/bench/one-walker-kernel.ts';
import { describeWalker } from '../contract/walker.ts';
import { numberIn } from '../scores.ts';
import { graphOf, smallGraph, someSaves } from '../graphs.ts';
import { oneWalkerAtATime } from '../reference/one-walker-at-a-time.ts';

const scratch = createWalkScratch();

function visitsOf(visits: VisitTable): Map<number, number> {
  const counts = new Map<number, number>();
  for (const slot of visits.touched.subarray(0, visits.size)) {
    counts.set(visits.entries[2 * slot]!, visits.entries[2 * slot + 1]!);
  }
  return counts;
}

function interleaved(
  ...[graph, queryPin, steps, restart, seed]: Parameters<typeof oneWalkerAtATime>
): Map<number, number> {
  scratch.visits.begin(steps, nodeCount(graph.pinToBoard));
  walkFrom(graph, queryPin, steps, restart, seed, scratch);
  return visitsOf(scratch.visits);
}

describeWalker('the readable twin', oneWalkerAtATime);
describeWalker('the single-walker kernel of the benchmark', (graph, queryPin, steps, restart, seed) => {
  scratch.visits.begin(steps, nodeCount(graph.pinToBoard));
  if (degreeOf(graph.pinToBoard, queryPin) > 0)
    oneWalkerKernel(graph, queryPin, steps, restart, seed, scratch);
  return visitsOf(scratch.visits);
});
describeWalker('the interleaved kernel with a reused scratch', interleaved);

test('the interleaved kernel agrees with its readable twin in every visit count', () => {
  const query = fc.tuple(
    someSaves,
    fc.nat(),
    fc.integer({ min: 1, max: 2_000 }),
    numberIn(0, 1),
    fc.nat(2 ** 32 - 1),
  );
  fc.assert(
    fc.property(query, ([saves, pick, steps, restart, seed]) => {
      const graph = graphOf(saves);
      const queryPin = saves[pick % saves.length]![1];
      expect(interleaved(graph, queryPin, steps, restart, seed)).toEqual(
        oneWalkerAtATime(graph, queryPin, steps, restart, seed),
      );
    }),
  );
});

test('the interleaved kernel agrees with its readable twin while the visit table grows several times', () => {
  const pinCount = 30_000;
  const saves = Array.from({ length: pinCount }, (_, pin) => [pin % 3, pin] as const);
  const graph = graphOf([...saves, [0, 1], [1, 2], [2, 0]]);
  const steps = 60_000;
  scratch.visits.begin(1, pinCount); // the smallest capacity
  walkFrom(graph, 0, steps, 0.1, 5, scratch);
  expect(scratch.visits.log2Capacity).toBeGreaterThan(14);
  expect(visitsOf(scratch.visits)).toEqual(oneWalkerAtATime(graph, 0, steps, 0.1, 5));
});

describe('pixie', () => {
  const run = (
    graph: PinBoardGraph,
    pins: number[],
    weights = pins.map(() => 1),
    params = { ...pixieDefaults, steps: 20_000 },
    seed = 1,
  ) => {
    const top = new TopPins(100);
    const stats = pixie(graph, { pins, weights }, params, seed, scratch, top);
    return { stats, best: top.drain() };
  };

  test('pixie recommends the visited pins except the query pins, scored by their share of the steps', () => {
    const { stats, best } = run(smallGraph, [1, 3]);
    const visits = new Map(best.map(({ pin, score }) => [pin, score * stats.steps]));
    expect([...visits.keys()].toSorted((a, b) => a - b)).toEqual([0, 2, 4, 5, 6, 7]);
    for (const count of visits.values()) expect(Math.abs(count - Math.round(count))).toBeLessThan(1e-6);
    expect(stats).toEqual({ steps: 20_000, stoppedEarly: false, candidates: 6 });
    expect(best.map(({ score }) => score)).toEqual(best.map(({ score }) => score).toSorted((a, b) => b - a));
  });

  test('pixie does not depend on the order of the query pins', () => {
    expect(run(smallGraph, [1, 5, 3], [1, 2, 3])).toEqual(run(smallGraph, [3, 1, 5], [3, 1, 2]));
    const weights = fc.array(
      fc.integer({ min: 1, max: 15 }).map((tenths) => tenths / 10),
      { minLength: 2, maxLength: 9 },
    );
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 1e6 }), (forwards, steps) => {
        const pins = forwards.map((_, pin) => pin);
        const shares = shareSteps({ pins, weights: forwards }, steps);
        const reversed = shareSteps({ pins: pins.toReversed(), weights: forwards.toReversed() }, steps);
        expect(reversed.toReversed()).toEqual(shares);
      }),
      { numRuns: 2_000 },
    );
  });

  test('pixie gives a query pin of larger weight more of the walk', () => {
    // Pin 2 is near query pin 1, and pin 7 near query pin 6.
    const scoreOf = (weights: number[], pin: number) =>
      run(smallGraph, [1, 6], weights).best.find((each) => each.pin === pin)!.score;
    expect(scoreOf([9, 1], 2)).toBeGreaterThan(2 * scoreOf([1, 9], 2));
    expect(scoreOf([1, 9], 7)).toBeGreaterThan(2 * scoreOf([9, 1], 7));
  });

  test('pixie divides steps by weight, with the exact sum', () => {
    expect(shareSteps({ pins: [4, 2, 9], weights: [1, 1, 1] }, 10)).toEqual([3, 4, 3]);
    const query = fc.tuple(
      fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 }),
      fc.integer({ min: 1, max: 1e6 }),
    );
    fc.assert(
      fc.property(query, ([weights, steps]) => {
        const shares = shareSteps({ pins: weights.map((_, pin) => pin), weights }, steps);
        const weightSum = weights.reduce((sum, weight) => sum + weight, 0);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(steps);
        for (const [i, share] of shares.entries()) {
          expect(Math.abs(share - (weights[i]! / weightSum) * steps)).toBeLessThan(1 + 1e-6);
        }
      }),
    );
  });

  test('pixie leaves out excluded pins and fills their ranks with the next ones', () => {
    const top = new TopPins(2);
    pixie(smallGraph, { pins: [1], weights: [1] }, pixieDefaults, 1, scratch, top, (pin) => pin === 0);
    const pins = top.drain().map(({ pin }) => pin);
    expect(pins).toHaveLength(2);
    expect(pins).not.toContain(0);
  });

  test('pixie recommends nothing for a pin without boards', () => {
    expect(run(smallGraph, [8])).toEqual({
      stats: { steps: 0, stoppedEarly: false, candidates: 0 },
      best: [],
    });
  });

  test.each([
    ['query', [], [], {}],
    ['query', [0, 0], [1, 1], {}],
    ['query', [9], [1], {}],
    ['query', [-1], [1], {}],
    ['query', [0.5], [1], {}],
    ['query', [0], [0], {}],
    ['query', [0], [-1], {}],
    ['query', [0], [NaN], {}],
    ['query', [0], [Infinity], {}],
    ['query', [0], [1, 1], {}],
    ['steps', [0], [1], { steps: 0 }],
    ['steps', [0], [1], { steps: 1.5 }],
    ['steps', [0], [1], { steps: NaN }],
    ['steps', [0], [1], { steps: 1e9 }],
    ['restartProbability', [0], [1], { restartProbability: -0.1 }],
    ['restartProbability', [0], [1], { restartProbability: NaN }],
    ['restartProbability', [0], [1], { restartProbability: 1.1 }],
  ])('pixie rejects an invalid %s: %j %j %j', (field, pins, weights, params) => {
    const attempt = () => run(smallGraph, pins, weights, { ...pixieDefaults, ...params });
    expect(attempt).toThrow(EngineError);
    expect(attempt).toThrow(expect.objectContaining({ code: 'invalid-parameter', field }));
  });

  test.each([-1, 0.5, 2 ** 32, NaN])('pixie rejects random seed %d', (seed) => {
    expect(() => run(smallGraph, [0], [1], pixieDefaults, seed)).toThrow(
      expect.objectContaining({ field: 'randomSeed' }),
    );
  });
});
