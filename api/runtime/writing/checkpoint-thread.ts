import { Worker } from 'node:worker_threads';
import { moduleBeside } from '../../../graph-data/base/index.ts';
import type { WriterData } from './messages.ts';

/** Pages that a commit writes at least, about. */
const pagesPerCommit = 8;
/** Pages that a change writes, about. */
const pagesPerChange = 2;
/** Pages in the log, about, that are worth a checkpoint: fewer would be written more often (docs/faults.md). */
const pagesMin = 12_000;

/**
 * Has the write-ahead log copied into the database in a thread of its own: 16,000 pages take the writer some 0.1 to 0.5 s, for which
 * every save would wait. Starts the thread when it is first needed.
 */
export class CheckpointThread {
  readonly #data: WriterData;
  readonly #onFault: (fault: Error) => void;
  #worker: Worker | undefined;
  #ended: Promise<void> = Promise.resolve();
  #isRunning = false;
  #pages = 0;

  constructor(data: WriterData, onFault: (fault: Error) => void) {
    this.#data = data;
    this.#onFault = onFault;
  }

  /** To be called after each commit. */
  afterCommit(changes: number): void {
    this.#pages += pagesPerCommit + pagesPerChange * changes;
    if (this.#pages < pagesMin || this.#isRunning) return;
    this.#pages = 0;
    this.#isRunning = true;
    this.#worker ??= this.#start();
    this.#post('run');
  }

  /** Ends the thread, after a checkpoint that it has begun. */
  async close(): Promise<void> {
    if (this.#worker !== undefined) this.#post('close');
    await this.#ended;
  }

  #post(message: 'run' | 'close'): void {
    // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    this.#worker!.postMessage(message);
  }

  #start(): Worker {
    const worker = new Worker(moduleBeside('checkpoint-worker', import.meta.url), {
      workerData: this.#data,
      resourceLimits: { maxYoungGenerationSizeMb: 3 },
    });
    worker.on('message', () => (this.#isRunning = false));
    worker.on('error', this.#onFault);
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#worker = undefined;
        this.#isRunning = false;
        resolve();
      });
    });
    return worker;
  }
}
