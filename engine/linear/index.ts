export { type CountedBoards, countedBoards } from './counted-boards.ts';
export { linear, linearParams } from './linear.ts';
export { type LinearBuildParams, linearBuildParams, sizedParams } from './linear-params.ts';
export {
  type LinearColumns,
  type LinearWeights,
  fillColumns,
  linearColumns,
  weightsBySource,
} from './linear-weights.ts';
export { Regression } from './regression.ts';
