import { getPriority, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { openDataFolder } from '../../../graph-data/base/index.ts';
import { DatabaseFile } from '../../../graph-data/database/index.ts';
import { Checkpointer } from '../../../graph-data/writing/index.ts';
import type { WriterData } from './messages.ts';

// As threads that walk: a response never waits for it. Only Linux has priorities of threads.
if (process.platform === 'linux') setPriority(Math.max(10, getPriority()));

const { dataFolder, fileSeen } = workerData as WriterData;
const folder = openDataFolder(dataFolder);
const checkpointer = new Checkpointer(folder, new DatabaseFile(folder, fileSeen));

parentPort!.on('message', (message: 'run' | 'close') => {
  if (message === 'close') {
    checkpointer.close();
    parentPort!.close();
    return;
  }
  try {
    checkpointer.run();
  } catch {
    // The writer reports faults of the storage: it writes to the same files.
  }
  // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort!.postMessage('done');
});
