export { activateModel, listModels, readModel, rollbackModel } from './model-catalog.ts';
export { learners, trainModel } from './train-model.ts';
