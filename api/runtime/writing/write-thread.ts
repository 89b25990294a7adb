import { Worker } from 'node:worker_threads';
import type { DataFolder, DatabaseFile, WriteOutcome, WriteRequest } from '../../../graph-data/index.ts';
import { Problem } from '../../base/index.ts';
import { storageProblem } from '../storage-problem.ts';
import type { Maintenance, MaintenanceResults, ToMain, ToWriter, WriterData } from './messages.ts';

export interface WriteThreadOptions {
  /** Milliseconds to wait for another process that is writing. Default 5,000. */
  readonly busyMs?: number;
  /** Changes that may wait or be written at once; a request beyond that is refused unless it is alone. Default 100,000. */
  readonly changesMax?: number;
  /** The database that the server reads. Default: as it is when the thread starts. */
  readonly file?: DatabaseFile;
  /** Called after each commit, before its writers get their responses. */
  readonly onCommit?: () => void;
  /** Called when something could not be written, with the reason for the operator. */
  readonly onFault: (fault: string | Error) => void;
}

/** Counts since the start. */
export interface WriteStats {
  readonly requests: number;
  /** Saves and other changes of these requests. */
  readonly changes: number;
  readonly commits: number;
}

interface Waiting {
  readonly changes: number;
  /** Takes the outcome of a write, or the result of maintenance. */
  readonly resolve: (outcome: never) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The only writer of a server, in a thread of its own. Requests that arrive during a commit wait and are committed
 * together (group commit), so concurrent clients share one wait for the disk.
 */
export class WriteThread {
  readonly #folder: DataFolder;
  readonly #options: Required<Omit<WriteThreadOptions, 'file'>> & Pick<WriteThreadOptions, 'file'>;
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

  /** Changes that are not durable yet. */
  get changesWaiting(): number {
    return this.#changesWaiting;
  }

  /** Starts the thread, about 100 ms; otherwise the first write does. */
  start(): void {
    this.#worker ??= this.#startWorker();
  }

  /**
   * Resolves when the request is durable or refused. Rejects with a problem, `overloaded` or `storage-unavailable`; nothing
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

  /** Runs maintenance between two commits; writes wait meanwhile. Rejects with the problem `storage-unavailable`. */
  async run<Kind extends Maintenance['kind']>(
    maintenance: Extract<Maintenance, { kind: Kind }>,
  ): Promise<MaintenanceResults[Kind]> {
    this.start();
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { changes: 0, resolve, reject });
      this.#post({ id, maintenance });
    });
  }

  /** Makes pending writes durable, and ends the thread. */
  async close(): Promise<void> {
    if (this.#worker !== undefined) this.#post('close');
    await this.#ended;
  }

  #post(message: ToWriter): void {
    // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    this.#worker!.postMessage(message);
  }

  #startWorker(): Worker {
    const { busyMs, file } = this.#options;
    const data: WriterData = { dataFolder: this.#folder.root, busyMs, fileSeen: file?.seen };
    const worker = new Worker(new URL('write-worker.ts', import.meta.url), { workerData: data });
    worker.on('message', (message: ToMain) => this.#receive(message));
    worker.on('error', this.#options.onFault);
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#worker = undefined;
        this.#rejectAll();
        resolve();
      });
    });
    return worker;
  }

  #receive(message: ToMain): void {
    if ('fault' in message) {
      const { ids, fault } = message;
      this.#options.onFault(`writing failed: ${fault.message}`);
      for (const id of ids) this.#settle(id)?.reject(storageProblem(fault.reason));
      return;
    }
    if ('done' in message) {
      this.#options.onCommit();
      this.#settle(message.id)?.resolve(message.done as never);
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
    for (const [i, id] of message.ids.entries()) this.#settle(id)?.resolve(message.outcomes[i]! as never);
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    if (waiting !== undefined) this.#changesWaiting -= waiting.changes;
    this.#waiting.delete(id);
    return waiting;
  }

  /** After the thread has ended: it may or may not have committed the requests without an outcome. */
  #rejectAll(): void {
    for (const id of this.#waiting.keys()) this.#settle(id)?.reject(storageProblem('died'));
  }
}
