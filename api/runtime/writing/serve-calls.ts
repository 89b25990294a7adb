import { getPriority, setPriority } from 'node:os';
import { workerData } from 'node:worker_threads';
import { type DataFolder, openDataFolder } from '../../../graph-data/base/index.ts';
import { storageFaultOf } from '../../../graph-data/database/index.ts';
import { damageOf } from '../storage-problem.ts';
import type { CallWriterData, CallWrites } from './call-messages.ts';
import { serveWrites } from './serve-writes.ts';

/**
 * Inside the thread of a {@link CallThread}: runs the calls on a store of the data folder, with the priority `nice` where the system has priorities of
 * threads.
 */
export function serveCalls(
  open: (folder: DataFolder, busyMs: number) => { close: () => void },
  nice: number,
): void {
  if (process.platform === 'linux') setPriority(Math.max(nice, getPriority()));
  const { dataFolder, busyMs } = workerData as CallWriterData;
  serveWrites<CallWrites, { close: () => void }>({
    open: () => open(openDataFolder(dataFolder), busyMs),
    apply: (store, requests, onFault) =>
      requests.map(({ name, args }) => {
        try {
          const call: unknown = store[name as 'close'];
          return { result: (call as (...given: readonly unknown[]) => unknown).apply(store, [...args]) };
        } catch (error) {
          onFault(error);
          return { unstored: { reason: storageFaultOf(error), detail: damageOf(error) } };
        }
      }),
    maintain: () => 0,
  });
}
