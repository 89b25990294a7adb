export * from './ads/index.ts';
export * from './attribution/index.ts';
export {
  type AlgorithmName,
  type Params,
  type Stats,
  Engine,
  algorithmNames,
  algorithms,
  hasLinearShare,
  hasSpecificity,
  noLinearWeights,
} from './algorithms.ts';
export {
  EngineError,
  type ParamSpec,
  TooMuchWork,
  Work,
  check,
  paramNameLengthMax,
  prices,
  resolveParams,
} from './base/index.ts';
export * from './content/index.ts';
export * from './metrics/index.ts';
export * from './model/index.ts';
export * from './notify/index.ts';
export * from './exact/index.ts';
export * from './experiments/index.ts';
export * from './explain/index.ts';
export * from './graph/index.ts';
export * from './interests/index.ts';
export * from './linear/index.ts';
export * from './live/index.ts';
export * from './offpolicy/index.ts';
export * from './pipeline/index.ts';
export type { Query } from './query.ts';
export * from './random/index.ts';
export * from './rank/index.ts';
export * from './search/index.ts';
export * from './splits/index.ts';
export * from './tuning/index.ts';
export * from './trace/index.ts';
export * from './text/index.ts';
export * from './vectors/index.ts';
export * from './walk/index.ts';
