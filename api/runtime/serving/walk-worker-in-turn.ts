import { workerData } from 'piscina';
import type { WorkerData } from './walk-worker.ts';
import { WorkerStart } from './worker-start.ts';

/** Most of what `walk-worker.ts` imports, each part in less than 100 ms. */
const parts: readonly (() => Promise<unknown>)[] = [
  async () => import('zod'),
  async () => import('../../../engine/index.ts'),
  async () => import('../../../graph-data/database/index.ts'),
  async () => import('../../../graph-data/snapshot/index.ts'),
  async () => import('../../contract/index.ts'),
  async () => import('../../recommend/index.ts'),
];

// Beside a pool that serves: all at once, new workers would take its cores for as long as they start.
const start = new WorkerStart((workerData as WorkerData).start);
const worker = await start.inTurn(async () => {
  for (const load of parts) await start.restAfter(load);
  return import('./walk-worker.ts');
});

export const { default: walk, diagnose } = worker;
export default walk;
