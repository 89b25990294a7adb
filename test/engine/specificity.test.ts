import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ScoredPin,
  Engine,
  TopPins,
  nextUnit,
  randomStream,
  resolvePipeline,
  saveCount,
  specificityOf,
} from '../../engine/index.ts';
import { specificityBound, specificityFactor } from '../../engine/rank/specificity.ts';
import { graphOf, smallGraph } from '../graphs.ts';
import { expectSameScores, queryOf, scoresOf, someQueries } from '../scores.ts';
import { someLiveGraphs } from './live-model.ts';

const degree = (pin: number): number => smallGraph.pinToBoard.slices[2 * pin + 1]!;

test('specificity 0 leaves every score as it is', () => {
  fc.assert(
    fc.property(someQueries, ({ graph, query }) => {
      const [without, with0] = [undefined, { specificity: 0 }].map((options) =>
        scoresOf((top) => new Engine(graph).recommend('pixie', query, {}, 3, top, undefined, options)),
      );
      expect(with0).toEqual(without);
    }),
  );
});

test.each(['paths', 'ppr'] as const)('%s multiplies each score by the documented factor', (algorithm) => {
  const engine = new Engine(smallGraph);
  const query = queryOf(1, 4);
  const plain = scoresOf((top) => engine.recommend(algorithm, query, {}, 0, top)).scores;
  const actual = scoresOf((top) =>
    engine.recommend(algorithm, query, {}, 0, top, undefined, { specificity: 0.8 }),
  ).scores;
  const boards = degree(1) + degree(4);
  const exponent = 17 * 0.8 ** 2 * (boards / (boards + 300));
  const expected = new Map(
    [...plain].map(([pin, share]) => {
      const lift = (share * saveCount(smallGraph)) / (degree(pin) + 100);
      return [pin, share * (lift / (lift + 2)) ** exponent];
    }),
  );
  expect(actual.size).toBeGreaterThan(0);
  expectSameScores(actual, expected, 'largest');
});

/** 400 boards hold the query pin 0 and pin 1; pin 2 is on half of them, and on 1,600 boards without pin 0. */
const hubGraph = graphOf(
  Array.from({ length: 2_000 }, (_, board): (readonly [number, number])[] =>
    board < 400
      ? [
          [board, 0],
          ...(board % 5 < 2 ? [[board, 1] as const] : []),
          ...(board % 2 === 0 ? [[board, 2] as const] : []),
        ]
      : [
          [board, 2],
          [board, 3],
        ],
  ).flat(),
  4,
);

test('a hub that is common everywhere falls below a pin that belongs to the query', () => {
  const best = (specificity: number): number => {
    const top = new TopPins(1);
    new Engine(hubGraph).recommend('paths', queryOf(0), {}, 0, top, undefined, { specificity });
    return top.drain()[0]!.pin;
  };
  expect([best(0), best(0.5)]).toEqual([2, 1]);
});

test('a query of few boards says little, so specificity has little effect', () => {
  const strength = (pins: number[]): number => specificityOf(hubGraph, pins, 0.5, 1)!.exponent;
  expect(strength([0])).toBeCloseTo((4.25 * 400) / 700);
  expect(specificityOf(smallGraph, [1], 0.5, 1)!.exponent).toBeLessThan(0.1);
});

test('a live graph counts its saves as a build of the same saves does', () => {
  fc.assert(
    fc.property(someLiveGraphs, ({ graph, fresh }) => {
      expect(saveCount(graph.graph)).toBe(saveCount({ ...fresh, writes: undefined }));
    }),
  );
});

test.each(['itemknn', 'popular'] as const)(
  '%s refuses specificity, as its values are no shares',
  (algorithm) => {
    expect(() => resolvePipeline({ algorithm, params: { specificity: 0.5 } })).toThrow(
      `is for pixie, paths and ppr, not for ${algorithm}`,
    );
  },
);

test('specificity is refused for boards, and beside a boost', () => {
  const pixie = (params: Record<string, number | boolean>, target?: 'boards'): unknown =>
    resolvePipeline({ algorithm: 'pixie', params: { specificity: 0.5, ...params } }, target);
  expect(() => pixie({}, 'boards')).toThrow('specificity');
  expect(() => pixie({ boost: true })).toThrow('cannot be combined with boost');
});

test('the bound of the factor is never below it, and near it where the exponent is whole', () => {
  const values = fc.record({
    exponent: fc.double({ min: 0, max: 17, noNaN: true }),
    share: fc.double({ min: 1e-9, max: 1, noNaN: true }),
    degree: fc.nat(1e6),
    saves: fc.integer({ min: 1, max: 1e9 }),
  });
  fc.assert(
    fc.property(values, ({ exponent, share, degree: saves, saves: all }) => {
      const [some, whole] = [exponent, Math.round(exponent)].map((each) => ({ exponent: each, saves: all }));
      expect(specificityBound(some!, share, saves)).toBeGreaterThanOrEqual(
        specificityFactor(some!, share, saves),
      );
      const ratio = specificityBound(whole!, share, saves) / specificityFactor(whole!, share, saves);
      expect(ratio).toBeCloseTo(1, 6);
    }),
  );
});

test.each(['pixie', 'paths'] as const)(
  'a short list of %s is the beginning of one of all candidates',
  (algorithm) => {
    const random = randomStream(4);
    // The lower the number of a pin, the more boards it is on.
    const saves = Array.from({ length: 12_000 }, (_, i): readonly [number, number] => {
      return [i % 400, Math.floor(900 * nextUnit(random) ** 2)];
    });
    const graph = graphOf([...new Map(saves.map((save) => [save.join(), save])).values()], 900);
    const engine = new Engine(graph);
    const listOf = (k: number): ScoredPin[] => {
      const top = new TopPins(k);
      engine.recommend(algorithm, queryOf(3, 9), {}, 3, top, (pin) => pin % 9 === 0, { specificity: 0.8 });
      return top.drain();
    };
    const all = listOf(900);
    expect(all.length).toBeGreaterThan(4 * 100);
    for (const k of [64, 100]) expect(listOf(k)).toEqual(all.slice(0, k));
  },
);
