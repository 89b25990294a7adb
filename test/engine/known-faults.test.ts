import { describe, expect, test } from 'vitest';
import { type AlgorithmName, type Params, Engine } from '../../engine/index.ts';
import { answerOf, queryOf } from '../answers.ts';
import { smallGraph } from '../graphs.ts';

/**
 * What the documentation says and the engine does not do yet. Each test here has to fail; one that passes is a fault
 * mended, and belongs with the other tests, without its `fails`.
 */
const engine = new Engine(smallGraph);
const recommend = (name: AlgorithmName, pins: number[], params: Params = {}, weights?: number[], seed = 1) =>
  answerOf((top) =>
    engine.recommend(name, { pins, weights: weights ?? queryOf(...pins).weights }, params, seed, top),
  );

describe('weights whose sum is past the largest number', () => {
  const huge = [1.7e308, 1.7e308];
  test.fails.each<AlgorithmName>(['pixie', 'paths', 'ppr'])('share the query of %s all the same', (name) => {
    expect(recommend(name, [1, 4], {}, huge)).toEqual(recommend(name, [1, 4]));
  });
});

describe('stats', () => {
  test.fails('of ppr from pins without boards lack nothing: there is nothing to score', () => {
    expect(recommend('ppr', [8]).stats['residual']).toBe(0);
  });

  test.fails('of a sharpened walk are at most the steps asked for', () => {
    for (let seed = 0; seed < 200; seed++) {
      const { stats } = recommend('pixie', [4], { steps: 20, sharpening: 0.5 }, [1], seed);
      expect(stats['steps']).toBeLessThanOrEqual(20);
    }
  });

  test.fails('of popular pins leave the query pins out of the candidates, as all the others do', () => {
    const { stats, scores } = recommend('popular', [0, 4]);
    expect(stats.candidates).toBe(scores.size);
  });
});

test.fails('an algorithm that there is not is refused, not answered by what is popular', () => {
  expect(() => recommend('nothing' as AlgorithmName, [4])).toThrow(/nothing/);
});
