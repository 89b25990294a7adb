export { flushSpans } from './flush.ts';
export { endRequest, startRequest, traceIdOf } from './request-span.ts';
export { type Phase, addPhases, epochMs, isTraced, within } from './phases.ts';
export { runAsJob } from './job-span.ts';
