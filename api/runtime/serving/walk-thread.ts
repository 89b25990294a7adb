import { type MessagePort, Worker } from 'node:worker_threads';
import { moduleBeside } from '../../../graph-data/base/index.ts';
import { threadLimits } from '../threads/index.ts';
import type { ModelThread } from './model-thread.ts';
import type { Order, Reply, WorkerData } from './walk-messages.ts';

interface WalkThreadOptions extends WorkerData {
  readonly models: ModelThread;
  /** Called when the thread has ended, except by `end`; with its error, if no order rejects with it. */
  readonly onEnd: (error: Error | undefined) => void;
}

/** One thread that walks, of {@link WalkThreads}. */
export class WalkThread {
  readonly worker: Worker;
  /** Whether it has warmed up. Threads that have not get tasks only while none has. */
  isReady = false;
  /** Whether it was ended by `end`. */
  isEnding = false;
  /** Orders without a reply, oldest first. */
  readonly #waiting: PromiseWithResolvers<unknown>[] = [];
  readonly #loaded = Promise.withResolvers<void>();
  #isLoaded = false;
  #end: Error | undefined;

  constructor({ models, onEnd, ...workerData }: WalkThreadOptions) {
    this.worker = new Worker(moduleBeside('walk-worker-start', import.meta.url), {
      workerData: workerData satisfies WorkerData,
      resourceLimits: threadLimits,
    });
    this.worker.unref();
    let cause: Error | undefined;
    this.worker.on('error', (error: Error) => (cause = error));
    const onWorkerExit = (code: number): void => {
      const error = cause ?? new Error(`a thread that walks has ended with code ${code}`);
      this.#end = error;
      const isIdle = this.#waiting.length === 0;
      for (const { reject } of this.#waiting.splice(0)) reject(error);
      this.#loaded.resolve();
      if (!this.isEnding) onEnd(isIdle ? cause : undefined);
    };
    this.worker.on('exit', onWorkerExit);
    this.worker.on('message', (message: readonly Reply[] | { readonly modelPort: MessagePort }) => {
      // A thread that walks for a model sends the port of its calls.
      if ('modelPort' in message) models.connect(message.modelPort);
      else for (const reply of message) this.#settle(reply);
    });
  }

  /** Whether it has loaded its code. */
  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** Number of orders that it has not carried out. */
  get orders(): number {
    return this.#waiting.length;
  }

  /** Resolves with the thread's result; rejects with its error, or when it ends before. */
  async give(order: Order): Promise<unknown> {
    if (this.#end !== undefined) throw this.#end;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.push(waiting);
    // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    this.worker.postMessage(order);
    return waiting.promise;
  }

  /** Ends the thread, but not while it loads native code, which would abort the process. */
  async end(): Promise<void> {
    this.isEnding = true;
    await this.#loaded.promise;
    await this.worker.terminate();
  }

  #settle(reply: Reply): void {
    this.#isLoaded = true;
    this.#loaded.resolve();
    const { resolve, reject } = this.#waiting.shift()!;
    if ('error' in reply) reject(reply.error);
    else resolve(reply.done);
  }
}
