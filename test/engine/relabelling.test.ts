import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AlgorithmName,
  Engine,
  type Params,
  type PinBoardGraph,
  type Query,
  neighborsOf,
} from '../../engine/index.ts';
import { scoresOf, expectSameScores, keysOf } from '../scores.ts';
import { graphOf, smallGraph, someSaves } from '../graphs.ts';
import { goodnessOfFit } from '../statistical/chi-square.ts';

const [pinCount, boardCount] = [15, 12];
const permutation = (size: number) =>
  fc.shuffledSubarray(
    Array.from({ length: size }, (_, i) => i),
    { minLength: size },
  );
const recommend = (graph: PinBoardGraph, name: AlgorithmName, query: Query, params: Params, seed = 1) =>
  scoresOf((top) => new Engine(graph).recommend(name, query, params, seed, top)).scores;

/** Indices carry no meaning: relabelled graphs give relabelled recommendations. */
test.each([
  [
    'paths',
    { x: 0.8, z: 0.2, pinShrinkage: 3, boardShrinkage: 1, sharpening: 0.4, boardSharpening: 0.204567 },
  ],
  ['ppr', { residualMax: 1e-12 }],
  ['itemknn', { shrinkage: 2 }],
  ['popular', {}],
] as [AlgorithmName, Params][])('relabelled pins and boards have the same scores of %s', (name, params) => {
  const renaming = fc.tuple(someSaves, permutation(pinCount), permutation(boardCount), fc.nat(13));
  fc.assert(
    fc.property(renaming, ([saves, newPin, newBoard, pin]) => {
      const renamed = saves.map(([board, saved]) => [newBoard[board]!, newPin[saved]!] as const);
      const query = { pins: [pin, pin + 1], weights: [2, 3] };
      const before = recommend(graphOf(saves, pinCount), name, query, params);
      const renamedQuery = { pins: query.pins.map((each) => newPin[each]!), weights: query.weights };
      const after = recommend(graphOf(renamed, pinCount), name, renamedQuery, params);
      const expected = new Map([...before].map(([each, score]) => [newPin[each]!, score]));
      // A residual exactly at the bound of forward push may be pushed with one labelling and not with another.
      if (name === 'ppr') {
        for (const each of keysOf(after)) {
          expect(Math.abs(after.get(each)! - (expected.get(each) ?? 0))).toBeLessThan(1e-9);
        }
      } else expectSameScores(after, expected, 'largest');
      expect(name === 'ppr' || after.size === before.size).toBe(true);
    }),
  );
});

test('relabelled pins and boards have the same distribution of pixie scores, different from that of another query pin', () => {
  // Restart 1 from pin 4 of smallGraph: independent draws of board 2 (pins 0, 3, 4) or board 3 (4, 5, 6, 7).
  const saves = [...Array(6).keys()].flatMap((board) =>
    [...neighborsOf(smallGraph.boardToPin, board)].map((pin) => [board, pin] as const),
  );
  const renamed = graphOf(
    saves.map(([board, pin]) => [5 - board, 8 - pin] as const),
    9,
  );
  const steps = 50_000;
  const drawn = (graph: PinBoardGraph, queryPin: number, pins: number[]): number[] => {
    const query = { pins: [queryPin], weights: [1] };
    const scores = recommend(graph, 'pixie', query, { restartProbability: 1, steps }, 5);
    const counts = pins.map((pin) => Math.round((scores.get(pin) ?? 0) * steps));
    return [...counts, steps - counts.reduce((sum, count) => sum + count, 0)];
  };
  const shares = [1 / 6, 1 / 6, 1 / 8, 1 / 8, 1 / 8, 1 / 6 + 1 / 8];
  expect(goodnessOfFit(drawn(smallGraph, 4, [0, 3, 5, 6, 7]), shares)).toBeGreaterThan(1e-6);
  expect(goodnessOfFit(drawn(renamed, 4, [8, 5, 3, 2, 1]), shares)).toBeGreaterThan(1e-6);
  expect(goodnessOfFit(drawn(renamed, 4, [0, 3, 5, 6, 7]), shares)).toBeLessThan(1e-6);
});
