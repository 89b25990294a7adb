export { loadModel } from './load-model.ts';
export { activateModel, listModels, rollbackModel } from './model-catalog.ts';
export { learners, trainModel } from './train-model.ts';
export { ownFeatures } from './own-features.ts';
