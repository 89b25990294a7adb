import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type PixieParams,
  type NodeKind,
  type PinBoardGraph,
  type VisitTable,
  TopPins,
  createWalkScratch,
  neighborsOf,
  nextBelow,
  pixie,
  pixieDefaults,
  randomStream,
} from '../../engine/index.ts';
import {
  type QueryCase,
  scoresOf,
  expectSameScores,
  keysOf,
  queryOf,
  someQueries,
  numberIn,
  someBoardSharpening,
} from '../scores.ts';
import { graphOf, smallGraph } from '../graphs.ts';
import { lost, wholePixie } from '../reference/whole-pixie.ts';

const scratch = createWalkScratch();
const run = (
  { graph, query }: QueryCase,
  params: Partial<PixieParams>,
  seed = 1,
  target: NodeKind = 'pins',
  used = scratch,
) => {
  const answer = scoresOf((top) => pixie(graph, query, params, seed, used, top, undefined, { target }));
  return { ...answer, visits: visitsOf(used.visits) };
};

function visitsOf(visits: VisitTable): Map<number, number> {
  const slots = [...visits.touched.subarray(0, visits.size)];
  return new Map(slots.map((slot) => [visits.entries[2 * slot]!, visits.entries[2 * slot + 1]!]));
}

const someWalks: fc.Arbitrary<Partial<PixieParams>> = fc.record({
  steps: fc.integer({ min: 10, max: 3_000 }),
  restartProbability: fc.oneof(fc.constant(1), numberIn(0, 1)),
  stepShares: fc.constantFrom('power', 'paper'),
  startWeight: numberIn(-2, 2),
  popularityDiscount: numberIn(-1, 1),
  pinShrinkage: fc.oneof(fc.constant(0), numberIn(0, 20)),
  boardShrinkage: fc.oneof(fc.constantFrom(0, 1), numberIn(0, 20)),
  sharpeningPins: fc.oneof(fc.constant(0), numberIn(0, 20)),
});
/** Valid combinations for target pins. */
const someExtras: fc.Arbitrary<Partial<PixieParams>> = fc.oneof(
  fc.constant({}),
  fc.constantFrom('drawn' as const, 'spread' as const).map((lastHop) => ({ lastHop })),
  numberIn(0.01, 2).map((sharpening) => ({ sharpening })),
  numberIn(0.01, 2).map((sharpening) => ({ sharpening, lastHop: 'spread' as const })),
  fc.record({
    lastHop: fc.constant('spread' as const),
    boardSharpening: someBoardSharpening,
    sharpening: fc.oneof(fc.constant(0), numberIn(0.01, 2)),
  }),
  fc.constant({ boost: true }),
);
const seeds = fc.nat(2 ** 32 - 1);

test('pixie agrees with its readable twin in every count and score, whatever the parameters', () => {
  fc.assert(
    fc.property(someQueries, someWalks, someExtras, seeds, ({ graph, query }, walk, extras, randomSeed) => {
      const params = { ...pixieDefaults, ...walk, ...extras };
      const { stats, scores, visits } = run({ graph, query }, params, randomSeed);
      const twin = wholePixie({ graph, query, params, randomSeed });
      expect(visits).toEqual(twin.visits);
      expect(stats).toEqual({ steps: twin.steps, stoppedEarly: false, candidates: twin.scores.size });
      expectSameScores(scores, twin.scores, 'largest');
    }),
    { numRuns: 300 },
  );
});

test('pixie agrees with its readable twin on boards, ranked by the steps that pass them', () => {
  fc.assert(
    fc.property(someQueries, someWalks, fc.boolean(), seeds, ({ graph, query }, walk, boost, randomSeed) => {
      const params = { ...pixieDefaults, ...walk, boost };
      const { stats, scores, visits } = run({ graph, query }, params, randomSeed, 'boards');
      const twin = wholePixie({ graph, query, params, randomSeed, target: 'boards' });
      expect(visits).toEqual(twin.visits);
      expect(stats.candidates).toBe(twin.scores.size);
      expectSameScores(scores, twin.scores, 'largest');
    }),
  );
});

test('pixie conserves steps: visits and lost walkers add up to them', () => {
  fc.assert(
    fc.property(someQueries, someWalks, seeds, (input, walk, seed) => {
      const { stats, visits } = run(input, walk, seed);
      expect([...visits.values()].reduce((sum, count) => sum + count, 0)).toBe(stats.steps);
      const canWalk = input.query.pins.some((pin) => input.graph.pinToBoard.slices[2 * pin + 1]! > 0);
      expect(stats.steps).toBe(canWalk ? walk.steps : 0);
    }),
  );
  // Board 3 has four pins, the shrinkage is four: every other step is lost. 10 standard deviations.
  const { visits } = run(
    { graph: smallGraph, query: queryOf(5) },
    { restartProbability: 1, boardShrinkage: 4 },
  );
  expect(Math.abs(visits.get(lost)! - 50_000)).toBeLessThan(10 * Math.sqrt(100_000 / 4));
});

describe('the steps of a sharpened walk', () => {
  const pinsOf = (graph: PinBoardGraph, board: number) => [...neighborsOf(graph.boardToPin, board)];

  test('the steps of a sharpened walk differ from the requested ones by at most one per distinct pin', () => {
    const steps = fc.integer({ min: 2, max: 300 });
    fc.assert(
      fc.property(someQueries, steps, fc.boolean(), seeds, ({ graph, query }, requested, isSpread, seed) => {
        const params = { steps: requested, sharpening: 1, lastHop: isSpread ? 'spread' : 'drawn' } as const;
        const { stats, visits } = run({ graph, query }, params, seed);
        if (stats.steps === 0) return;
        const nodes = [...visits.keys()];
        const pins = new Set(isSpread ? nodes.flatMap((board) => pinsOf(graph, board)) : nodes);
        expect(Math.abs(stats.steps - requested)).toBeLessThanOrEqual(pins.size);
      }),
    );
  });

  test('the steps of a sharpened walk equal the requested ones in the mean', () => {
    const runs = 1_000;
    let sum = 0;
    for (let seed = 0; seed < runs; seed++) {
      const params = { steps: 55, sharpening: 0.5 };
      sum += run({ graph: smallGraph, query: queryOf(4) }, params, seed).stats.steps;
    }
    // Eight pins, each rounded with a standard deviation of at most 1/2; six standard deviations of the mean.
    expect(Math.abs(sum / runs - 55)).toBeLessThan((6 * Math.sqrt(8 / 4)) / Math.sqrt(runs));
  });
});

test('the order of query pins does not change a single bit of the scores', () => {
  fc.assert(
    fc.property(someQueries, someWalks, someExtras, seeds, ({ graph, query }, walk, extras, seed) => {
      const reversed = { pins: query.pins.toReversed(), weights: query.weights.toReversed() };
      const params = { ...walk, ...extras };
      expect(run({ graph, query: reversed }, params, seed).scores).toEqual(
        run({ graph, query }, params, seed).scores,
      );
    }),
    { numRuns: 300 },
  );
});

test('a scratch used for other graphs and queries gives the same result as a new one', () => {
  const requests = fc.array(fc.tuple(someQueries, someWalks, someExtras), { minLength: 2, maxLength: 4 });
  fc.assert(
    fc.property(requests, (all) => {
      const used = createWalkScratch();
      for (const [input, walk, extras] of all) {
        const params = { ...walk, ...extras };
        expect(run(input, params, 1, 'pins', used)).toEqual(
          run(input, params, 1, 'pins', createWalkScratch()),
        );
      }
    }),
    { numRuns: 50 },
  );
});

test('a scratch keeps no second steps of an earlier query if the next one has too few steps for any', () => {
  const input = { graph: smallGraph, query: queryOf(4) };
  const used = createWalkScratch();
  for (const sharp of [{ sharpening: 1 }, { boardSharpening: 1, lastHop: 'spread' as const }]) {
    for (let seed = 0; seed < 30; seed++) {
      run(input, { ...sharp, steps: 1_000 }, seed, 'pins', used);
      // A single step leaves none for second steps, so nothing is sharpened.
      const one = run(input, { ...sharp, steps: 1 }, seed, 'pins', used);
      expect(one).toEqual(run(input, { ...sharp, steps: 1, sharpening: 0, boardSharpening: 0 }, seed));
      expect(one.stats.steps).toBe(1);
      // With a few steps, second steps may be rounded to none.
      run(input, { ...sharp, steps: 1_000 }, seed, 'pins', used);
      const three = run(input, { ...sharp, steps: 3 }, seed, 'pins', used);
      expect(three).toEqual(run(input, { ...sharp, steps: 3 }, seed, 'pins', createWalkScratch()));
    }
  }
});

test('a scratch keeps nothing of an earlier query for boards with boost', () => {
  const input = {
    graph: graphOf([
      [0, 0],
      [0, 1],
      [1, 1],
    ]),
    query: queryOf(0, 1),
  };
  const used = createWalkScratch();
  const first = run(input, { boost: true }, 1, 'boards', used);
  expect(keysOf(first.scores)).toEqual([0, 1]);
  run({ graph: smallGraph, query: queryOf(1, 5) }, { boost: true }, 1, 'pins', used);
  expect(run(input, { boost: true }, 1, 'boards', used)).toEqual(first);
});

test('a short list is the beginning of a long one, also where the strongest candidates are offered first', () => {
  const pinCount = 3_000;
  const stream = randomStream(3);
  const saves = Array.from({ length: 600 }, (_, board) =>
    [...new Set(Array.from({ length: 30 }, () => nextBelow(stream, pinCount)))].map(
      (pin) => [board, pin] as const,
    ),
  ).flat();
  const graph = graphOf(saves, pinCount);
  const best = (k: number, params: Partial<PixieParams>) => {
    const top = new TopPins(k);
    pixie(graph, queryOf(1, 2, 3, 4, 5), { lastHop: 'spread', steps: 3_000, ...params }, 1, scratch, top);
    return top.drain();
  };
  for (const params of [
    {},
    { boardSharpening: 0.3 },
    { sharpening: 1 },
    { sharpening: 1, boardSharpening: 0.3 },
  ]) {
    const all = best(pinCount, params);
    expect(all.length).toBeGreaterThan(1_000);
    for (const k of [20, 64, 100, 200]) expect(best(k, params)).toEqual(all.slice(0, k));
  }
});
