import type { DataFolder, LoadedSnapshot } from '../../graph-data/index.ts';
import { Problem } from '../problems.ts';
import { type RecommendationRequest, recommendationRequest } from '../recommending/index.ts';
import { type Asked, WalkPool, tasksPerWorker } from './walk-pool.ts';
import type { WalkOutcome } from './walk-worker.ts';
import { WorkQueue } from './work-queue.ts';

export interface GraphServerOptions {
  readonly threads: number;
  readonly queueMsMax: number;
  readonly queueLengthMax: number;
}

/** `empty`: there is no snapshot. `swapping`: the old one still answers. `draining`: stopping. */
export type GraphState = 'empty' | 'loading' | 'ready' | 'swapping' | 'draining';

/** Requests that each worker answers before a snapshot counts as ready: the code is compiled by then. */
const warmUps = 20;

/** Which snapshot is served, and who walks it. */
export class GraphServer {
  readonly queue: WorkQueue;
  readonly #folder: DataFolder;
  readonly #options: GraphServerOptions;
  #state: GraphState = 'empty';
  #pool: WalkPool | undefined;

  constructor(folder: DataFolder, options: GraphServerOptions, now: () => number) {
    this.#folder = folder;
    this.#options = options;
    this.queue = new WorkQueue({
      slots: options.threads * tasksPerWorker,
      waitMsMax: options.queueMsMax,
      lengthMax: options.queueLengthMax,
      now,
    });
  }

  get state(): GraphState {
    return this.#state;
  }

  /** The snapshot that is served now. Throws `graph-not-ready` while there is none. */
  get snapshot(): LoadedSnapshot {
    return this.#current().snapshot;
  }

  /** Answers requests from the snapshot that is current now. */
  async ask(asked: Asked, signal?: AbortSignal): Promise<WalkOutcome[]> {
    return this.#current().ask(asked, signal);
  }

  /** Serves a snapshot: its workers are started and warmed, then take over in one step. */
  async serve(snapshot: LoadedSnapshot, warmUpKeys: readonly string[]): Promise<void> {
    this.#state = this.#pool === undefined ? 'loading' : 'swapping';
    const { threads } = this.#options;
    const pool = new WalkPool(this.#folder, snapshot, threads, this.queue);
    try {
      await Promise.all(
        Array.from({ length: threads * tasksPerWorker }, async () =>
          pool.askDirectly(warmUpRequests(warmUpKeys)),
        ),
      );
    } catch (error) {
      this.#state = this.#pool === undefined ? 'empty' : 'ready';
      await pool.close();
      throw error;
    }
    const old = this.#pool;
    this.#pool = pool;
    this.#state = 'ready';
    await old?.close();
  }

  /** Not ready from now on; what is asked is still answered, until {@link close}. */
  drain(): void {
    this.#state = 'draining';
  }

  async close(): Promise<void> {
    this.drain();
    await this.#pool?.close();
  }

  #current(): WalkPool {
    if (this.#pool === undefined) {
      const why = this.#state === 'loading' ? 'a snapshot is being loaded' : 'no snapshot is loaded yet';
      throw new Problem('graph-not-ready', why, [], { 'Retry-After': '1' });
    }
    return this.#pool;
  }
}

function warmUpRequests(keys: readonly string[]): RecommendationRequest[] {
  if (keys.length === 0) return [];
  return Array.from({ length: warmUps }, (_, i) =>
    recommendationRequest.parse({ query: [{ pin: keys[i % keys.length]! }], explain: i % 2 === 0 }),
  );
}
