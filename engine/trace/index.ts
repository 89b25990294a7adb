export { type TracedPath, type TracedQueryPin, WalkTrace, type WalkTraceOptions } from './walk-trace.ts';
