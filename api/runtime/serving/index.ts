export { type GraphFacts, GraphFactsOf } from './graph-facts.ts';
export { GraphFollower, reserveFor } from './graph-follower.ts';
export { GraphServer, type GraphServerOptions } from './graph-server.ts';
export { type CachedPage, PageCache, shownUpTo } from './page-cache.ts';
export { isProblem, problemOf } from './outcome.ts';
export { type Batch, batchMsDefault } from './walk-pool.ts';
export type { RankedList, RankedOutcome } from './walk-worker.ts';
export { ClientGone, WorkQueue, type WorkQueueOptions } from './work-queue.ts';
