import type { Worker } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { DataFolder, LoadedSnapshot } from '../../../graph-data/index.ts';
import { Problem } from '../../base/index.ts';
import type { RecommendationRequest } from '../../contract/index.ts';
import { type ProblemOutcome, valueOf } from './outcome.ts';
import type { Diagnosis, DiagnosticsTask, RankedList, RankedOutcome, WalkTask } from './walk-worker.ts';
import { ClientGone, type WorkQueue } from './work-queue.ts';

export type Batch = Pick<WalkTask, 'requests'> & Partial<Omit<WalkTask, 'requests' | 'queueMs'>>;
export type Page = Pick<Batch, 'seen' | 'bestScore'>;

/** Keeps a batch from occupying a worker for long: the requests that are left get `overloaded`. */
export const batchMsDefault = 5_000;

/** Tasks handed to a worker at once: with two, it does not idle while its result is taken. */
export const tasksPerWorker = 2;

interface Shared {
  /** The type goes with the key. */
  readonly outcome: Promise<unknown>;
  readonly departure: AbortController;
  askers: number;
}

/** Worker threads over one snapshot, whose arrays they share. A new snapshot gets a new pool. */
export class WalkPool {
  readonly snapshot: LoadedSnapshot;
  readonly #piscina: Piscina<WalkTask | DiagnosticsTask, RankedOutcome[] | Diagnosis | ProblemOutcome>;
  readonly #queue: WorkQueue;
  #isClosed = false;
  /** By what is asked. No Map, for the reason that {@link LinkedList} has. */
  readonly #shared: Record<string, Shared> = Object.create(null) as Record<string, Shared>;

  constructor(
    folder: DataFolder,
    snapshot: LoadedSnapshot,
    threads: number,
    queue: WorkQueue,
    onWorkerError: (error: Error) => void = () => {},
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
      // Walks take all the time there is; what comes and goes must not wait for it.
      niceIncrement: 10,
    });
    // A thread that fails at its task fails the task; this is about those that fail on their own.
    this.#piscina.on('error', (error: Error) => {
      onWorkerError(error);
      // Piscina replaces a thread that fails, but not when the new one fails to start: then nobody takes what waits.
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
    asked: string,
    work: (queueMs: number) => Promise<Outcome>,
    signal?: AbortSignal,
  ): Promise<Outcome> {
    if (signal?.aborted === true) throw new ClientGone();
    if (this.#isClosed) {
      throw new Problem('graph-not-ready', 'the server is stopping', [], { 'Retry-After': '1' });
    }
    // What was written since is not to be missed by sharing a walk from before.
    const key = `${this.snapshot.graph.writes?.[0]} ${asked}`;
    const shared = this.#shared[key] ?? this.#start(key, work);
    shared.askers++;
    const leave = (): void => {
      if (--shared.askers === 0) shared.departure.abort();
    };
    signal?.addEventListener('abort', leave, { once: true });
    try {
      return (await shared.outcome) as Outcome;
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  #start(key: string, work: (queueMs: number) => Promise<unknown>): Shared {
    const departure = new AbortController();
    const outcome = this.#queue.run(work, departure.signal).finally(() => {
      if (this.#shared[key] === shared) delete this.#shared[key];
    });
    const shared: Shared = { outcome, departure, askers: 0 };
    // Who comes after all have left walks anew.
    departure.signal.addEventListener('abort', () => delete this.#shared[key], { once: true });
    this.#shared[key] = shared;
    return shared;
  }

  /** Asks past the queue, to warm the workers up and to compare. */
  async askDirectly(requests: readonly RecommendationRequest[]): Promise<RankedOutcome[]> {
    const task = { requests, seen: [], distinct: false, batchMsMax: Infinity, queueMs: 0 };
    return (await this.#piscina.run(task)) as RankedOutcome[];
  }

  /** Ends the workers when what was asked is answered. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(Object.values(this.#shared).map(({ outcome }) => outcome));
    // Not piscina's own close: that keeps everything, the graph too, for another 30 seconds.
    await this.#piscina.destroy();
  }
}

/**
 * Piscina holds what its tasks came to until the next full garbage collection, by a Map of its own (see
 * {@link LinkedList}): leave it nothing.
 */
function taken<Item>(items: Item[]): Item[] {
  return items.splice(0);
}
