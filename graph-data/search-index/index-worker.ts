import { parentPort, workerData } from 'node:worker_threads';
import { type IndexTask, runIndexTask } from './index-task.ts';

/** The thread of `buildSearchIndex`. The arrays of its result are in shared memory. */
// eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
parentPort!.postMessage(await runIndexTask(workerData as IndexTask));
