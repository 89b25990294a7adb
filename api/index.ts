export { type AppDeps, createApp } from './app.ts';
export { type FieldFilter, type Filter, compileFilter } from './filter.ts';
export { Problem, type ProblemBody, type ProblemCode, problemTypes } from './problems.ts';
export {
  type RecommendationAnswer,
  type RecommendedPin,
  Recommender,
  type RecommenderDeps,
} from './recommend.ts';
export { type RecommendationRequest, recommendationRequest, validate } from './schemas.ts';
export { isLoopback, listen, stop } from './server.ts';
