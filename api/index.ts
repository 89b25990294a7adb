export * from './base/index.ts';
export * from './contract/index.ts';
export { isLoopback } from './http/access/index.ts';
export { createApp } from './app.ts';
export * from './offline/evaluate/index.ts';
export { Explorer } from './explorer/index.ts';
export { type ListenOptions, type Listening, drain, listen } from './http/index.ts';
export { Jobs, type JobsOptions } from './runtime/jobs/index.ts';
export {
  type EvaluationInput,
  OpenGraph,
  type OpenGraphOptions,
  type Recommendations,
  type WalkOptions,
  evaluate,
  openGraph,
  recommend,
  walk,
} from './library/index.ts';
export * from './operations/index.ts';
export * from './recommend/index.ts';
export { type Service, createService } from './service.ts';
export * from './search/index.ts';
export * from './runtime/serving/index.ts';
export * from './offline/tune/index.ts';
export * from './runtime/writing/index.ts';
