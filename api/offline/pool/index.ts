export { reportLoaded } from './report-loaded.ts';
export { ThreadPool } from './thread-pool.ts';
