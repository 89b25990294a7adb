import { expect, test } from 'vitest';
import { pinDegreeMax, shareSteps, weighByPaper, weighByPower } from '../../engine/walk/step-shares.ts';
import { type PixieParams, type NodeKind, createWalkScratch, pixie } from '../../engine/index.ts';
import { sharesOfRootSums } from '../../engine/walk/shares.ts';
import { SparseVector } from '../../engine/sparse/index.ts';
import { Shares } from '../../engine/walk/shares-vector.ts';
import { type QueryCase, scoresOf, keysOf, queryOf } from '../scores.ts';
import { graphOf, smallGraph } from '../graphs.ts';

const scratch = createWalkScratch();
const run = (
  { graph, query }: QueryCase,
  params: Partial<PixieParams>,
  target: NodeKind = 'pins',
  seed = 1,
) => scoresOf((top) => pixie(graph, query, params, seed, scratch, top, undefined, { target }));

/** Pin p is the only pin on p boards, for p up to 20. */
const stairs = graphOf(
  Array.from({ length: 20 }, (_, i) => i + 1).flatMap((pin) =>
    Array.from({ length: pin }, (_, i) => [(pin * (pin - 1)) / 2 + i, pin] as const),
  ),
);

test('the division of steps by Eq. 1 of the paper equals an example worked by hand', () => {
  // The largest pin of smallGraph has 4 boards. s = d (ln 4 − ln d): pin 1 of one board, pin 2 of two.
  const weights = weighByPaper(
    smallGraph,
    { pins: [1, 2, 8], weights: [1, 3, 1] },
    pinDegreeMax(smallGraph),
  ).weights;
  expect(weights[0]).toBeCloseTo(Math.log(4), 14);
  expect(weights[1]).toBeCloseTo(3 * 2 * Math.log(2), 14);
  expect(weights[2]).toBe(0);
  // So 2 ln 2 : 6 ln 2 = 1 : 3 of 1,000 steps.
  expect(shareSteps({ pins: [1, 2, 8], weights }, 1_000)).toEqual([250, 750, 0]);
});

test('the division of steps by Eq. 1 grows more slowly than the degree, and gives steps to the pin of largest degree', () => {
  const pins = Array.from({ length: 20 }, (_, i) => i + 1);
  const { weights } = weighByPaper(stairs, queryOf(...pins), 20);
  const perBoard = weights.map((weight, i) => weight / pins[i]!);
  for (let i = 1; i < 20; i++) expect(perBoard[i]).toBeLessThan(perBoard[i - 1]!);
  expect(shareSteps({ pins, weights }, 10_000)[19]).toBeGreaterThan(0);
  expect(run({ graph: stairs, query: queryOf(20) }, { stepShares: 'paper', steps: 50 }).stats.steps).toBe(50);
});

test('the division of steps by power is weight · degree^startWeight, and 0 for a pin without boards', () => {
  const query = { pins: [0, 2, 8], weights: [1, 3, 9] };
  expect(weighByPower(smallGraph, query, 2).weights).toEqual([16, 12, 0]);
  expect(weighByPower(smallGraph, query, -1).weights).toEqual([1 / 4, 3 / 2, 0]);
  expect(weighByPower(smallGraph, query, 0).weights).toEqual([1, 3, 0]);
});

test('the division of steps by power with shrinkage is weight · degree · (degree + pinShrinkage)^(startWeight − 1)', () => {
  const query = { pins: [0, 2, 8], weights: [1, 3, 9] };
  // Pin 0 has 4 boards, pin 2 two: 4 · (4 + 6)^-1, 3 · 2 · (2 + 6)^-1.
  expect(weighByPower(smallGraph, query, 0, 6).weights).toEqual([4 / 10, 6 / 8, 0]);
  expect(weighByPower(smallGraph, query, 2, 6).weights).toEqual([40, 48, 0]);
  expect(weighByPower(smallGraph, query, 1, 6).weights).toEqual([4, 6, 0]);
});

test('the division of steps is limited to stepsPerQueryPin per query pin', () => {
  const params = { steps: 1_000, stepsPerQueryPin: 70 };
  expect(run({ graph: smallGraph, query: queryOf(1) }, params).stats.steps).toBe(70);
  expect(run({ graph: smallGraph, query: queryOf(1, 2, 3) }, params).stats.steps).toBe(210);
  expect(
    run({ graph: smallGraph, query: queryOf(0, 1, 2, 3, 4, 5, 6, 7) }, { ...params, steps: 500 }).stats.steps,
  ).toBe(500);
});

test('boost follows the paper: four visits from one query pin stay four, two from each of two become eight', () => {
  const [roots, shares] = [new SparseVector(), new Shares()];
  roots.begin(3);
  roots.add(0, Math.sqrt(4));
  roots.add(1, Math.sqrt(2));
  roots.add(1, Math.sqrt(2));
  sharesOfRootSums(roots, 8, shares);
  expect(shares.divisor).toBe(8);
  expect(shares.values[0]!).toBeCloseTo(4, 14);
  expect(shares.values[1]!).toBeCloseTo(8, 14);
});

test('boost promotes a pin reached from two query pins over one reached as often from a single one', () => {
  // Pin 2 shares a board of two pins with each of the query pins 0 and 1; pin 3 shares two with pin 0 alone.
  const graph = graphOf([
    [0, 0],
    [0, 2],
    [1, 1],
    [1, 2],
    [2, 0],
    [2, 3],
    [3, 0],
    [3, 3],
    [4, 1],
    [4, 4],
    [5, 1],
    [5, 5],
  ]);
  const input = { graph, query: queryOf(0, 1) };
  const plain = run(input, { restartProbability: 1 }).scores;
  const boosted = run(input, { restartProbability: 1, boost: true }).scores;
  // Without boost both have share 1/6; boosted, pin 2 has (2 · √(1/12))² = 1/3.
  for (const [scores, between] of [
    [plain, 1 / 6],
    [boosted, 1 / 3],
  ] as const) {
    expect(Math.abs(scores.get(2)! - between)).toBeLessThan(0.01);
    expect(Math.abs(scores.get(3)! - 1 / 6)).toBeLessThan(0.01);
  }
});

test('pixie with target boards recommends the boards that the walk passes, discounted by their number of pins', () => {
  // Pin 5 is on board 3 only, so with restart 1 every step passes it: four pins, 4^-1/2.
  const { scores } = run(
    { graph: smallGraph, query: queryOf(5) },
    { restartProbability: 1, popularityDiscount: 0.5 },
    'boards',
  );
  expect([...scores]).toEqual([[3, 0.5]]);
  expect(
    keysOf(run({ graph: smallGraph, query: queryOf(4) }, { restartProbability: 1 }, 'boards').scores),
  ).toEqual([2, 3]);
});

test.each([
  ['sharpening', { sharpening: 0.1, boost: true }, 'pins'],
  ['sharpening', { sharpening: 0.1 }, 'boards'],
  ['sharpening', { sharpening: 0.1 }, 'users'],
  ['boardSharpening', { boardSharpening: 0.1 }, 'pins'],
  ['boardSharpening', { boardSharpening: 0.1, lastHop: 'drawn' }, 'pins'],
  ['boardSharpening', { boardSharpening: 0.1 }, 'boards'],
  ['lastHop', { lastHop: 'spread', boardSharpening: 0.1 }, 'boards'],
  ['popularityDiscount', { popularityDiscount: 0.1 }, 'users'],
  ['popularityDiscount', { popularityDiscount: -0.1 }, 'users'],
  ['lastHop', { lastHop: 'spread', boost: true }, 'pins'],
  ['lastHop', { lastHop: 'spread' }, 'boards'],
  ['lastHop', { lastHop: 'spread', earlyStop: 'visits' }, 'pins'],
  ['lastHop', { lastHop: 'spread', earlyStop: 'stable' }, 'pins'],
  ['earlyStop', { earlyStop: 'stable', boost: true }, 'pins'],
  ['earlyStop', { earlyStop: 'stable' }, 'boards'],
  ['lastHop', { lastHop: 'spread' }, 'users'],
  ['earlyStop', { earlyStop: 'stable' }, 'users'],
] as [string, Partial<PixieParams>, NodeKind][])(
  'pixie rejects an invalid combination and names %s: %j with target %s',
  (field, params, target) => {
    expect(() => run({ graph: smallGraph, query: queryOf(0) }, params, target)).toThrow(
      expect.objectContaining({ code: 'invalid-parameter', field }),
    );
  },
);
