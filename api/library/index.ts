export { EngineError } from '../../engine/index.ts';
export { DataError, type PinwalkGraphology, graphologyView, toGraphology } from '../../graph-data/index.ts';
export type { Evaluation, Difference, Report, SplitInput, NamedSettings } from '../offline/evaluate/index.ts';
export { Problem } from '../base/index.ts';
export type {
  RecommendationInput,
  RecommendationRequest,
  RecommendationResponse as Recommendations,
  RecommendationResult,
  RecommendedItem,
} from '../contract/index.ts';
export type {
  DiagnosedPath,
  ConvergencePoint,
  DiagnosedQueryPin,
  DiagnosedVisits,
  WalkDiagnostics,
} from '../recommend/index.ts';
export { OpenGraph, type OpenGraphOptions, openGraph } from './open-graph.ts';
export { type WalkOptions, recommend, walk } from './recommend.ts';
export { type EvaluationInput, evaluate } from './evaluate.ts';
