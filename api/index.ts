export { createApp } from './app.ts';
export { type Listening, createIds, drain, isLoopback, listen, stop, validate } from './http/index.ts';
export { type Job, Jobs, type JobsOptions } from './jobs/index.ts';
export * from './operations/index.ts';
export { Problem, type ProblemBody, type ProblemCode, problemTypes } from './problems.ts';
export * from './recommending/index.ts';
export type { Service } from './service.ts';
export * from './serving/index.ts';
