export { buildJob, startDueBuild } from './build-job.ts';
export { eraseJob, eraseOnReplica, finishErasure, interactionsOf, isInRejectedRows } from './erase-job.ts';
export { Reports } from './reports.ts';
export { Jobs } from './jobs.ts';
