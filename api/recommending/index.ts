export { type FieldFilter, type Filter, compileFilter } from './filter.ts';
export { PresetBook } from './preset-book.ts';
export {
  type ShorthandParameters,
  booleanFromQuery,
  generalForm,
  numberFromQuery,
  popularParameters,
  shorthandParameters,
} from './query-strings.ts';
export {
  type RecommendationAnswer,
  type RecommendedItem,
  Recommender,
  type RecommenderDeps,
  filteredMax,
} from './recommend.ts';
export {
  type QueryEntry,
  type RecommendationRequest,
  keySchema,
  limitMax,
  recommendationRequest,
  requestSchema,
} from './requests.ts';
export { resolveAlgorithm } from './resolve-algorithm.ts';
export {
  type DrawnNode,
  type DrawnWay,
  type WalkDrawing,
  drawWalk,
  drawnNodesMax,
  drawnNodesUsual,
} from './walk-drawing.ts';
export {
  type LensOptions,
  type LensPath,
  type LensPrefix,
  type LensQueryPin,
  type LensVisits,
  type WalkLens,
  convergenceParts,
  lookAtWalk,
  pathsMax,
} from './walk-lens.ts';
