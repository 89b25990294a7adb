export { EngineError, type EngineErrorCode } from './errors.ts';
export * from './graph/index.ts';
export * from './random/index.ts';
export * from './rank/index.ts';
export * from './walk/index.ts';
