import { describe, expect, test } from 'vitest';
import {
  type PixieParams,
  type Query,
  createWalkScratch,
  pixie,
  randomStream,
  nextBelow,
} from '../../engine/index.ts';
import { scoresOf } from '../scores.ts';
import { graphOf } from '../graphs.ts';
import { type DensePixie, densePaths, densePixie, densePpr } from '../reference/dense.ts';

/**
 * Sampled scores converge to the exact ones at the rate of independent draws: with ten times the steps, the error is √10
 * times smaller. Over 24 fixed seeds and some 20 pins a root mean square is accurate to about 10 %, so the bounds 2.2 and
 * 4.5 around 3.16 are more than five standard deviations away.
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

/** Root mean squared error over pins and seeds. */
function errorOf(exact: ReadonlyMap<number, number>, params: Partial<PixieParams>, steps: number): number {
  let [sum, count] = [0, 0];
  for (const seed of seeds) {
    const { scores } = scoresOf((top) => pixie(graph, query, { ...params, steps }, seed, scratch, top));
    for (const [pin, score] of exact) {
      // Not visited, so the score was not computed.
      if (!scores.has(pin)) continue;
      sum += (scores.get(pin)! - score) ** 2;
      count++;
    }
  }
  return Math.sqrt(sum / count);
}

/** Whether ten times the steps reduce the error by √10. */
function converges(exact: ReadonlyMap<number, number>, params: Partial<PixieParams>): boolean {
  const ratio = errorOf(exact, params, few) / errorOf(exact, params, many);
  return ratio > 2.2 && ratio < 4.5;
}

const oneStep = { restartProbability: 1, startWeight: 0.2, popularityDiscount: 0.1 };
const samePaths = { x: 0.8, y: 1, z: 0.1 };

describe('pixie with restart 1', () => {
  test.each(
    [0, 0.4].flatMap((sharpening) =>
      [0, 2.5].flatMap((boardShrinkage) =>
        (['drawn', 'spread'] as const).map((lastHop) => ({ sharpening, boardShrinkage, lastHop })),
      ),
    ),
  )('pixie with restart 1 converges to paths with y = 1: %j', (params) => {
    const exact = densePaths(graph, query, { ...samePaths, ...params });
    expect(converges(exact, { ...oneStep, ...params })).toBe(true);
  });

  const shared = { pinShrinkage: 3, boardShrinkage: 2.5, sharpening: 0.8, sharpeningPins: 4 };
  test.each([
    shared,
    { ...shared, lastHop: 'spread' },
    { ...shared, lastHop: 'spread', boardSharpening: 0.4 },
    { ...shared, lastHop: 'spread', boardSharpening: 0.4, sharpening: 0 },
  ] as const)('pixie with restart 1 converges to paths with y = 1: %j', (params) => {
    const exact = densePaths(graph, query, { ...samePaths, ...params });
    expect(converges(exact, { ...oneStep, ...params })).toBe(true);
  });
});

describe('pixie with restart 0.5', () => {
  test('pixie with restart 0.5 converges to personalised PageRank', () => {
    expect(converges(densePpr(graph, query, 0.5, 0), { restartProbability: 0.5 })).toBe(true);
  });

  test.each([
    { boardShrinkage: 3, sharpening: 0, lastHop: 'drawn' },
    { boardShrinkage: 3, sharpening: 0.5, lastHop: 'spread' },
    { boardShrinkage: 0.5, sharpening: 0.3, lastHop: 'drawn' },
    { pinShrinkage: 2, boardShrinkage: 1, sharpening: 0.8, sharpeningPins: 4, lastHop: 'drawn' },
    { pinShrinkage: 2, boardShrinkage: 3, sharpening: 0.4, boardSharpening: 0.5, lastHop: 'spread' },
  ] as const)('pixie with restart 0.5 converges to its exact limit with %j', (params) => {
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
  test.each([0, 0.4])(
    'a spread last hop has a smaller error than a drawn one, with sharpening %d',
    (sharpening) => {
      const exact = densePaths(graph, query, { ...samePaths, boardShrinkage: 0, sharpening });
      const errors = (['drawn', 'spread'] as const).map((lastHop) =>
        errorOf(exact, { ...oneStep, sharpening, lastHop }, few),
      );
      expect(errors[1]).toBeLessThan(0.8 * errors[0]!);
    },
  );
});

describe('a sampler', () => {
  const exact = densePaths(graph, query, { ...samePaths, boardShrinkage: 2, sharpening: 0.4 });
  const right = { ...oneStep, boardShrinkage: 2, sharpening: 0.4, lastHop: 'spread' } as const;
  test.each([
    ['right parameters', {}, true],
    ['a wrong start weight', { startWeight: 0.6 }, false],
    ['a wrong restart probability', { restartProbability: 0.8 }, false],
    ['a wrong board shrinkage', { boardShrinkage: 0.5 }, false],
    ['a wrong popularity discount', { popularityDiscount: 0 }, false],
    ['a wrong sharpening', { sharpening: 0.2 }, false],
    ['a wrong pin shrinkage', { pinShrinkage: 20 }, false],
    ['a wrong sharpeningPins', { sharpeningPins: 3 }, false],
    ['a wrong board sharpening', { boardSharpening: 0.3 }, false],
  ])('a sampler with %s (%j) converges: %j', (_, fault, isRight) => {
    expect(converges(exact, { ...right, ...fault })).toBe(isRight);
  });
});

describe('a board wider than the spread window', () => {
  test('a board wider than the spread window gives each pin its share in the mean', () => {
    // 600 pins on one board: a window of 512 at a random offset contains each pin in 512 of 600 cases.
    const wide = graphOf(Array.from({ length: 600 }, (_, pin) => [0, pin] as const));
    const params = { lastHop: 'spread', restartProbability: 1, steps: 64 } as const;
    const runs = 400;
    const means = Array<number>(600).fill(0);
    for (let seed = 0; seed < runs; seed++) {
      const { scores } = scoresOf((top) =>
        pixie(wide, { pins: [0], weights: [1] }, params, seed, scratch, top),
      );
      for (const [pin, score] of scores) {
        expect(score).toBeCloseTo(1 / 512, 12);
        means[pin]! += score / runs;
      }
    }
    // Standard deviation of a share: √(p (1 − p)) / 512 with p = 512 / 600; six of those of the mean.
    const margin = (6 * Math.sqrt((512 / 600) * (88 / 600))) / 512 / Math.sqrt(runs);
    for (const mean of means.slice(1)) expect(Math.abs(mean - 1 / 600)).toBeLessThan(margin);
  });

  test('a board wider than the spread window gives its pins the same share of visits as a small board', () => {
    // Half of the steps pass the board of 600; a quarter of all steps end at the other pin of the board of two.
    const both = graphOf([
      ...Array.from({ length: 600 }, (_, pin) => [0, pin] as const),
      [1, 0] as const,
      [1, 600] as const,
    ]);
    const params = { lastHop: 'spread', restartProbability: 1, steps: 20_000 } as const;
    const { scores } = scoresOf((top) => pixie(both, { pins: [0], weights: [1] }, params, 1, scratch, top));
    expect(Math.abs(scores.get(600)! - 1 / 4)).toBeLessThan((6 * Math.sqrt(1 / 4 / 20_000)) / 2);
  });

  test('a board wider than the spread window has no larger second mass than a small board', () => {
    // With a single board, all first and second steps pass it: 1 − 0.5 of its mass remains, equal for all pins.
    const wide = graphOf(Array.from({ length: 2_048 }, (_, pin) => [0, pin] as const));
    const params = { lastHop: 'spread', restartProbability: 1, boardSharpening: 0.5 } as const;
    const { scores } = scoresOf((top) => pixie(wide, { pins: [0], weights: [1] }, params, 1, scratch, top));
    expect(scores.size).toBeGreaterThanOrEqual(511);
    for (const score of scores.values()) expect(score).toBeCloseTo(1 / 512, 12);
  });
});
