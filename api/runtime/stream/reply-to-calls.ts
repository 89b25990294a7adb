import { parentPort } from 'node:worker_threads';
import { messageOf } from '../../../graph-data/base/index.ts';
import type { Reply } from './stream-thread.ts';

interface Called<Result> {
  readonly result: Result;
  /** Buffers to hand over instead of copying them. */
  readonly buffers?: readonly ArrayBuffer[];
}

/** Inside the thread of a `StreamThread`: works for one call after the other, until it is closed. */
export function replyToCalls<Result>(work: () => Promise<Called<Result>>, close: () => Promise<void>): void {
  const port = parentPort!;
  let last: Promise<void> = Promise.resolve();
  let isClosed = false;
  const reply = async (): Promise<void> => {
    if (isClosed) return;
    try {
      const { result, buffers = [] } = await work();
      port.postMessage({ result } satisfies Reply<Result>, [...buffers]);
    } catch (error) {
      // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
      port.postMessage({ fault: faultOf(error) } satisfies Reply<Result>);
    }
  };
  port.on('message', (message: 'call' | 'close') => {
    if (message === 'call') last = last.then(reply);
    else {
      isClosed = true;
      void close().finally(() => port.close());
    }
  });
}

/**
 * The client wraps the errors of a broker or a socket, some levels deep: a wrong password is the cause of a
 * failed connection.
 */
function faultOf(error: unknown): string {
  const { errors, cause } = error as { readonly errors?: readonly unknown[]; readonly cause?: unknown };
  if (Array.isArray(errors) && errors.length > 0) return [...new Set(errors.map(faultOf))].join('; ');
  return cause === undefined ? messageOf(error) : `${messageOf(error)} (${faultOf(cause)})`;
}
