import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TooMuchWork, Work, prices } from '../../engine/base/index.ts';
import {
  type NodeKind,
  type PipelineSettings,
  type Ranking,
  Engine,
  resolvePipeline,
  runPipeline,
} from '../../engine/index.ts';
import { syntheticGraph } from '../../scripts/bench/kernel.ts';
import { someQueries } from '../scores.ts';

/** Some 3,000 pins on 1,800 boards. */
const graph = syntheticGraph(12_000);
const query = { pins: [0, 1, 2, 3, 5, 8, 13], weights: [1, 1, 1, 1, 1, 1, 1] };

type Case = PipelineSettings & { readonly target?: NodeKind; readonly isFiltered?: boolean };

const sharpened = { steps: 20_000, sharpening: 0.5, boardSharpening: 0.5 };
const cases: readonly Case[] = [
  { algorithm: 'pixie', params: { steps: 20_000 } },
  { algorithm: 'pixie', params: { steps: 20_000, lastHop: 'spread' } },
  { algorithm: 'pixie', params: { ...sharpened, lastHop: 'spread' } },
  { algorithm: 'pixie', params: { steps: 20_000, boost: true } },
  { algorithm: 'pixie', params: { steps: 20_000, earlyStop: 'stable', stableOverlap: 1 } },
  { algorithm: 'pixie', params: { steps: 20_000, earlyStop: 'visits' } },
  { algorithm: 'pixie', params: { steps: 20_000 }, target: 'boards' },
  { algorithm: 'pixie', params: { steps: 20 }, target: 'boards', isFiltered: true },
  { algorithm: 'pixie', params: { steps: 20 }, isFiltered: true },
  { algorithm: 'paths', params: {} },
  { algorithm: 'paths', params: { sharpening: 0.5, boardSharpening: 0.5 } },
  { algorithm: 'ppr', params: { residualMax: 1e-12 } },
  { algorithm: 'ppr', params: { residualMax: 1e-9 }, isFiltered: true },
  { algorithm: 'itemknn', params: { neighborsMax: 1000 } },
  { algorithm: 'popular', params: {} },
  { algorithm: 'popular', params: {}, isFiltered: true },
  { algorithm: 'popular', params: {}, target: 'boards' },
];

function run(
  engine: Engine,
  { target = 'pins', isFiltered = false, ...settings }: Case,
  work: Work,
): Ranking {
  return runPipeline(engine, {}, query, resolvePipeline(settings, target), {
    target,
    limit: 20,
    randomSeed: 1,
    // As a filter that reads the fields of each candidate, and that none meets.
    isExcluded: () => isFiltered && (work.take(1, prices.row) === 0 || true),
    work,
  });
}

describe.each(cases.map((each) => [JSON.stringify(each), each] as const))('the work of %s', (_, each) => {
  const whole = new Work();
  const full = run(new Engine(graph), each, whole);
  /** What is counted in full: lists of candidates, and the boards of all users. */
  const overshoot = 5_000;

  test('a request without a limit does all of its work, and counts it', () => {
    expect(whole.used).toBeGreaterThan(0);
    expect(whole.isExhausted).toBe(false);
  });

  test('a budget of twice its work, of which a first stage may take half, changes nothing', () => {
    const work = new Work(2 * whole.used);
    expect(run(new Engine(graph), each, work)).toEqual(full);
    expect(work.isExhausted).toBe(false);
  });

  test.each([0, 0.01, 0.1, 0.3])('stops at %d of its work, says so, and does the same again', (share) => {
    const limited = (engine: Engine): { readonly work: Work; readonly ranking: Ranking } => {
      const work = new Work(share * whole.used);
      return { ranking: run(engine, each, work), work };
    };
    const engine = new Engine(graph);
    const first = limited(engine);
    expect(first.work.isExhausted).toBe(true);
    expect(first.work.used).toBeLessThanOrEqual(share * whole.used + overshoot);
    expect(limited(engine)).toEqual(first);
    expect(limited(new Engine(graph))).toEqual(first);
    // What was cut leaves nothing behind.
    expect(run(engine, each, new Work())).toEqual(full);
  });

  test('more work than it may do here throws, and leaves nothing behind', () => {
    const engine = new Engine(graph);
    for (const share of [0, 0.1, 0.5, 0.9]) {
      expect(() => run(engine, each, new Work(Infinity, share * whole.used))).toThrow(TooMuchWork);
      expect(run(engine, each, new Work())).toEqual(full);
    }
    expect(run(engine, each, new Work(Infinity, 2 * whole.used))).toEqual(full);
  });
});

test('an algorithm with a third of its work still recommends something', () => {
  for (const each of cases.filter(({ isFiltered }) => isFiltered !== true)) {
    const whole = new Work();
    run(new Engine(graph), each, whole);
    const { best } = run(new Engine(graph), each, new Work(whole.used / 3));
    expect(best.length, JSON.stringify(each)).toBeGreaterThan(0);
  }
});

test('no algorithm exceeds its work budget on any graph, except for separately bounded work', () => {
  const someCase = fc.constantFrom(...cases);
  fc.assert(
    fc.property(someQueries, someCase, fc.nat(2_000), (given, { target = 'pins', ...settings }, max) => {
      const work = new Work(max);
      runPipeline(new Engine(given.graph), {}, given.query, resolvePipeline(settings, target), {
        target,
        limit: 5,
        randomSeed: 1,
        isExcluded: () => false,
        work,
      });
      expect(work.used).toBeLessThanOrEqual(max + 200);
    }),
  );
});
