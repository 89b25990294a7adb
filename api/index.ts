export { type AccessSettings, isLoopback } from './access/index.ts';
export { createApp } from './app.ts';
export { type ListenOptions, createIds, listen, stop, validate } from './http/index.ts';
export { createLog } from './log.ts';
export { Problem, type ProblemBody, type ProblemCode, problemTypes } from './problems.ts';
export * from './recommending/index.ts';
export type { Service } from './service.ts';
export * from './serving/index.ts';
