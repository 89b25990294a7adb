export { type ModelCandidates, type ModelScores, LiveModel } from './live-model.ts';
export { localModels } from './local-models.ts';
export { loadModel } from './load-model.ts';
export {
  type ModelEntry,
  activateModel,
  activeLabels,
  activeModel,
  listModels,
  modelFiles,
  modelPointerFile,
  rollbackModel,
} from './model-catalog.ts';
export { learners, trainModel } from './train-model.ts';
export { ownFeatures } from './own-features.ts';
