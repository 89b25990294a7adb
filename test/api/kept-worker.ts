import { threadId } from 'node:worker_threads';
import { serveParent } from '../../api/runtime/threads/index.ts';
import { DataError } from '../../graph-data/base/index.ts';

serveParent(async (task: 'who' | 'wait' | 'refuse' | 'fail'): Promise<number> => {
  if (task === 'refuse') throw new DataError('key-unknown', 'refused');
  if (task === 'fail') throw new Error('failed');
  // Until it is terminated.
  if (task === 'wait') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  return threadId;
});
