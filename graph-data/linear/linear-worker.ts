import { workerData } from 'node:worker_threads';
import { type LinearTask, runLinearTask } from './linear-task.ts';

/** One of the threads of `computeLinear`. Its results are in shared memory. */
for (const _ of runLinearTask(workerData as LinearTask));
