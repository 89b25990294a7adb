export { createGraphFacts } from './graph-facts.ts';
export { GraphServer } from './graph-server.ts';
export { CachedPage, PageCache, ShownKeys } from './page-cache.ts';
export { isProblem, problemOf } from './problems.ts';
export { storageProblemOf } from '../storage-problem.ts';
export { type Batch } from './walk-pool.ts';
export type { RankedList, RankedOutcome } from './walk-worker.ts';
export { StorageWatch } from './storage-watch.ts';
export { ClientGone } from './work-queue.ts';
