import { describe, expect, test } from 'vitest';
import { Engine, Work, presets, resolvePipeline, runPipeline } from '../../engine/index.ts';
import { explore } from '../../engine/pipeline/explore.ts';
import type { ScoredPin } from '../../engine/rank/index.ts';
import { graphOf } from '../graphs.ts';
import { goodnessOfFit } from '../statistical/chi-square.ts';

const ranked: ScoredPin[] = [8, 6, 5, 2, 1].map((score, i) => ({ pin: 10 + i, score }));
type Settings = Parameters<typeof explore>[2];
const settings: Settings = { exploreShare: 1, explorePins: 4, exploreTemperature: 0.5 };
const run = (seed: number, limit = 5, changes: Partial<Settings> = {}) =>
  explore(ranked, limit, { ...settings, ...changes }, seed, new Work());

/** Probabilities of each pin at each place, by enumerating all orders of the pool. */
function enumerated({ exploreShare, explorePins, exploreTemperature }: Settings): number[][] {
  const weights = ranked.slice(0, explorePins).map(({ score }) => Math.exp(score / (8 * exploreTemperature)));
  const table = weights.map((_, i) => weights.map((__, place) => Number(i === place) * (1 - exploreShare)));
  const walk = (taken: readonly number[], probability: number): void => {
    const left = weights.flatMap((_, i) => (taken.includes(i) ? [] : [i]));
    const sum = left.reduce((total, i) => total + weights[i]!, 0);
    for (const i of left) {
      const own = (probability * weights[i]!) / sum;
      table[i]![taken.length]! += exploreShare * own;
      walk([...taken, i], own);
    }
  };
  walk([], 1);
  return table;
}

describe.each([
  ['Plackett–Luce', settings],
  ['a sharp Plackett–Luce', { ...settings, exploreTemperature: 0.1 }],
  ['a shuffle of the best', { ...settings, exploreTemperature: 1e6 }],
  ['an ε-greedy list', { ...settings, exploreShare: 0.3, exploreTemperature: 1e6 }],
])('%s', (_, given) => {
  test('propensities are the exact probabilities of all orders', () => {
    const exact = enumerated(given);
    for (let seed = 0; seed < 50; seed++) {
      for (const [place, { pin, propensity }] of run(seed, 4, given).entries())
        expect(propensity).toBeCloseTo(exact[pin - 10]![place]!, 12);
    }
  });

  test('each pin takes each place as often as that, which another temperature does not', () => {
    const rounds = 3_000;
    const counts = Array.from({ length: 4 }, () => Array<number>(4).fill(0));
    for (let seed = 0; seed < rounds; seed++)
      for (const [place, { pin }] of run(seed, 4, given).entries()) counts[pin - 10]![place]!++;
    const fit = (table: readonly (readonly number[])[], place: number): number => {
      const at = [0, 1, 2, 3].filter((i) => table[i]![place]! * rounds > 5);
      const rest = (values: readonly (readonly number[])[]): number[] => at.map((i) => values[i]![place]!);
      return at.length < 2 ? 1 : goodnessOfFit(rest(counts), rest(table));
    };
    const exact = enumerated(given);
    const wrong = enumerated({
      ...given,
      exploreTemperature: given.exploreTemperature * 2,
      exploreShare: 0.9,
    });
    for (let place = 0; place < 4; place++) expect(fit(exact, place), String(place)).toBeGreaterThan(1e-6);
    expect(Math.min(...[0, 1, 2, 3].map((place) => fit(wrong, place)))).toBeLessThan(1e-6);
  });
});

test('pins beyond the drawn ones keep their places with propensity 1, and a shorter list is the beginning of a longer one', () => {
  expect(run(3)[4]).toEqual({ ...ranked[4], propensity: 1 });
  expect(run(3, 2)).toEqual(run(3).slice(0, 2));
  expect(run(3)).toEqual(run(3));
  expect(explore([], 5, settings, 1, new Work())).toEqual([]);
});

test('a share of 0 changes nothing; a pool of 50 has propensities that add up, and costs counted work', () => {
  expect(run(1, 5, { exploreShare: 0 }).map(({ pin }) => pin)).toEqual([10, 11, 12, 13, 14]);
  const many = Array.from({ length: 60 }, (_, i) => ({ pin: i, score: 1 / (i + 1) }));
  const counts = new Float64Array(60);
  const work = new Work();
  for (let seed = 0; seed < 500; seed++) {
    const [first] = explore(many, 1, { ...settings, explorePins: 50 }, seed, work);
    counts[first!.pin] = first!.propensity!;
  }
  const sum = counts.reduce((total, each) => total + each, 0);
  expect([sum > 0.97, sum < 1 + 1e-12]).toEqual([true, true]);
  expect(work.used).toBeGreaterThan(0);
});

test('the pipeline explores its best pins, the same for the same seed', () => {
  const graph = graphOf(
    [...Array(40).keys()].flatMap((board) =>
      [0, 1 + (board % 3), 4 + (board % 7), 11 + (board % 11)].map((pin) => [board, pin] as const),
    ),
    30,
  );
  const engine = new Engine(graph);
  const listOf = (exploreShare: number, randomSeed: number) => {
    const { algorithm, params } = presets.related;
    const pipeline = resolvePipeline({ algorithm, params: { ...params, exploreShare, explorePins: 10 } });
    const options = { limit: 6, randomSeed, isExcluded: () => false };
    return runPipeline(engine, {}, { pins: [0], weights: [1] }, pipeline, options).best;
  };
  expect(listOf(0, 1).every(({ propensity }) => propensity === undefined)).toBe(true);
  expect(listOf(1, 1)).toEqual(listOf(1, 1));
  const firsts = new Set([...Array(40).keys()].map((seed) => listOf(1, seed)[0]!.pin));
  expect(firsts.size).toBeGreaterThan(3);
  expect(() =>
    resolvePipeline({ algorithm: 'pixie', params: { exploreShare: 0.1, rareShare: 0.1 } }),
  ).toThrow('cannot be combined');
});
