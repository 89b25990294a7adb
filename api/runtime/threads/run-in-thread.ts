// The type parameters are a contract between both sides of a thread, which nothing checks at run time.
/* eslint-disable typescript/no-unnecessary-type-parameters */
import { Worker, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { DataError, type DataErrorCode, moduleBeside, stoppedError } from '../../../graph-data/base/index.ts';
import { loadSqlite } from '../../../graph-data/database/index.ts';

/** From a thread to its parent: that it has loaded its code, progress any number of times, then the result or the fault. */
type Message<Progress, Result> =
  | { readonly isLoaded: true }
  | { readonly progress: Progress }
  | { readonly result: Result }
  | { readonly fault: { readonly code: DataErrorCode; readonly message: string } };

/**
 * Runs a file in a thread of its own, which has ended when the promise settles: for rare, long work, not for requests.
 * Shared arrays pass in and out without a copy. Rejects with the thread's own `DataError`.
 *
 * In the background, the thread loads its code and works at the lowest priority (Linux only).
 *
 * An abort signals the thread to stop, and terminates it after `graceMs` (default 0), but never while it loads its code. This
 * then rejects with `stopped`, unless the work has finished first.
 */
export async function runInThread<Result, Progress = never>(
  file: URL,
  task: unknown,
  options: {
    signal?: AbortSignal;
    onProgress?: (progress: Progress) => void;
    graceMs?: number;
    isInBackground?: boolean;
  } = {},
): Promise<Result> {
  const { signal, onProgress, graceMs = 0, isInBackground = false } = options;
  if (signal?.aborted === true) throw stoppedError();
  const worker = isInBackground
    ? new Worker(moduleBeside('background', import.meta.url), { workerData: task, argv: [file.href] })
    : new Worker(file, { workerData: task });
  return new Promise<Result>((resolve, reject) => {
    let settle = (): void => reject(stoppedError());
    let grace: NodeJS.Timeout | undefined;
    let isLoaded = false;
    const terminateSoon = (): void => {
      grace = setTimeout(() => void worker.terminate(), graceMs);
    };
    const stop = (): void => {
      // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
      worker.postMessage('stop');
      if (isLoaded) terminateSoon();
    };
    signal?.addEventListener('abort', stop, { once: true });
    worker.on('message', (message: Message<Progress, Result>) => {
      if ('isLoaded' in message) {
        isLoaded = true;
        if (signal?.aborted === true) terminateSoon();
      } else if ('progress' in message) onProgress?.(message.progress);
      else if ('result' in message) settle = () => resolve(message.result);
      else settle = () => reject(new DataError(message.fault.code, message.fault.message));
    });
    worker.once('error', (error) => (settle = () => reject(error)));
    // A result that this thread cannot receive, such as views of a memory of 4 GB: without this, the work would seem stopped.
    worker.once('messageerror', (error) => (settle = () => reject(error)));
    worker.once('exit', () => {
      clearTimeout(grace);
      signal?.removeEventListener('abort', stop);
      settle();
    });
  });
}

/** Inside the thread: does the work for the task of {@link runInThread}, and sends its result or its fault. */
export async function runForParent<Task, Result, Progress = never>(
  work: (
    task: Task,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ) => Result | Promise<Result>,
): Promise<void> {
  const controller = new AbortController();
  // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  const send = (message: Message<Progress, Result>): void => parentPort?.postMessage(message);
  try {
    // To terminate a thread while it loads this native code would abort the process.
    loadSqlite();
    send({ isLoaded: true });
    // The only message is that to stop: it may have come meanwhile, or comes during the work.
    if (parentPort !== null && receiveMessageOnPort(parentPort) !== undefined) throw stoppedError();
    parentPort?.once('message', () => controller.abort());
    send({ result: await work(workerData as Task, (progress) => send({ progress }), controller.signal) });
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    send({ fault: { code: error.code, message: error.message } });
  } finally {
    parentPort?.close();
  }
}
