import type { Worker } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { DataFolder, LoadedSnapshot } from '../../../graph-data/index.ts';
import { Problem } from '../../base/index.ts';
import type { RecommendationRequest } from '../../contract/index.ts';
import type { LookOutcome, LookTask, WalkOutcome, WalkTask } from './walk-worker.ts';
import { ClientGone, type WorkQueue } from './work-queue.ts';

export interface Asked {
  readonly requests: readonly RecommendationRequest[];
  readonly seen?: readonly string[];
  /** The best score of the first page. */
  readonly bestScore?: number | undefined;
  readonly distinct?: boolean;
  /** After so long, no further request of a batch is begun: they are `overloaded`. Default 5 s. */
  readonly batchMsMax?: number;
}

/** So that no batch keeps a worker from others for long. */
export const batchMsUsual = 5_000;

/** Tasks handed to a worker at once: with two, it does not idle while its answer is taken. */
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
  readonly #piscina: Piscina<WalkTask | LookTask, WalkOutcome[] | LookOutcome>;
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
   * Answers requests, whole in one worker. Those who ask the same at the same time share one walk; it is given up
   * when all of them have gone before its turn.
   */
  async ask(
    { requests, seen = [], bestScore, distinct = false, batchMsMax = batchMsUsual }: Asked,
    signal?: AbortSignal,
  ): Promise<WalkOutcome[]> {
    const task = { requests, seen, bestScore, distinct, batchMsMax };
    return this.#share(
      JSON.stringify(Object.values(task)),
      async (queueMs) => taken((await this.#piscina.run({ ...task, queueMs })) as WalkOutcome[]),
      signal,
    );
  }

  /** Looks at the walk of one request, and draws it; else as {@link ask}. */
  async look(task: LookTask, signal?: AbortSignal): Promise<LookOutcome> {
    return this.#share(
      `look ${JSON.stringify(task)}`,
      async () => (await this.#piscina.run(task, { name: 'look' })) as LookOutcome,
      signal,
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
  async askDirectly(requests: readonly RecommendationRequest[]): Promise<WalkOutcome[]> {
    const task = { requests, seen: [], distinct: false, batchMsMax: Infinity, queueMs: 0 };
    return (await this.#piscina.run(task)) as WalkOutcome[];
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
