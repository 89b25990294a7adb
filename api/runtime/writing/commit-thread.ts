import { Worker } from 'node:worker_threads';
import { Problem } from '../../base/index.ts';
import { storageProblem } from '../storage-problem.ts';
import { threadLimits } from '../threads/index.ts';
import type { ToMain, ToWriter, Writes } from './messages.ts';
import { WriteQueue, isSmall } from './write-queue.ts';
import { WriteTrace } from './write-trace.ts';

export interface CommitThreadOptions {
  /**
   * The most changes that may wait or be in progress; beyond that, a request is refused unless it is its
   * client's only one. Changes of streams, which wait instead, leave room for as many others. Default 100,000.
   */
  readonly changesMax?: number;
  /** Called after each commit, whose writers get their responses when it resolves. */
  readonly onCommit?: () => Promise<void>;
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

interface Waiting<Outcome> {
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/** The queue's view of a request. */
export interface Queued {
  /** How many it has, or about as many. */
  readonly changes: number;
  /** The API key or the address whose turn it takes. */
  readonly client: string;
  /** Whether it is a part of a stream: default, false. */
  readonly isOfStream?: boolean | undefined;
}

interface WaitingWrite<Kind extends Writes> extends Waiting<Kind['outcome']>, Queued {
  readonly request: Kind['request'];
  /** Whether its transaction was given up once, for small requests. */
  wasStopped: boolean;
  readonly trace: WriteTrace | undefined;
}

/**
 * A transaction takes no further request beyond this many changes. Saves that are spread over all pins and boards write
 * one or two pages each, and saves of one transaction share pages: 50,000 at once take a third of the time of 50 times
 * 1,000, about half a second (npm run bench:writes).
 */
const changesPerCommit = 50_000;
/** The same while several clients write, or small requests come: nobody waits long for the commit of another. */
const changesPerSharedCommit = 2_000;
/** A transaction of at most as many is not given up for small requests: it takes less than 0.1 s. */
const unstoppableChanges = 5_000;
/** Clients count as writing at the same time when they alternate within this time. */
const sharedMs = 1_000;

/**
 * A writer in a thread of its own. Requests that arrive during a commit wait and are committed together (group
 * commit), so concurrent clients share one wait for the disk. Small requests go first, and clients take turns
 * ({@link WriteQueue}). A large transaction that makes a small request wait is given up and repeated after it,
 * at most once; transactions are shorter then.
 */
export class CommitThread<Kind extends Writes> {
  readonly #file: URL;
  readonly #task: object;
  readonly #options: Required<CommitThreadOptions>;
  readonly #queue = new WriteQueue<WaitingWrite<Kind>>();
  /** The requests of the transaction that the thread is working on. */
  #group: readonly WaitingWrite<Kind>[] = [];
  /** By client, if any: changes without an outcome. */
  readonly #unwritten = new Map<string, number>();
  /** Maintenance, by id. */
  readonly #maintenance = new Map<number, Waiting<never>>();
  /** Of shared memory: 1 once the thread should give up its transaction. */
  readonly #stop = new Int32Array(new SharedArrayBuffer(4));
  #isClosing = false;
  #lastClient: string | undefined;
  #alternatedAt = -Infinity;
  #smallAt = -Infinity;
  #worker: Worker | undefined;
  #ended: Promise<void> = Promise.resolve();
  #lastId = 0;
  #changesWaiting = 0;
  #changesOfStreams = 0;
  #stats: WriteStats = { requests: 0, changes: 0, commits: 0 };

  /** `file`: the module of the thread; `task`: its `workerData`, with a field `stop`. */
  constructor(file: URL, task: object, options: CommitThreadOptions) {
    this.#file = file;
    this.#task = task;
    this.#options = { changesMax: 100_000, onCommit: async () => {}, ...options };
  }

  get stats(): WriteStats {
    return this.#stats;
  }

  /** Changes that are not durable yet. */
  get changesWaiting(): number {
    return this.#changesWaiting;
  }

  /** Whether others write at the same time as a large request: each should then hand over little at once. */
  get isShared(): boolean {
    return performance.now() - Math.max(this.#alternatedAt, this.#smallAt) < sharedMs;
  }

  /** Starts the thread, about 100 ms; otherwise the first write does. */
  start(): void {
    this.#worker ??= this.#startWorker();
  }

  /** Whether a request of this many changes would be accepted now. */
  hasRoom({ changes, client, isOfStream = false }: Queued): boolean {
    const waiting = this.#changesWaiting - (isOfStream ? 0 : this.#changesOfStreams);
    return waiting + changes <= this.#options.changesMax || !this.#unwritten.has(client);
  }

  /**
   * Resolves when the request is durable or refused. Rejects with a problem, `overloaded` or `storage-unavailable`; nothing
   * of the request is written then, unless the problem says that it may be.
   */
  protected async add(request: Kind['request'], queued: Queued): Promise<Kind['outcome']> {
    if (!this.hasRoom(queued)) {
      throw new Problem('overloaded', 'more writes than this server can make durable in time', [], {
        'Retry-After': '1',
      });
    }
    const { client, changes } = queued;
    this.start();
    this.#changesWaiting += changes;
    if (queued.isOfStream === true) this.#changesOfStreams += changes;
    this.#unwritten.set(client, (this.#unwritten.get(client) ?? 0) + changes);
    if (client !== this.#lastClient && this.#lastClient !== undefined) this.#alternatedAt = performance.now();
    this.#lastClient = client;
    if (isSmall(queued)) {
      this.#smallAt = performance.now();
      Atomics.store(this.#stop, 0, 1);
    }
    const trace = WriteTrace.start();
    const outcome = await new Promise<Kind['outcome']>((resolve, reject) => {
      this.#queue.add({ ...queued, request, wasStopped: false, trace, resolve, reject });
      // Requests that arrive in the same turn of the event loop share a commit.
      setImmediate(() => this.#commitNext());
    });
    trace?.add();
    return outcome;
  }

  /** Runs maintenance between two commits; writes wait meanwhile. Rejects with the problem `storage-unavailable`. */
  async run<Name extends Kind['maintenance']['kind'] & keyof Kind['results']>(
    maintenance: Extract<Kind['maintenance'], { kind: Name }>,
  ): Promise<Kind['results'][Name]> {
    this.start();
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#maintenance.set(id, { resolve, reject });
      this.#post({ id, maintenance });
    });
  }

  /** Makes pending writes durable, and ends the thread. */
  async close(): Promise<void> {
    this.#isClosing = this.#worker !== undefined;
    this.#commitNext();
    await this.#ended;
  }

  /** Called after each commit, with the number of its changes. */
  protected committed(_changes: number): void {}

  #commitNext(): void {
    if (this.#worker === undefined || this.#group.length > 0) return;
    this.#group = this.#queue.take(this.isShared ? changesPerSharedCommit : changesPerCommit);
    if (this.#group.length > 0) {
      Atomics.store(this.#stop, 0, 0);
      for (const { trace } of this.#group) trace?.begin();
      const changes = this.#group.reduce((sum, write) => sum + write.changes, 0);
      const isNew = this.#group.every((write) => !write.wasStopped && !isSmall(write));
      const mayStop = isNew && changes > unstoppableChanges;
      this.#post({ requests: this.#group.map(({ request }) => request), mayStop });
    } else if (this.#isClosing) {
      this.#isClosing = false;
      this.#post('close');
    }
  }

  #post(message: ToWriter<Kind>): void {
    // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    this.#worker!.postMessage(message);
  }

  #startWorker(): Worker {
    const worker = new Worker(this.#file, {
      workerData: { ...this.#task, stop: this.#stop },
      resourceLimits: threadLimits,
    });
    worker.on('message', (message: ToMain<Kind>) => this.#receive(message));
    worker.on('error', this.#options.onFault);
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#worker = undefined;
        this.#isClosing = false;
        this.#rejectAll();
        resolve();
      });
    });
    return worker;
  }

  #receive(message: ToMain<Kind>): void {
    if ('fault' in message) {
      const { id, fault } = message;
      this.#options.onFault(`writing failed: ${fault.message}`);
      const problem = storageProblem(fault.reason, fault.detail);
      if (id === undefined) for (const { reject } of this.#endGroup()) reject(problem);
      else this.#endMaintenance(id)?.reject(problem);
    } else if ('stopped' in message) {
      for (const write of this.#group) write.wasStopped = true;
      this.#queue.putBack(this.#group);
      this.#group = [];
      this.#commitNext();
    } else if ('done' in message) {
      const waiting = this.#endMaintenance(message.id);
      void this.#afterCommit(() => waiting?.resolve(message.done as never));
    } else {
      for (const fault of message.faults) this.#options.onFault(`writing failed: ${fault}`);
      const group = this.#endGroup();
      const { requests, changes, commits } = this.#stats;
      const done = group.reduce((sum, write) => sum + write.changes, 0);
      this.#stats = { requests: requests + group.length, changes: changes + done, commits: commits + 1 };
      this.committed(done);
      for (const { trace } of group) trace?.committed(group.length, done);
      void this.#afterCommit(() => {
        for (const [i, { resolve }] of group.entries()) resolve(message.outcomes[i]!);
      });
    }
  }

  async #afterCommit(respond: () => void): Promise<void> {
    await this.#options.onCommit();
    respond();
  }

  /** Takes the requests of the finished transaction, and begins the next one. */
  #endGroup(): readonly WaitingWrite<Kind>[] {
    const group = this.#group;
    this.#group = [];
    for (const { client, changes, isOfStream } of group) {
      const left = this.#unwritten.get(client)! - changes;
      if (left > 0) this.#unwritten.set(client, left);
      else this.#unwritten.delete(client);
      this.#changesWaiting -= changes;
      if (isOfStream === true) this.#changesOfStreams -= changes;
    }
    this.#commitNext();
    return group;
  }

  #endMaintenance(id: number): Waiting<never> | undefined {
    const waiting = this.#maintenance.get(id);
    this.#maintenance.delete(id);
    return waiting;
  }

  /** After the thread has ended: it may or may not have committed the requests without an outcome. */
  #rejectAll(): void {
    const waiting = [...this.#endGroup(), ...this.#queue.drain(), ...this.#maintenance.values()];
    this.#unwritten.clear();
    this.#changesWaiting = 0;
    this.#changesOfStreams = 0;
    this.#maintenance.clear();
    for (const { reject } of waiting) reject(storageProblem('died'));
  }
}
