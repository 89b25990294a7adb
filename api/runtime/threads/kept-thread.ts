import { Worker, parentPort } from 'node:worker_threads';
import { DataError, type DataErrorCode, stoppedError } from '../../../graph-data/base/index.ts';
import { loadSqlite } from '../../../graph-data/database/index.ts';
import { threadLimits } from './thread-limits.ts';

/** From a thread to its parent: that it has loaded its code, then the result or the fault of each task. */
type Message =
  | { readonly isLoaded: true }
  | { readonly result: unknown }
  | { readonly fault: { readonly code: DataErrorCode; readonly message: string } };

/** To the thread. */
type Order<Task> = { readonly task: Task } | { readonly close: true };

/** Without a task for so long, the thread ends, in milliseconds. */
const idleMsMax = 60_000;

interface Kept {
  readonly worker: Worker;
  /** Never rejects: a thread that ends before leaves it pending. */
  readonly loaded: Promise<void>;
}

/**
 * A thread for work that comes now and then, one task at a time: it starts with the first, and ends after a minute without any. To load
 * its code takes longer than most tasks.
 */
export class KeptThread<Task> {
  readonly #file: URL;
  #kept: Kept | undefined;
  #idle: NodeJS.Timeout | undefined;

  /** `file` calls {@link serveParent}. */
  constructor(file: URL) {
    this.#file = file;
  }

  /**
   * The caller waits for one task before it gives the next. Rejects with the thread's own `DataError`. An abort terminates the thread,
   * but never while it loads its code, and rejects with `stopped`; the next task starts another.
   */
  async run<Result>(task: Task, signal: AbortSignal): Promise<Result> {
    if (signal.aborted) throw stoppedError();
    clearTimeout(this.#idle);
    const kept = (this.#kept ??= this.#start());
    const { worker, loaded } = kept;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    let ending: Error = stoppedError();
    const onMessage = (message: Message): void => {
      if ('result' in message) resolve(message.result);
      else if ('fault' in message) reject(new DataError(message.fault.code, message.fault.message));
    };
    const onError = (error: Error): void => void (ending = error);
    const onExit = (): void => reject(ending);
    const stop = (): void => {
      this.#forget(kept);
      void loaded.then(async () => worker.terminate());
    };
    worker.on('message', onMessage).once('error', onError).once('exit', onExit);
    signal.addEventListener('abort', stop, { once: true });
    const begin = async (): Promise<void> => {
      await loaded;
      // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
      if (!signal.aborted) worker.postMessage({ task } satisfies Order<Task>);
    };
    void begin();
    try {
      return (await promise) as Result;
    } finally {
      signal.removeEventListener('abort', stop);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      this.#idle = setTimeout(() => void this.close(), idleMsMax).unref();
    }
  }

  /** Resolves when the thread has ended; no task may be running. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    if (this.#kept === undefined) return;
    const { worker } = this.#kept;
    this.#forget(this.#kept);
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    worker.postMessage({ close: true } satisfies Order<Task>);
    await ended;
  }

  #start(): Kept {
    const worker = new Worker(this.#file, { resourceLimits: threadLimits });
    worker.unref();
    const { promise: loaded, resolve } = Promise.withResolvers<void>();
    worker.once('message', () => resolve());
    // The task rejects with it; without a listener, it would end the process.
    worker.on('error', () => {});
    const kept = { worker, loaded };
    worker.once('exit', () => this.#forget(kept));
    return kept;
  }

  #forget(kept: Kept): void {
    if (this.#kept === kept) this.#kept = undefined;
  }
}

// eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
const send = (message: Message): void => parentPort!.postMessage(message);

/** Inside the thread: does the work of each task of a {@link KeptThread}. */
export function serveParent(work: (task: never) => Promise<unknown>): void {
  // To terminate a thread while it loads this native code would abort the process.
  loadSqlite();
  const serve = async (task: never): Promise<void> => {
    try {
      send({ result: await work(task) });
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      send({ fault: { code: error.code, message: error.message } });
    }
  };
  parentPort!.on('message', (order: Order<never>) => {
    if ('close' in order) parentPort!.close();
    else void serve(order.task);
  });
  send({ isLoaded: true });
}
