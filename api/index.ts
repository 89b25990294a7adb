export { type AccessSettings, isLoopback } from './access/index.ts';
export { createApp } from './app.ts';
export * from './evaluating/index.ts';
export { Explorer } from './explorer/index.ts';
export {
  type ListenOptions,
  type Listening,
  createIds,
  drain,
  listen,
  stop,
  validate,
} from './http/index.ts';
export {
  type Job,
  Jobs,
  type JobsOptions,
  buildJob,
  buildUnasked,
  eraseJob,
  finishErasure,
} from './jobs/index.ts';
export {
  type EvaluationQuestion,
  OpenGraph,
  type OpenGraphOptions,
  type RecommendationQuestion,
  type Recommendations,
  type WalkOptions,
  evaluate,
  openGraph,
  recommend,
  walk,
} from './library/index.ts';
export { createLog } from './log.ts';
export * from './operations/index.ts';
export { Problem, type ProblemBody, type ProblemCode, problemTypes } from './problems.ts';
export * from './recommending/index.ts';
export type { Service } from './service.ts';
export * from './searching/index.ts';
export * from './serving/index.ts';
export * from './sweeping/index.ts';
export * from './writing/index.ts';
