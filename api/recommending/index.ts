export { type FieldFilter, type Filter, compileFilter } from './filter.ts';
export {
  type ShorthandParameters,
  booleanFromQuery,
  generalForm,
  numberFromQuery,
  shorthandParameters,
} from './query-strings.ts';
export {
  type RecommendationAnswer,
  type RecommendedItem,
  Recommender,
  type RecommenderDeps,
} from './recommend.ts';
export {
  type RecommendationRequest,
  keySchema,
  limitMax,
  recommendationRequest,
  resolveAlgorithm,
} from './requests.ts';
