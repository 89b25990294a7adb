import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import type { DataFolder, LoadedSnapshot } from '../../../graph-data/index.ts';
import type { ModelThread } from './model-thread.ts';
import type { Order } from './walk-messages.ts';
import { WalkThread } from './walk-thread.ts';
import { heavyThreads } from './work-lanes.ts';
import type { WarmUp } from './warm-up.ts';

interface WalkThreadsOptions {
  readonly folder: DataFolder;
  readonly models: ModelThread;
  /** Of threads. */
  readonly count: number;
  /** The threads' niceness, 0 to 19 (Linux only). */
  readonly niceness: number;
  /** Threads that start with the first task end after this time without one. Default: they start with the first graph, and stay. */
  readonly idleMsMax?: number;
  /** Called when a thread fails outside of a task; another one replaces it. */
  readonly onError: (error: Error) => void;
}

/** Those for light and those for heavy tasks. */
export interface LaneThreads {
  readonly light: WalkThreads;
  readonly heavy: WalkThreads;
}

interface Graph {
  readonly snapshot: LoadedSnapshot;
  readonly warmUp: WarmUp;
}

/** Without a task for so long, threads are idle. */
const idleMs = 10;
/** Threads that are not idle collect garbage so long after a swap, and one so long after the other: requests catch up meanwhile. */
const busyMsMax = 1_000;

/**
 * Threads that walk the graphs of snapshots, which they share without a copy. They outlive a swap, so that a new graph meets compiled
 * code: a thread gets the new graph, and lets the old one go once no request is left that began with it.
 */
export class WalkThreads {
  readonly #options: WalkThreadsOptions;
  readonly #graphs = new Map<number, Graph>();
  #threads: WalkThread[] = [];
  #idle: NodeJS.Timeout | undefined;
  /** Number of tasks so far. */
  #tasks = 0;

  constructor(options: WalkThreadsOptions) {
    this.#options = options;
  }

  /** Those that are alive. */
  get workers(): readonly Worker[] {
    return this.#threads.map(({ worker }) => worker);
  }

  /**
   * Makes all threads walk a graph, whose number is not in use, including threads that start later. Resolves
   * once all live threads have warmed up; at the first start, one thread suffices and loads its code alone, as
   * it is ready sooner that way. Rejects if none can.
   */
  async serve(number: number, graph: Graph): Promise<void> {
    const alive = [...this.#threads];
    this.#graphs.set(number, graph);
    if (alive.length > 0) {
      await Promise.allSettled(alive.map(async (thread) => prepare(thread, number, graph, true)));
    }
    if (this.#threads.length > 0 || this.#options.idleMsMax !== undefined) return;
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#add(true);
        break;
      } catch (error) {
        if (attempt >= this.#options.count) throw error;
      }
    }
    this.#startMissing();
  }

  /** Has them let a graph go. Resolves when they have freed its memory: each collects its garbage, for 20 to 40 ms. */
  async drop(number: number): Promise<void> {
    this.#graphs.delete(number);
    const alive = [...this.#threads];
    for (const thread of alive) {
      await this.#idleOrLate();
      await thread.give({ graph: number, drop: true }).catch(() => undefined);
    }
  }

  /** Runs a task in the thread with the fewest. */
  async run(order: Order): Promise<unknown> {
    this.#tasks++;
    clearTimeout(this.#idle);
    const { idleMsMax } = this.#options;
    if (idleMsMax !== undefined) this.#startMissing();
    let next: WalkThread | undefined;
    for (const thread of this.#threads) if (next === undefined || isBefore(thread, next)) next = thread;
    if (next === undefined) throw new Error('no thread that walks is alive');
    try {
      return await next.give(order);
    } finally {
      if (idleMsMax !== undefined) this.#idle = setTimeout(() => void this.#endIdle(), idleMsMax).unref();
    }
  }

  /** Ends all threads; no task may be running. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    await Promise.all(this.#threads.splice(0).map(async (thread) => thread.end()));
  }

  async #idleOrLate(): Promise<void> {
    for (let ms = 0; ms < busyMsMax; ms += idleMs) {
      const before = this.#tasks;
      await pause(idleMs);
      // After a stall, the requests that have arrived come next.
      await nextTurn();
      if (this.#tasks === before && this.#areIdle) return;
    }
  }

  get #areIdle(): boolean {
    return this.#threads.every(({ orders }) => orders === 0);
  }

  async #endIdle(): Promise<void> {
    if (this.#areIdle) await this.close();
  }

  #startMissing(): void {
    for (let missing = this.#options.count - this.#threads.length; missing > 0; missing--) this.#replace();
  }

  #replace(): void {
    this.#add(false).catch(this.#options.onError);
  }

  /** Starts a thread, which is `first` if nobody is served until it is ready. */
  async #add(isFirst: boolean): Promise<void> {
    const { folder, models, niceness, onError, idleMsMax } = this.#options;
    const onEnd = (error: Error | undefined): void => {
      this.#threads = this.#threads.filter((each) => each !== thread);
      if (error !== undefined) onError(error);
      // One that fails while it loads would fail again.
      if (thread.isLoaded && idleMsMax === undefined) this.#replace();
    };
    const thread = new WalkThread({ dataFolder: folder.root, niceness, models, onEnd });
    this.#threads.push(thread);
    const graphs = [...this.#graphs];
    try {
      for (const [number, graph] of graphs) await prepare(thread, number, graph, isFirst);
    } catch (error) {
      // One that nobody waits for may be closed while it loads.
      if (isFirst || !thread.isEnding) throw error;
    }
    thread.isReady = true;
  }
}

/** Has a thread walk a graph. Without the rarer requests of its warm-up, if it `isHurried`. */
async function prepare(
  thread: WalkThread,
  graph: number,
  { snapshot, warmUp: { related, others } }: Graph,
  isHurried: boolean,
): Promise<void> {
  await thread.give({ graph, serve: snapshot });
  // One at a time: tasks may come in between. A request that meets a fault will say so.
  for (const walk of isHurried ? related : [...related, ...others]) {
    await thread.give({ graph, walk }).catch(() => undefined);
  }
}

/** Those that are not ready come last. */
function isBefore(a: WalkThread, b: WalkThread): boolean {
  return a.isReady === b.isReady ? a.orders < b.orders : a.isReady;
}

/** Threads for heavy work end after this time without any. */
const heavyIdleMsMax = 60_000;

/** `threads` for light work; for heavy work one less, and at least one, with the lowest priority. */
export function createLaneThreads({
  folder,
  models,
  threads,
  onWorkerError: onError,
}: Pick<WalkThreadsOptions, 'folder' | 'models'> & {
  readonly threads: number;
  readonly onWorkerError: (error: Error) => void;
}): LaneThreads {
  const shared = { folder, models, onError };
  return {
    light: new WalkThreads({ ...shared, count: threads, niceness: 10 }),
    heavy: new WalkThreads({
      ...shared,
      count: heavyThreads(threads),
      niceness: 19,
      idleMsMax: heavyIdleMsMax,
    }),
  };
}
