export { boardKernel, hasKernel } from './board-kernel.ts';
export { type CountedBoards, countedBoards } from './counted-boards.ts';
export { type LinearWeights, linear, linearParams } from './linear.ts';
export { type LinearBuildParams, linearBuildParams, sizedParams } from './linear-params.ts';
export {
  type LinearColumns,
  type WeightLists,
  fillColumns,
  linearColumns,
  weightsBySource,
} from './linear-weights.ts';
export { Regression } from './regression.ts';
