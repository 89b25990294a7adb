import { expect, test } from 'vitest';
import { Engine, type Params, type Query, TopPins } from '../../engine/index.ts';
import { tastes } from '../splits.ts';

test('a walk that is scored again gives the lists of a walk of its own', () => {
  const { train: graph } = tastes();
  const [shared, own] = [new Engine(graph), new Engine(graph)];
  const queries = [
    { pins: [1, 5, 9], weights: [1, 2, 1] },
    { pins: [3], weights: [1] },
  ];
  const settings: Params[] = [];
  for (const popularityDiscount of [0, 0.2]) {
    for (const sharpening of [0, 0.5, 1]) {
      for (const boardSharpening of [0, 0.3])
        settings.push({ popularityDiscount, sharpening, boardSharpening });
    }
  }
  const listOf = (engine: Engine, query: Query, params: Params, specificity: number, reusesWalk: boolean) => {
    const top = new TopPins(10);
    const all = { steps: 500, lastHop: 'spread', restartProbability: 1, ...params };
    const stats = engine.recommend('pixie', query, all, 1, top, undefined, { specificity, reusesWalk });
    return [stats, top.drain()];
  };
  for (const query of [...queries, queries[0]!]) {
    for (const params of settings) {
      for (const specificity of [0, 0.5]) {
        expect(listOf(shared, query, params, specificity, true)).toEqual(
          listOf(own, query, params, specificity, false),
        );
      }
    }
  }
});
