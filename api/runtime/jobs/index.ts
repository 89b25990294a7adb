export { buildJob, buildUnasked } from './build-job.ts';
export { eraseJob, finishErasure } from './erase-job.ts';
export { Jobs } from './jobs.ts';
