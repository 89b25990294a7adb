import { parentPort, workerData } from 'node:worker_threads';
import { type IndexTask, runIndexTask } from './index-task.ts';

/** The thread of `buildSearchIndex`. The arrays of its result are in shared memory. */
parentPort!.postMessage(runIndexTask(workerData as IndexTask));
