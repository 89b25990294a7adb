export { EngineError } from '../../engine/index.ts';
export { DataError, type PinwalkGraphology, graphologyView, toGraphology } from '../../graph-data/index.ts';
export type { Evaluation, Difference, Report, SavesQuestion, Setting } from '../offline/evaluate/index.ts';
export { Problem } from '../base/index.ts';
export type { RecommendationRequest } from '../contract/index.ts';
export type {
  LensPath,
  LensPrefix,
  LensQueryPin,
  LensVisits,
  RecommendationAnswer,
  RecommendedItem,
  WalkLens,
} from '../recommend/index.ts';
export { OpenGraph, type OpenGraphOptions, openGraph } from './open-graph.ts';
export {
  type RecommendationQuestion,
  type Recommendations,
  type WalkOptions,
  recommend,
  walk,
} from './recommend.ts';
export { type EvaluationQuestion, evaluate } from './evaluate.ts';
