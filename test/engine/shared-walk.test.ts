import { expect, test } from 'vitest';
import { Engine, type Params, type Query, TopPins } from '../../engine/index.ts';
import { tastes } from '../splits.ts';

const algorithms = {
  pixie: { steps: 500, lastHop: 'spread', restartProbability: 1 },
  paths: { x: 0.8, boardShrinkage: 2 },
} as const;

test.each(['pixie', 'paths'] as const)('%s scored again gives the lists of a run of its own', (name) => {
  const { train: graph } = tastes();
  const [shared, own] = [new Engine(graph), new Engine(graph)];
  const queries = [
    { pins: [1, 5, 9], weights: [1, 2, 1] },
    { pins: [3], weights: [1] },
  ];
  const settings: Params[] = [];
  const discountName = name === 'pixie' ? 'popularityDiscount' : 'z';
  for (const discount of [0, 0.2]) {
    for (const sharpening of [0, 0.5, 1]) {
      for (const boardSharpening of [0, 0.3])
        settings.push({ [discountName]: discount, sharpening, boardSharpening });
    }
  }
  const listOf = (engine: Engine, query: Query, params: Params, specificity: number, reusesWalk: boolean) => {
    const top = new TopPins(10);
    const stats = engine.recommend(name, query, { ...algorithms[name], ...params }, 1, top, undefined, {
      specificity,
      reusesWalk,
    });
    return [stats, top.drain()];
  };
  for (const query of [...queries, queries[0]!]) {
    for (const params of settings) {
      for (const specificity of [0, 0.5]) {
        expect(listOf(shared, query, params, specificity, true)).toEqual(
          listOf(own, query, params, specificity, false),
        );
        // Another algorithm on the same buffers, before the same masses are scored again.
        if (specificity === 0)
          shared.recommend('ppr', query, { residualMax: 0.01 }, 1, new TopPins(3), undefined);
      }
    }
  }
});
