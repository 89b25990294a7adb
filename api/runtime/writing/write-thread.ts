import { Worker } from 'node:worker_threads';
import type { DataFolder, WriteOutcome, WriteRequest } from '../../../graph-data/index.ts';
import { Problem } from '../../base/index.ts';
import type { Errand, ErrandResults, ToMain, ToWriter, WriterTask } from './messages.ts';
import { storageProblem } from './storage-problem.ts';

export interface WriteThreadOptions {
  /** Milliseconds to wait for another process that is writing. Default 5,000. */
  readonly busyMs?: number;
  /** Changes that may be waiting or under way; a request beyond them is refused, unless it is alone. Default 100,000. */
  readonly changesMax?: number;
  /** Called after each commit, before those who asked for it are answered. */
  readonly onCommit?: () => void;
  /** What an operator has to know: why something could not be written. */
  readonly onFault: (fault: string | Error) => void;
}

/** What was written since the start. */
export interface WriteStats {
  readonly requests: number;
  /** Saves and other changes of these. */
  readonly changes: number;
  readonly commits: number;
}

interface Waiting {
  readonly changes: number;
  /** Takes the outcome of a write, or the result of an errand. */
  readonly resolve: (told: never) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The one writer of a server, in a thread of its own. Requests that come while it commits wait and are committed together
 * (group commit): however many clients write, they share the time of the disk.
 */
export class WriteThread {
  readonly #folder: DataFolder;
  readonly #options: Required<WriteThreadOptions>;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #ended: Promise<void> = Promise.resolve();
  #lastId = 0;
  #changesWaiting = 0;
  #stats: WriteStats = { requests: 0, changes: 0, commits: 0 };

  constructor(folder: DataFolder, options: WriteThreadOptions) {
    this.#folder = folder;
    this.#options = { busyMs: 5_000, changesMax: 100_000, onCommit: () => {}, ...options };
  }

  get stats(): WriteStats {
    return this.#stats;
  }

  /** Changes that wait to be durable. */
  get changesWaiting(): number {
    return this.#changesWaiting;
  }

  /** Starts the thread, which else the first write does: some 100 ms. */
  start(): void {
    this.#worker ??= this.#startWorker();
  }

  /**
   * Resolves when the request is durable, or refused. Rejects with a problem: `overloaded`, `storage-unavailable`; nothing
   * of the request is written then, unless the problem says that it may be.
   */
  async write(request: WriteRequest): Promise<WriteOutcome> {
    const changes = request.changes.length;
    const isFull = this.#changesWaiting + changes > this.#options.changesMax;
    if (isFull && this.#changesWaiting > 0) {
      throw new Problem('overloaded', 'more writes than this server can make durable in time', [], {
        'Retry-After': '1',
      });
    }
    this.start();
    const id = ++this.#lastId;
    this.#changesWaiting += changes;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { changes, resolve, reject });
      this.#post({ id, request });
    });
  }

  /**
   * Does something between two commits: `erase`, `scrub`, `emptyLog` and `dropEvents` of `SaveWriter`. Writes wait meanwhile. Rejects with
   * the problem `storage-unavailable`.
   */
  async run<Kind extends Errand['kind']>(
    errand: Extract<Errand, { kind: Kind }>,
  ): Promise<ErrandResults[Kind]> {
    this.start();
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { changes: 0, resolve, reject });
      this.#post({ id, errand });
    });
  }

  /** Writes what was asked for before, and ends the thread. */
  async close(): Promise<void> {
    if (this.#worker !== undefined) this.#post('close');
    await this.#ended;
  }

  #post(message: ToWriter): void {
    // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    this.#worker!.postMessage(message);
  }

  #startWorker(): Worker {
    const task: WriterTask = { dataFolder: this.#folder.root, busyMs: this.#options.busyMs };
    const worker = new Worker(new URL('write-worker.ts', import.meta.url), { workerData: task });
    worker.on('message', (message: ToMain) => this.#take(message));
    worker.on('error', this.#options.onFault);
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#worker = undefined;
        this.#giveUp();
        resolve();
      });
    });
    return worker;
  }

  #take(message: ToMain): void {
    if ('fault' in message) {
      const { ids, fault } = message;
      this.#options.onFault(`writing failed: ${fault.message}`);
      for (const id of ids) this.#leave(id)?.reject(storageProblem(fault.reason));
      return;
    }
    if ('done' in message) {
      this.#options.onCommit();
      this.#leave(message.id)?.resolve(message.done as never);
      return;
    }
    const { requests, changes, commits } = this.#stats;
    const done = message.ids.reduce((sum, id) => sum + (this.#waiting.get(id)?.changes ?? 0), 0);
    this.#stats = {
      requests: requests + message.ids.length,
      changes: changes + done,
      commits: commits + 1,
    };
    this.#options.onCommit();
    for (const [i, id] of message.ids.entries()) this.#leave(id)?.resolve(message.outcomes[i]! as never);
  }

  #leave(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    if (waiting !== undefined) this.#changesWaiting -= waiting.changes;
    this.#waiting.delete(id);
    return waiting;
  }

  /** After the thread has ended: whether it still wrote what nobody was told of, nobody knows. */
  #giveUp(): void {
    for (const id of this.#waiting.keys()) this.#leave(id)?.reject(storageProblem('died'));
  }
}
