import { workerData } from 'piscina';
import type { WorkerData } from './walk-worker.ts';
import { WorkerStart } from './worker-start.ts';

// Beside a pool that serves: all at once, new workers would take its cores for as long as they start.
const { start } = workerData as WorkerData;
const worker = await new WorkerStart(start).inTurn(async () => import('./walk-worker.ts'));

export const { default: walk, diagnose } = worker;
export default walk;
