import type { AlgorithmName, Params } from './algorithms.ts';

/** Settings that measurement chose for a purpose (docs/quality.md has the measurement). */
export interface Preset {
  readonly algorithm: AlgorithmName;
  readonly params: Params;
}

/**
 * - `related`: what goes with one pin, or a few.
 * - `ideas`: pins for a board, from the pins on it.
 * - `feed`: pins for a user, from their whole history.
 */
export const presets: Readonly<Record<'related' | 'ideas' | 'feed', Preset>> = {
  related: { algorithm: 'pixie', params: { earlyStop: 'stable', steps: 200_000 } },
  ideas: { algorithm: 'pixie', params: { restartProbability: 1, startWeight: 0.1, popularityDiscount: 0.1 } },
  feed: {
    algorithm: 'pixie',
    params: { restartProbability: 1, startWeight: 0.1, popularityDiscount: 0.1, sharpening: 0.3 },
  },
};

/** What `feed` sets, for each algorithm that can be set so: `paths` is the exact limit of `pixie`. */
export const feedParams: Readonly<Record<AlgorithmName, Params>> = {
  pixie: presets.feed.params,
  paths: { x: 0.9, y: 1, z: 0.1, sharpening: 0.3 },
  ppr: { residualMax: 1e-4 },
  itemknn: {},
  popular: {},
};
