export {
  type AlgorithmName,
  type Params,
  type Stats,
  Engine,
  algorithmNames,
  algorithms,
  hasLinearShare,
  hasSpecificity,
  noLinearWeights,
} from './algorithms.ts';
export { exactTwinOf } from './exact-twin.ts';
export { type HistorySave, type Recency, latestSaves, noDecay, recencyWeights } from './history.ts';
export { type Levers, leverSpecs } from './levers.ts';
export {
  type Pipeline,
  type PipelineSettings,
  changeSettings,
  faultsOf,
  faultsOfParam,
  resolvePipeline,
  settingsOf,
  specsOf,
} from './pipeline.ts';
export { pipelineFor } from './query-size.ts';
export type { ScoreByModel } from './rank-by-model.ts';
export type { SaveCounts } from './popular-nodes.ts';
export {
  type OwnPresets,
  presets,
  replaceablePresets,
  settingNames,
  settingsForTarget,
  settingsNamed,
  unknownName,
} from './presets.ts';
export { type GraphAnalysis, type Ranking, runPipeline } from './run-pipeline.ts';
export type { TracedPin } from './trace-pins.ts';
