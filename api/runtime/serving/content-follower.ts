import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { messageOf, moduleBeside } from '../../../graph-data/base/index.ts';
import type { LoadedSnapshot } from '../../../graph-data/snapshot/index.ts';
import type { ContentMessage, ContentTask } from './content-worker.ts';

/**
 * Keeps what pins of a live graph say up to date, in a thread that starts with the first pin that comes or changes: its links
 * are there within milliseconds, but the response to the write does not wait for them.
 */
export class ContentFollower {
  readonly #task: ContentTask;
  readonly #onFault: (fault: string) => void;
  #worker: Worker | undefined;
  #hasFailed = false;

  constructor(
    dataFolder: string,
    { graph, content, header }: LoadedSnapshot,
    onFault: (fault: string) => void,
  ) {
    this.#task = { dataFolder, snapshot: { graph, content, header } };
    this.#onFault = onFault;
  }

  /** To be called after pins have come, changed or gone. Never throws. */
  follow(): void {
    if (this.#hasFailed) return;
    this.#worker ??= this.#start();
    this.#send('follow');
  }

  /** Ends the thread after its present task. */
  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined || this.#hasFailed) return;
    const ended = once(worker, 'exit');
    this.#send('close');
    await ended;
  }

  #start(): Worker {
    const worker = new Worker(moduleBeside('content-worker', import.meta.url), { workerData: this.#task });
    worker.on('error', (error) => {
      this.#hasFailed = true;
      this.#onFault(
        `new pins are not recommended by what they say until the next build: ${messageOf(error)}`,
      );
    });
    return worker;
  }

  #send(message: ContentMessage): void {
    // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    this.#worker?.postMessage(message);
  }
}
