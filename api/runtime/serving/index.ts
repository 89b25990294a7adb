export { type GraphFacts, GraphFactsOf } from './graph-facts.ts';
export { GraphFollower, reserveFor } from './graph-follower.ts';
export { GraphServer, type GraphServerOptions } from './graph-server.ts';
export { type KeptAnswer, KeptAnswers, seenUpTo } from './kept-answers.ts';
export { type Asked, batchMsUsual } from './walk-pool.ts';
export type { LookOutcome, LookTask, WalkOutcome } from './walk-worker.ts';
export { ClientGone, WorkQueue, type WorkQueueOptions } from './work-queue.ts';
