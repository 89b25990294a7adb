import { describe, expect, test } from 'vitest';
import {
  type PixieParams,
  type Query,
  createWalkScratch,
  pixie,
  randomStream,
  nextBelow,
} from '../../engine/index.ts';
import { answerOf } from '../answers.ts';
import { graphOf } from '../graphs.ts';
import { type DensePixie, densePaths, densePixie, densePpr } from '../reference/dense.ts';

/**
 * Sampled scores come to the exact ones as fast as independent draws do: ten times the steps, √10 times nearer. Over
 * 24 fixed seeds and some 20 pins a root mean square is good to about 10 %, so bounds of 2.2 and 4.5 around 3.16 are
 * more than five standard deviations away.
 */
const seeds = Array.from({ length: 24 }, (_, seed) => seed);
const [few, many] = [2_000, 20_000];

/** 24 pins on 30 boards of 2 to 7, drawn once. */
const random = randomStream(2);
const graph = graphOf(
  [...Array(30).keys()].flatMap((board) => {
    const pins = new Set(Array.from({ length: 2 + (board % 6) }, () => nextBelow(random, 24)));
    return [...pins].map((pin) => [board, pin] as const);
  }),
  24,
);
const query: Query = { pins: [1, 7, 12], weights: [1, 2, 0.5] };
const scratch = createWalkScratch();

/** Root of the mean squared difference from the exact scores, over pins and seeds. */
function errorOf(exact: ReadonlyMap<number, number>, params: Partial<PixieParams>, steps: number): number {
  let [sum, count] = [0, 0];
  for (const seed of seeds) {
    const { scores } = answerOf((top) => pixie(graph, query, { ...params, steps }, seed, scratch, top));
    for (const [pin, score] of exact) {
      // Not visited: the first term is 0, and the second is not worked out.
      if (!scores.has(pin)) continue;
      sum += (scores.get(pin)! - score) ** 2;
      count++;
    }
  }
  return Math.sqrt(sum / count);
}

/** Whether ten times the steps come √10 times as near. */
function converges(exact: ReadonlyMap<number, number>, params: Partial<PixieParams>): boolean {
  const ratio = errorOf(exact, params, few) / errorOf(exact, params, many);
  return ratio > 2.2 && ratio < 4.5;
}

const oneStep = { restartProbability: 1, startWeight: 0.2, popularityDiscount: 0.1 };
const samePaths = { x: 0.8, y: 1, z: 0.1 };

describe('pixie with restart 1 comes to paths with y = 1', () => {
  test.each(
    [0, 0.4].flatMap((sharpening) =>
      [0, 2.5].flatMap((boardShrinkage) =>
        (['drawn', 'spread'] as const).map((lastHop) => ({ sharpening, boardShrinkage, lastHop })),
      ),
    ),
  )('%j', (params) => {
    const exact = densePaths(graph, query, { ...samePaths, ...params });
    expect(converges(exact, { ...oneStep, ...params })).toBe(true);
  });

  const shared = { pinShrinkage: 3, boardShrinkage: 2.5, sharpening: 0.8, sharpeningPins: 4 };
  test.each([
    shared,
    { ...shared, lastHop: 'spread' },
    { ...shared, lastHop: 'spread', boardSharpening: 0.4 },
    { ...shared, lastHop: 'spread', boardSharpening: 0.4, sharpening: 0 },
  ] as const)('%j', (params) => {
    const exact = densePaths(graph, query, { ...samePaths, ...params });
    expect(converges(exact, { ...oneStep, ...params })).toBe(true);
  });
});

describe('pixie with restart 0.5', () => {
  test('comes to personalised PageRank', () => {
    expect(converges(densePpr(graph, query, 0.5, 0), { restartProbability: 0.5 })).toBe(true);
  });

  test.each([
    { boardShrinkage: 3, sharpening: 0, lastHop: 'drawn' },
    { boardShrinkage: 3, sharpening: 0.5, lastHop: 'spread' },
    { boardShrinkage: 0.5, sharpening: 0.3, lastHop: 'drawn' },
    { pinShrinkage: 2, boardShrinkage: 1, sharpening: 0.8, sharpeningPins: 4, lastHop: 'drawn' },
    { pinShrinkage: 2, boardShrinkage: 3, sharpening: 0.4, boardSharpening: 0.5, lastHop: 'spread' },
  ] as const)('comes to its limit with %j', (params) => {
    const dense: DensePixie = {
      restartProbability: 0.5,
      startWeight: -0.5,
      popularityDiscount: 0.3,
      ...params,
    };
    expect(converges(densePixie(graph, query, dense), { ...dense, lastHop: params.lastHop })).toBe(true);
  });
});

describe('the last hop', () => {
  test.each([0, 0.4])('spread has a smaller error than drawn, with sharpening %d', (sharpening) => {
    const exact = densePaths(graph, query, { ...samePaths, boardShrinkage: 0, sharpening });
    const errors = (['drawn', 'spread'] as const).map((lastHop) =>
      errorOf(exact, { ...oneStep, sharpening, lastHop }, few),
    );
    expect(errors[1]).toBeLessThan(0.8 * errors[0]!);
  });
});

describe('a sampler that is off', () => {
  const exact = densePaths(graph, query, { ...samePaths, boardShrinkage: 2, sharpening: 0.4 });
  const right = { ...oneStep, boardShrinkage: 2, sharpening: 0.4, lastHop: 'spread' } as const;
  test.each([
    ['in nothing', {}, true],
    ['in its start weight', { startWeight: 0.6 }, false],
    ['in its restart', { restartProbability: 0.8 }, false],
    ['in its board shrinkage', { boardShrinkage: 0.5 }, false],
    ['in its discount', { popularityDiscount: 0 }, false],
    ['in its sharpening', { sharpening: 0.2 }, false],
    ['in its pin shrinkage', { pinShrinkage: 20 }, false],
    ['in its pins of sharpening', { sharpeningPins: 3 }, false],
    ['in its board sharpening', { boardSharpening: 0.3 }, false],
  ])('%s is told: %j', (_, fault, isRight) => {
    expect(converges(exact, { ...right, ...fault })).toBe(isRight);
  });
});

describe('a board of more pins than are spread over', () => {
  test('brings each of them its share in the mean, and no pin more than its turn', () => {
    // 600 pins on one board: a stretch of 512 at a random place. Each pin is in it 512 of 600 times.
    const wide = graphOf(Array.from({ length: 600 }, (_, pin) => [0, pin] as const));
    const params = { lastHop: 'spread', restartProbability: 1, steps: 64 } as const;
    const runs = 400;
    const means = Array<number>(600).fill(0);
    for (let seed = 0; seed < runs; seed++) {
      const { scores } = answerOf((top) =>
        pixie(wide, { pins: [0], weights: [1] }, params, seed, scratch, top),
      );
      for (const [pin, score] of scores) {
        expect(score).toBeCloseTo(1 / 512, 12);
        means[pin]! += score / runs;
      }
    }
    // A share's standard deviation: √(p (1 − p)) / 512 with p = 512 / 600. Six of them over the root of the runs.
    const margin = (6 * Math.sqrt((512 / 600) * (88 / 600))) / 512 / Math.sqrt(runs);
    for (const mean of means.slice(1)) expect(Math.abs(mean - 1 / 600)).toBeLessThan(margin);
  });

  test('brings no less of the visits to its pins than a small board does', () => {
    // Half of the steps go over the board of 600, a quarter of all end at the other pin of the board of two.
    const both = graphOf([
      ...Array.from({ length: 600 }, (_, pin) => [0, pin] as const),
      [1, 0] as const,
      [1, 600] as const,
    ]);
    const params = { lastHop: 'spread', restartProbability: 1, steps: 20_000 } as const;
    const { scores } = answerOf((top) => pixie(both, { pins: [0], weights: [1] }, params, 1, scratch, top));
    expect(Math.abs(scores.get(600)! - 1 / 4)).toBeLessThan((6 * Math.sqrt(1 / 4 / 20_000)) / 2);
  });

  test('has no larger second mass than a small board has', () => {
    // On one board alone all steps and all second steps go over it: 1 − 0.5 of it is left, and all pins are alike.
    const wide = graphOf(Array.from({ length: 2_048 }, (_, pin) => [0, pin] as const));
    const params = { lastHop: 'spread', restartProbability: 1, boardSharpening: 0.5 } as const;
    const { scores } = answerOf((top) => pixie(wide, { pins: [0], weights: [1] }, params, 1, scratch, top));
    expect(scores.size).toBeGreaterThanOrEqual(511);
    for (const score of scores.values()) expect(score).toBeCloseTo(1 / 512, 12);
  });
});
