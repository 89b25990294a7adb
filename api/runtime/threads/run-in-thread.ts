// The type parameters are what both sides of a thread agree on: nothing that runs can hold them to it.
/* eslint-disable typescript/no-unnecessary-type-parameters */
import { Worker, parentPort, workerData } from 'node:worker_threads';
import { DataError, type DataErrorCode } from '../../../graph-data/index.ts';

/** What a thread tells the one that started it: any number of steps, then how it ended. */
type Message<Progress, Result> =
  | { readonly progress: Progress }
  | { readonly result: Result }
  | { readonly fault: { readonly code: DataErrorCode; readonly message: string } };

/**
 * Runs a file whole in a thread of its own, which has ended when the promise settles: for long work once in a while,
 * not for requests. Shared arrays go in and come out without a copy. Rejects with the thread's own `DataError`.
 *
 * An abort asks the thread to stop, and ends it after `graceMs` (default 0) wherever it is; then this rejects with
 * `stopped`, unless the work was done before.
 */
export async function runInThread<Result, Progress = never>(
  file: URL,
  task: unknown,
  options: { signal?: AbortSignal; onProgress?: (progress: Progress) => void; graceMs?: number } = {},
): Promise<Result> {
  const { signal, onProgress, graceMs = 0 } = options;
  if (signal?.aborted === true) throw stopped();
  const worker = new Worker(file, { workerData: task });
  return new Promise<Result>((resolve, reject) => {
    let settle = (): void => reject(stopped());
    let grace: NodeJS.Timeout | undefined;
    const stop = (): void => {
      // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
      worker.postMessage('stop');
      grace = setTimeout(() => void worker.terminate(), graceMs);
    };
    signal?.addEventListener('abort', stop, { once: true });
    worker.on('message', (message: Message<Progress, Result>) => {
      if ('progress' in message) onProgress?.(message.progress);
      else if ('result' in message) settle = () => resolve(message.result);
      else settle = () => reject(new DataError(message.fault.code, message.fault.message));
    });
    worker.once('error', (error) => (settle = () => reject(error)));
    worker.once('exit', () => {
      clearTimeout(grace);
      signal?.removeEventListener('abort', stop);
      settle();
    });
  });
}

function stopped(): DataError {
  return new DataError('stopped', 'stopped; nothing was kept');
}

/** Inside the thread: does the task that {@link runInThread} brought, and sends back what comes of it. */
export async function answerParent<Task, Result, Progress = never>(
  work: (task: Task, tell: (progress: Progress) => void, signal: AbortSignal) => Result | Promise<Result>,
): Promise<void> {
  const controller = new AbortController();
  // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  const send = (message: Message<Progress, Result>): void => parentPort?.postMessage(message);
  parentPort?.once('message', () => controller.abort());
  try {
    send({ result: await work(workerData as Task, (progress) => send({ progress }), controller.signal) });
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    send({ fault: { code: error.code, message: error.message } });
  } finally {
    parentPort?.close();
  }
}
