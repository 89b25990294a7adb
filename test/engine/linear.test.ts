import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Work, prices } from '../../engine/base/index.ts';
import {
  Engine,
  type LinearBuildParams,
  type LinearWeights,
  type WeightLists,
  type Params,
  type PinBoardGraph,
  Regression,
  TopPins,
  countedBoards,
  nodeCount,
  sharedInt32Array,
  sizedParams,
} from '../../engine/index.ts';
import { computeLinear } from '../../graph-data/index.ts';
import { syntheticGraph } from '../../scripts/bench/kernel.ts';
import { graphOf, smallGraph, someSaves } from '../graphs.ts';
import { denseEase } from '../reference/ease.ts';
import { numberIn, queryOf, scoresOf } from '../scores.ts';

const params: LinearBuildParams = { neighborsMax: 100, ridge: 1, dropout: 0, boardPinsMax: 10_000 };

/** The weights of every pin for a pin, in Float64, by pin. */
function columnOf(graph: PinBoardGraph, pin: number, given: LinearBuildParams, limits?: Limits): number[] {
  const regression = new Regression(graph.boardToPin, countedBoards(graph, given), given, limits);
  const column = Array<number>(nodeCount(graph.pinToBoard)).fill(0);
  const count = regression.run(pin);
  for (let a = 0; a < count; a++) column[regression.neighbors[a]!] = regression.weights[a]!;
  return column;
}
type Limits = NonNullable<ConstructorParameters<typeof Regression>[3]>;

function weightsOf(rows: readonly (readonly (readonly [pin: number, weight: number])[])[]): WeightLists {
  const flat = rows.flat();
  const starts = sharedInt32Array(rows.length + 1);
  for (const [i, row] of rows.entries()) starts[i + 1] = starts[i]! + row.length;
  const pins = sharedInt32Array(flat.length);
  pins.set(flat.map(([pin]) => pin));
  const weights = new Float32Array(new SharedArrayBuffer(4 * flat.length));
  weights.set(flat.map(([, weight]) => weight));
  return { starts, pins, weights };
}

const recommend = (graph: PinBoardGraph, linear: LinearWeights, pins: number[], options: Params = {}) =>
  scoresOf((top) =>
    new Engine(graph).recommend('linear', queryOf(...pins), options, 1, top, undefined, { linear }),
  );

test('with all other pins as neighbors, the weights are those of dense EASE to 1e-9', () => {
  const cases = fc.tuple(someSaves, numberIn(0.01, 500), fc.constantFrom(0, 0.3, 0.9));
  fc.assert(
    fc.property(cases, ([saves, ridge, dropout]) => {
      // A board of all pins: every two share one, and are neighbors.
      const all = Array.from({ length: 15 }, (_, pin) => [12, pin] as const);
      const graph = graphOf([...saves, ...all], 15);
      const dense = denseEase(graph, (degree) => ridge + (dropout / (1 - dropout)) * degree);
      for (let pin = 0; pin < 15; pin++) {
        const column = columnOf(graph, pin, { ...params, ridge, dropout });
        for (const [i, weight] of column.entries())
          expect(Math.abs(weight - dense[i]![pin]!)).toBeLessThan(1e-9);
      }
    }),
    { numRuns: 50 },
  );
});

test('with one neighbor, the weight is that of simple regression on the pin that explains most', () => {
  // Pin 0 shares two of its three boards with pin 1, of two boards, and one with pin 2, of one.
  const saves = [[0, 0], [0, 1], [1, 0], [1, 1], [2, 0], [2, 2]] as const; // prettier-ignore
  const column = columnOf(graphOf(saves), 0, { ...params, neighborsMax: 1, ridge: 3 });
  expect(column[1]).toBeCloseTo(2 / (2 + 3), 12);
  expect(column[2]).toBe(0);
});

test('boards of more than boardPinsMax pins add nothing to the weights', () => {
  const small = [[0, 0], [0, 1], [1, 1], [1, 2]] as const; // prettier-ignore
  const large = [0, 1, 2, 3].map((pin) => [2, pin] as const);
  const without = columnOf(graphOf(small, 4), 1, params);
  expect(columnOf(graphOf([...small, ...large], 4), 1, { ...params, boardPinsMax: 3 })).toEqual(without);
  expect(columnOf(graphOf([...small, ...large], 4), 1, params)).not.toEqual(without);
});

test('beyond the exact limits a sample of boards gives nearly the same weights', () => {
  // 400 copies of a graph: a fair sample of the boards has nearly the proportions of all.
  const copies = Array.from({ length: 400 }, (_, copy) =>
    [[0, 0], [0, 1], [0, 2], [1, 1], [1, 2], [2, 0], [2, 2], [3, 2], [3, 3]].map(
      ([board, pin]) => [4 * copy + board!, pin!] as const,
    ),
  ); // prettier-ignore
  const graph = graphOf(copies.flat());
  const exact = columnOf(graph, 0, params);
  for (const limits of [
    { ownSaves: 400, neighborBoards: 2 ** 18 },
    { ownSaves: 2 ** 21, neighborBoards: 400 },
  ]) {
    const sampled = columnOf(graph, 0, params, limits);
    expect(sampled).not.toEqual(exact);
    for (const [i, weight] of exact.entries()) expect(Math.abs(sampled[i]! - weight)).toBeLessThan(0.1);
  }
});

const listsOf = async (graph: PinBoardGraph, given: LinearBuildParams, threads = 1): Promise<WeightLists> => {
  const weights = await computeLinear(graph, given, { threads });
  return 'kernel' in weights ? expect.unreachable('a kernel') : weights;
};

test('on few boards, scores are those of dense EASE, without any weight left out', async () => {
  const cases = fc.tuple(someSaves, numberIn(2, 500), fc.constantFrom(0, 0.3, 0.9), fc.boolean());
  await fc.assert(
    fc.asyncProperty(cases, async ([saves, ridge, dropout, includeQueryPins]) => {
      const graph = graphOf([...saves, [12, 0], [12, 1]], 15);
      const kernel = await computeLinear(graph, { ...params, neighborsMax: 0, ridge, dropout });
      expect(kernel).toHaveProperty('kernel');
      const dense = denseEase(graph, (degree) => ridge + (dropout / (1 - dropout)) * degree);
      const query = { ...queryOf(0, 1), weights: [1, 0.25], includeQueryPins };
      const { scores } = scoresOf((top) =>
        new Engine(graph).recommend('linear', query, {}, 1, top, undefined, { linear: kernel }),
      );
      for (let pin = 0; pin < 15; pin++) {
        const expected = dense[0]![pin]! + 0.25 * dense[1]![pin]!;
        const isOffered = (includeQueryPins || pin > 1) && expected > 1e-5;
        if (isOffered || scores.has(pin)) expect(Math.abs(scores.get(pin)! - expected)).toBeLessThan(1e-5);
      }
    }),
    { numRuns: 50 },
  );
});

test('boards of more than boardPinsMax pins add nothing through a kernel either', async () => {
  const small = [[0, 0], [0, 1], [1, 1], [1, 2]] as const; // prettier-ignore
  const large = [0, 1, 2, 3].map((pin) => [2, pin] as const);
  const given = { ...params, neighborsMax: 0, boardPinsMax: 3 };
  const scores = async (graph: PinBoardGraph) =>
    recommend(graph, await computeLinear(graph, given), [1]).scores;
  expect(await scores(graphOf([...small, ...large], 4))).toEqual(await scores(graphOf(small, 4)));
});

test('a kernel is not for pruned graphs, nor where K is given', async () => {
  const given = { ...params, neighborsMax: 0 };
  expect(await computeLinear(smallGraph, given)).toHaveProperty('kernel');
  expect(await computeLinear(smallGraph, given, { isPruned: true })).toHaveProperty('starts');
  expect(await computeLinear(smallGraph, params)).toHaveProperty('starts');
});

test('without work for all saves, linear offers nothing through a kernel, and says so', async () => {
  const kernel = await computeLinear(smallGraph, { ...params, neighborsMax: 0 });
  const run = (units: number) =>
    scoresOf((top) =>
      new Engine(smallGraph).recommend('linear', queryOf(0), {}, 1, top, undefined, {
        linear: kernel,
        work: new Work(units),
      }),
    );
  expect(run(100).stats).toMatchObject({ isTruncated: false });
  expect(run(prices.edge)).toMatchObject({ scores: new Map(), stats: { weightsRead: 0, isTruncated: true } });
});

test('beyond 4,096 boards, neighborsMax 0 is 400 up to 10,000 pins, and 100 beyond', async () => {
  const given = { ...params, neighborsMax: 0 };
  expect([10_000, 10_001].map((pins) => sizedParams(given, pins).neighborsMax)).toEqual([400, 100]);
  expect(sizedParams({ ...given, neighborsMax: 7 }, 10_001).neighborsMax).toBe(7);
  // A board of 120 pins: each has 119 neighbors.
  const saves = [...Array.from({ length: 120 }, (_, pin) => [0, pin] as const), [4_096, 0] as const];
  for (const [pins, neighbors] of [
    [10_000, 119],
    [10_001, 100],
  ] as const) {
    // prettier-ignore
    const { starts } = await listsOf(graphOf(saves, pins), given);
    expect(starts.at(-1)).toBe(120 * neighbors);
  }
});

test('item weights have the same bytes on one thread and on two', async () => {
  const graph = syntheticGraph(30_000);
  expect(nodeCount(graph.pinToBoard)).toBeGreaterThan(4_000);
  const few = { ...params, neighborsMax: 8 };
  const one = await listsOf(graph, few);
  expect(one.pins.length).toBeGreaterThan(10_000);
  expect(await listsOf(graph, few, 2)).toEqual(one);
});

test('the score of a pin is the sum of the weights that the query pins have for it', async () => {
  const weights = await computeLinear(smallGraph, params);
  const columns = Array.from({ length: 9 }, (_, pin) => columnOf(smallGraph, pin, params));
  const { stats, scores } = recommend(smallGraph, weights, [0, 4]);
  const expected = columns
    .map((column, pin) => [pin, column[0]! + column[4]!] as const)
    .filter(([pin, score]) => score > 0 && pin !== 0 && pin !== 4);
  expect([...scores.keys()].toSorted((a, b) => a - b)).toEqual(expected.map(([pin]) => pin));
  for (const [pin, score] of expected) expect(scores.get(pin)).toBeCloseTo(score, 6);
  expect(stats.candidates).toBe(expected.length);
});

test('a pin whose weights cancel to 0 on the way is offered once', () => {
  const weights = weightsOf([[[3, 1]], [[3, -1]], [[3, 2]], []]);
  const { stats, scores } = recommend(smallGraph, weights, [0, 1, 2]);
  expect([...scores]).toEqual([[3, 2]]);
  expect(stats.candidates).toBe(1);
});

test('pins with a score below 0 are no candidates, and pins without weights add nothing', () => {
  // Pin 8 came after the build: the weights end at pin 3.
  const weights = weightsOf([[[2, -1], [3, 0.5]], [], [], []]); // prettier-ignore
  const { stats, scores } = recommend(smallGraph, weights, [0, 8]);
  expect([...scores]).toEqual([[3, 0.5]]);
  expect(stats).toEqual({ candidates: 1, weightsRead: 2, isTruncated: false });
});

test('popularityDiscount divides by a power of the degree', () => {
  const weights = weightsOf([[[4, 1]], []]);
  const { scores } = recommend(smallGraph, weights, [0], { popularityDiscount: 0.5 });
  expect(scores.get(4)).toBeCloseTo(2 ** -0.5, 12);
});

test('linear stops before a query pin whose weights cost more than the work that is left', () => {
  const weights = weightsOf([[[4, 1]], [[3, 1], [5, 1]]]); // prettier-ignore
  const work = new Work(2 * prices.edge);
  const top = new TopPins(10);
  const options = { linear: weights, work };
  const stats = new Engine(smallGraph).recommend('linear', queryOf(0, 1), {}, 1, top, undefined, options);
  expect(stats).toMatchObject({ weightsRead: 1, isTruncated: true });
});

test('linear on a graph without item weights is refused, with the remedy', () => {
  const run = () => new Engine(smallGraph).recommend('linear', queryOf(0), {}, 1, new TopPins(1));
  expect(run).toThrow(/build --linear/);
});
