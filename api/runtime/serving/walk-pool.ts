import type { Worker } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { DataFolder, LoadedSnapshot } from '../../../graph-data/index.ts';
import { type RecommendationRequest, recommendationRequest } from '../../contract/index.ts';
import { type ProblemOutcome, notReady, valueOf } from './problems.ts';
import type { Diagnosis, DiagnosticsTask, RankedList, RankedOutcome, WalkTask } from './walk-worker.ts';
import { ClientGone, type WorkQueue } from './work-queue.ts';

export type Batch = Pick<WalkTask, 'requests'> & Partial<Omit<WalkTask, 'requests' | 'queueMs'>>;
export type Page = Pick<Batch, 'seen' | 'bestScore'>;

/** Keeps a batch from occupying a worker for long: the requests that are left get `overloaded`. */
export const batchMsDefault = 5_000;

/** Tasks handed to a worker at once: with two, it does not idle while its result is received. */
export const tasksPerWorker = 2;

/** Requests that warm up each worker before a snapshot counts as ready: V8 has compiled the code by then. */
const warmUpRequests = 20;

/** A run that identical concurrent calls share. */
interface SharedRun {
  /** The key determines the type. */
  readonly outcome: Promise<unknown>;
  /** Aborted when the last client has disconnected. */
  readonly departure: AbortController;
  clients: number;
}

/** Worker threads that share the arrays of one snapshot. A new snapshot gets a new pool. */
export class WalkPool {
  readonly snapshot: LoadedSnapshot;
  readonly #piscina: Piscina<WalkTask | DiagnosticsTask, RankedOutcome[] | Diagnosis | ProblemOutcome>;
  readonly #queue: WorkQueue;
  #isClosed = false;
  /** By task. Not a Map, for the reason given at {@link LinkedList}. */
  readonly #shared: Record<string, SharedRun> = Object.create(null) as Record<string, SharedRun>;

  constructor(
    folder: DataFolder,
    snapshot: LoadedSnapshot,
    threads: number,
    queue: WorkQueue,
    onWorkerError: (error: Error) => void,
  ) {
    this.snapshot = snapshot;
    this.#queue = queue;
    this.#piscina = new Piscina({
      filename: new URL('walk-worker.ts', import.meta.url).href,
      minThreads: threads,
      maxThreads: threads,
      concurrentTasksPerWorker: tasksPerWorker,
      workerData: { dataFolder: folder.root, snapshot },
      recordTiming: false,
      // Walks use every core; the main thread, which reads requests and sends responses, must not wait for them.
      niceIncrement: 10,
    });
    // A thread that fails during a task rejects the task; this handles failures between tasks.
    this.#piscina.on('error', (error: Error) => {
      onWorkerError(error);
      // Piscina replaces a failed thread, unless its replacement fails to start: then no thread takes the waiting tasks.
      if (this.threads.length === 0) void this.#piscina.destroy();
    });
  }

  /** The worker threads that are alive. */
  get threads(): readonly Worker[] {
    return this.#piscina.threads;
  }

  /**
   * Runs the requests in one worker. Identical concurrent calls share one run, which is cancelled when all of their
   * clients disconnect before its turn.
   */
  async recommendBatch(
    { requests, seen = [], bestScore, distinct = false, batchMsMax = batchMsDefault }: Batch,
    signal?: AbortSignal,
  ): Promise<RankedOutcome[]> {
    const task = { requests, seen, bestScore, distinct, batchMsMax };
    return this.#share(
      JSON.stringify(Object.values(task)),
      async (queueMs) => taken((await this.#piscina.run({ ...task, queueMs })) as RankedOutcome[]),
      signal,
    );
  }

  /** Runs one request, as {@link recommendBatch} does. Throws the worker's problem. */
  async recommend(request: RecommendationRequest, page: Page, signal?: AbortSignal): Promise<RankedList> {
    const [outcome] = await this.recommendBatch({ requests: [request], ...page }, signal);
    return valueOf(outcome!);
  }

  /** Diagnoses and draws the walk of one request; shares and throws as {@link recommend} does. */
  async diagnose(task: DiagnosticsTask, signal?: AbortSignal): Promise<Diagnosis> {
    return valueOf(
      await this.#share(
        `diagnose ${JSON.stringify(task)}`,
        async () => (await this.#piscina.run(task, { name: 'diagnose' })) as Diagnosis | ProblemOutcome,
        signal,
      ),
    );
  }

  async #share<Outcome>(
    task: string,
    work: (queueMs: number) => Promise<Outcome>,
    signal?: AbortSignal,
  ): Promise<Outcome> {
    if (signal?.aborted === true) throw new ClientGone();
    if (this.#isClosed) {
      throw notReady('the server is stopping');
    }
    // With the count of writes: a run that started before a write does not serve a client that calls after it.
    const key = `${this.snapshot.graph.writes?.[0]} ${task}`;
    const shared = this.#shared[key] ?? this.#start(key, work);
    shared.clients++;
    const leave = (): void => {
      if (--shared.clients === 0) shared.departure.abort();
    };
    signal?.addEventListener('abort', leave, { once: true });
    try {
      return (await shared.outcome) as Outcome;
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  #start(key: string, work: (queueMs: number) => Promise<unknown>): SharedRun {
    const departure = new AbortController();
    const outcome = this.#queue.run(work, departure.signal).finally(() => {
      if (this.#shared[key] === shared) delete this.#shared[key];
    });
    const shared: SharedRun = { outcome, departure, clients: 0 };
    // A client that arrives after all others have left gets a run of its own.
    departure.signal.addEventListener('abort', () => delete this.#shared[key], { once: true });
    this.#shared[key] = shared;
    return shared;
  }

  /**
   * Resolves once every worker has started and run a few requests for these pins, some with reasons and some without.
   * They bypass the queue.
   */
  async warmUp(keys: readonly string[]): Promise<void> {
    const requests = Array.from({ length: keys.length === 0 ? 0 : warmUpRequests }, (_, i) =>
      recommendationRequest.parse({ query: [{ pin: keys[i % keys.length]! }], explain: i % 2 === 0 }),
    );
    const task = { requests, seen: [], distinct: false, batchMsMax: Infinity, queueMs: 0 };
    const tasks = this.#piscina.options.maxThreads * tasksPerWorker;
    await Promise.all(Array.from({ length: tasks }, async () => this.#piscina.run(task)));
  }

  /** Ends the workers once all runs have ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(Object.values(this.#shared).map(({ outcome }) => outcome));
    // Piscina's own close would keep everything, including the graph, for another 30 seconds.
    await this.#piscina.destroy();
  }
}

/**
 * Piscina has a Map that holds the results of its tasks until the next full garbage collection (see
 * {@link LinkedList}): take the items out of the array that it holds.
 */
function taken<Item>(items: Item[]): Item[] {
  return items.splice(0);
}
