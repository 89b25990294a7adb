export { buildJob, startDueBuild } from './build-job.ts';
export { eraseJob, finishErasure } from './erase-job.ts';
export { Jobs } from './jobs.ts';
