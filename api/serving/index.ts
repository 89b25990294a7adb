export { GraphServer, type GraphServerOptions, type GraphState, type SwapReport } from './graph-server.ts';
export { type KeptAnswer, KeptAnswers } from './kept-answers.ts';
export type { Asked } from './walk-pool.ts';
export type { WalkOutcome } from './walk-worker.ts';
export { ClientGone } from './work-queue.ts';
