import { getPriority, setPriority } from 'node:os';
import { workerData } from 'node:worker_threads';
import { openDataFolder } from '../../../graph-data/base/index.ts';
import { storageFaultOf } from '../../../graph-data/database/index.ts';
import { NotificationStore } from '../../../graph-data/notifications/index.ts';
import { damageOf } from '../storage-problem.ts';
import type { NotificationWriterData, NotificationWrites } from './notification-messages.ts';
import { serveWrites } from './serve-writes.ts';

// Below the threads that walk, as the writer of interactions.
if (process.platform === 'linux') setPriority(Math.max(15, getPriority()));

const { dataFolder, busyMs } = workerData as NotificationWriterData;

serveWrites<NotificationWrites, NotificationStore>({
  open: () => new NotificationStore(openDataFolder(dataFolder), busyMs),
  apply: (store, requests, onFault) =>
    requests.map(({ name, args }) => {
      try {
        const call = store[name] as (...given: readonly unknown[]) => unknown;
        return { result: call.apply(store, args as unknown[]) };
      } catch (error) {
        onFault(error);
        return { unstored: { reason: storageFaultOf(error), detail: damageOf(error) } };
      }
    }),
  maintain: () => 0,
});
