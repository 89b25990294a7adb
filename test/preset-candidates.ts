import { type AlgorithmName, type Params, presets, resolvePipeline } from '../engine/index.ts';

/** What `Engine.recommend` takes of a pipeline. */
export interface Candidates {
  readonly algorithm: AlgorithmName;
  readonly params: Params;
  readonly specificity?: number;
}

/** Every preset. */
export const presetCandidates: readonly Candidates[] = Object.values(presets).map((settings) => {
  const { candidates, score } = resolvePipeline(settings);
  return { algorithm: candidates.algorithm, params: candidates.params, specificity: score.specificity };
});
