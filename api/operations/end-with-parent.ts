import { Socket } from 'node:net';
import { parentPort } from 'node:worker_threads';

/**
 * Ends this process when its parent ends, however that ends: its standard input, a pipe of the parent, closes then. A thread of its own, since
 * statements of SQLite block the others. Sends a message once it has seen that the parent was there.
 */
new Socket({ fd: 0 }).once('end', () => process.kill(process.pid, 'SIGKILL')).resume();
// The event loop reads the pipe between these two: the first may come in the turn that has started this thread, after its reads.
setImmediate(() => {
  // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  setImmediate(() => parentPort!.postMessage('watching'));
});
