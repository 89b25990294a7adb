import { describe, expect, test } from 'vitest';
import { Work, prices } from '../../engine/base/index.ts';
import {
  Engine,
  type LinearWeights,
  type Params,
  type Ranking,
  resolvePipeline,
  runPipeline,
} from '../../engine/index.ts';
import { computeLinear } from '../../graph-data/index.ts';
import { syntheticGraph } from '../../scripts/bench/kernel.ts';
import { expectSameScores, queryOf } from '../scores.ts';

const graph = syntheticGraph(3_000);
const params = { neighborsMax: 20, ridge: 5, dropout: 0, boardPinsMax: 10_000 };
const linear = await computeLinear(graph, params);
const query = queryOf(1, 2, 3);

type Options = Partial<Parameters<typeof runPipeline>[4]>;
function run(
  algorithm: 'paths' | 'pixie' | 'linear',
  given: Params,
  weights: LinearWeights | undefined = linear,
  options: Options = {},
): Ranking {
  const all = { limit: 1_000, randomSeed: 1, isExcluded: () => false, ...options };
  const pipeline = resolvePipeline({ algorithm, params: { backfill: false, ...given } });
  return runPipeline(new Engine(graph), { linear: weights }, query, pipeline, all);
}

const scoresOf = ({ best }: Ranking): Map<number, number> =>
  new Map(best.map(({ pin, score }) => [pin, score]));
const shares = (ranking: Ranking): Map<number, number> =>
  new Map([...scoresOf(ranking)].map(([pin, score]) => [pin, score / ranking.best[0]!.score]));

describe('linearShare', () => {
  test('linearShare blends shares of the best score of each list, 0 for a pin that one lacks', () => {
    const [own, weights] = [shares(run('paths', { sharpening: 0.5 })), shares(run('linear', {}))];
    const blended = scoresOf(run('paths', { sharpening: 0.5, linearShare: 0.3 }));
    const expected = [...new Set([...own.keys(), ...weights.keys()])].map(
      (pin) => [pin, 0.7 * (own.get(pin) ?? 0) + 0.3 * (weights.get(pin) ?? 0)] as const,
    );
    expect([...weights.keys()].some((pin) => !own.has(pin)) || own.size > weights.size).toBe(true);
    expectSameScores(blended, new Map(expected), 'largest');
  });

  test('linearShare 1 ranks as linear, and 0, or a graph without weights, as the algorithm alone', () => {
    const pinsOf = (ranking: Ranking): number[] => ranking.best.map(({ pin }) => pin);
    expect(pinsOf(run('pixie', { linearShare: 1 }))).toEqual(pinsOf(run('linear', {})));
    expect(run('pixie', { linearShare: 0 })).toEqual(run('pixie', {}));
    const analysis = resolvePipeline({ algorithm: 'pixie', params: { backfill: false, linearShare: 0.5 } });
    const options = { limit: 1_000, randomSeed: 1, isExcluded: () => false };
    const { best } = runPipeline(new Engine(graph), {}, query, analysis, options);
    expect(best).toEqual(run('pixie', {}).best);
  });

  test('excluded pins change neither the order nor the scores of the others, also when the best are excluded', () => {
    const all = run('paths', { linearShare: 0.4 });
    const excluded = new Set(all.best.slice(0, 5).map(({ pin }) => pin));
    const rest = run('paths', { linearShare: 0.4 }, linear, { isExcluded: (pin) => excluded.has(pin) });
    expect(rest.best).toEqual(all.best.slice(5));
    expect(rest.best.length).toBeGreaterThan(50);
  });

  test('a shorter list is the start of a longer one, and a pin below it has its rank', () => {
    const all = run('paths', { linearShare: 0.4 }, linear, { limit: 400 });
    const wanted = all.best[30]!;
    const some = run('paths', { linearShare: 0.4 }, linear, { limit: 7, traced: [wanted.pin] });
    expect(some.best).toEqual(all.best.slice(0, 7));
    expect(some.traced).toEqual([{ ...wanted, place: 'beyond-limit', rank: 31 }]);
  });

  test('the work of the weights comes first, is counted, and leaves the rest to the walk', () => {
    const { stats } = run('pixie', { linearShare: 0.5, steps: 1_000 });
    expect(stats['weightsRead']).toBeGreaterThan(20);
    const work = new Work(100 + Number(stats['weightsRead']) * prices.edge);
    const short = run('pixie', { linearShare: 0.5, steps: 1_000 }, linear, { work });
    expect(short.stats).toMatchObject({ weightsRead: stats['weightsRead'] });
    expect(work.isExhausted).toBe(true);
    expect(short.stats['steps']).toBeLessThan(200);
  });

  test('linearShare ranks pins only, and is not for linear and popular', () => {
    const fault = (algorithm: 'linear' | 'popular' | 'pixie', target: 'pins' | 'boards'): string => {
      try {
        resolvePipeline({ algorithm, params: { linearShare: 0.5 } }, target);
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(fault('pixie', 'pins')).toBe('');
    expect(fault('pixie', 'boards')).toMatch(/^linearShare: ranks pins, not boards/);
    expect(fault('linear', 'pins')).toMatch(/^linearShare: .*not for linear/);
    expect(fault('popular', 'pins')).toMatch(/^linearShare: .*not for popular/);
  });
});
