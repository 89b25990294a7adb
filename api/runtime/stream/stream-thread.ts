import { Worker } from 'node:worker_threads';
import { stoppedError } from '../../../graph-data/base/index.ts';
import { threadLimits } from '../threads/index.ts';

/** A thread's reply to a call: its result, or its error, after which it may be called again. */
export type Reply<Result> = { readonly result: Result } | { readonly fault: string };

/** A client may wait longer for a broker that does not respond. */
const closeMsMax = 2_000;

/** A thread with a client of Kafka, which gives one result after the other. */
export class StreamThread<Result> {
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  readonly #calls: PromiseWithResolvers<Reply<Result>>[] = [];
  #end: Error | undefined;

  /** `file`: the module of the thread, which calls {@link replyToCalls}. */
  constructor(file: URL, workerData: object) {
    this.#worker = new Worker(file, { workerData, resourceLimits: threadLimits });
    this.#worker.on('message', (reply: Reply<Result>) => this.#calls.shift()?.resolve(reply));
    this.#worker.on('error', (error: Error) => (this.#end = error));
    this.#ended = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#end ??= stoppedError();
        for (const { reject } of this.#calls.splice(0)) reject(this.#end);
        resolve();
      });
    });
  }

  /** The next result. Calls are answered in order. Rejects when the thread has ended. */
  async call(): Promise<Reply<Result>> {
    if (this.#end !== undefined) throw this.#end;
    const call = Promise.withResolvers<Reply<Result>>();
    // The call may have been made ahead, with nobody waiting for it.
    call.promise.catch(() => {});
    this.#calls.push(call);
    // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    this.#worker.postMessage('call');
    return call.promise;
  }

  async close(): Promise<void> {
    // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    this.#worker.postMessage('close');
    const late = setTimeout(() => void this.#worker.terminate(), closeMsMax);
    await this.#ended;
    clearTimeout(late);
  }
}
