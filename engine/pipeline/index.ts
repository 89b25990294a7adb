export { type HistorySave, ageWeights, latestSaves } from './history.ts';
export { type Levers, leverSpecs } from './levers.ts';
export {
  type Pipeline,
  type PipelineSettings,
  type SettingFault,
  changeSettings,
  faultsOf,
  faultsOfParam,
  resolvePipeline,
  settingsOf,
  specsOf,
} from './pipeline.ts';
export type { SaveCounts } from './popular-nodes.ts';
export {
  type OwnPresets,
  type PresetName,
  presets,
  settingNames,
  settingsNamed,
  unknownName,
} from './presets.ts';
export { type GraphAnalysis, type Ranking, type RunOptions, runPipeline } from './run-pipeline.ts';
