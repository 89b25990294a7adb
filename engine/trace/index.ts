export { type TracedPath, type TracedQueryPin, WalkTrace } from './walk-trace.ts';
