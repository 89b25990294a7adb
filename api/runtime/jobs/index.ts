export { type BuildOrder, buildJob, buildUnasked } from './build-job.ts';
export { type EraseDeps, type ErasureReceipt, eraseJob, finishErasure } from './erase-job.ts';
export { type JobProgress, type JobWork, Jobs, type JobsOptions } from './jobs.ts';
