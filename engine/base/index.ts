export { check } from './check.ts';
export { EngineError } from './errors.ts';
export {
  type ParamSpec,
  type ParamSpecs,
  defaultsOf,
  paramNameLengthMax,
  resolveParams,
} from './param-specs.ts';
export { type SharedParams, sharedParams } from './shared-params.ts';
export { hintOf, meantBy } from './typos.ts';
export { TooMuchWork, Work, prices } from './work.ts';
