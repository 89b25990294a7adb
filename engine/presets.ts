import type { AlgorithmName, Params } from './algorithms.ts';

/** Settings that measurement chose for a purpose (docs/quality.md has the measurement). */
export interface Preset {
  readonly algorithm: AlgorithmName;
  readonly params: Params;
}

/** Chosen on the validation parts of five data sets, by their mean. */
const sharpening = {
  pinShrinkage: 5,
  boardShrinkage: 15,
  sharpening: 1,
  sharpeningPins: 10,
  boardSharpening: 0.3,
};

const sharpenedSteps = {
  ...sharpening,
  restartProbability: 1,
  startWeight: 0.2,
  popularityDiscount: 0.15,
  lastHop: 'spread',
};

/**
 * - `related`: what goes with one pin, or a few. 5,000 steps a pin are as good as 20,000, in a quarter of the time.
 * - `ideas`: pins for a board, from the pins on it.
 * - `feed`: pins for a user, from their whole history.
 */
export const presets: Readonly<Record<'related' | 'ideas' | 'feed', Preset>> = {
  related: {
    algorithm: 'pixie',
    params: { steps: 10_000, stepsPerQueryPin: 5_000, restartProbability: 0.5, lastHop: 'spread' },
  },
  ideas: { algorithm: 'pixie', params: { ...sharpenedSteps, steps: 30_000 } },
  feed: { algorithm: 'pixie', params: { ...sharpenedSteps, steps: 100_000 } },
};

/** What `feed` sets, for each algorithm that can be set so: `paths` is the exact limit of `pixie`. */
export const feedParams: Readonly<Record<AlgorithmName, Params>> = {
  pixie: presets.feed.params,
  paths: { ...sharpening, x: 0.8, y: 1, z: 0.15 },
  ppr: { residualMax: 1e-4 },
  itemknn: {},
  popular: {},
};
