import type { Worker } from 'node:worker_threads';
import {
  DataError,
  type Database,
  type DataFolder,
  type LoadedSnapshot,
  assertLike,
  listSnapshots,
  messageOf,
  pointTo,
} from '../../../graph-data/index.ts';
import { Problem } from '../../base/index.ts';
import type { Activation, GraphState, RecommendationRequest } from '../../contract/index.ts';
import { runInThread } from '../threads/index.ts';
import { notReady, problemOf } from './graph-problems.ts';
import { GraphFollower } from './graph-follower.ts';
import type { LoadTask, Loaded } from './load-worker.ts';
import { PointerWatch } from './pointer-watch.ts';
import { type Batch, type Page, WalkPool, tasksPerWorker } from './walk-pool.ts';
import { warmUpRequests } from './warm-up.ts';
import type { Diagnosis, DiagnosticsTask, RankedList, RankedOutcome } from './walk-worker.ts';
import { WorkQueue } from './work-queue.ts';

interface GraphServerOptions {
  readonly folder: DataFolder;
  /** Each live graph follows the changes in it. */
  readonly database: Database;
  readonly threads: number;
  readonly queueMsMax: number;
  readonly queueLengthMax: number;
  readonly swapOverlapMin: number;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** Called when a snapshot has become current. */
  readonly onSwap: (report: Activation) => void;
  /** Called when a snapshot that no request named cannot be loaded: at the start, or after the pointer moved. */
  readonly onFault: (fault: string) => void;
  /** Called when a new graph is due; returns whether a build for a swap is running. Otherwise it is called again soon. */
  readonly onDue: () => boolean;
  /** Called when a worker thread fails outside of a request; another one replaces it. */
  readonly onWorkerError: (error: Error) => void;
}

/** Serves one snapshot at a time, and swaps to another without failing a request. */
export class GraphServer {
  readonly queue: WorkQueue;
  readonly #options: GraphServerOptions;
  readonly #stop = new AbortController();
  readonly #pointer: PointerWatch;
  #pool: WalkPool | undefined;
  #follower: GraphFollower | undefined;
  #isRenewed = false;
  #underWay: Promise<unknown> | undefined;

  constructor(options: GraphServerOptions) {
    const { folder, threads, queueMsMax, queueLengthMax, now } = options;
    this.#options = options;
    this.queue = new WorkQueue({
      slots: threads * tasksPerWorker,
      waitMsMax: queueMsMax,
      lengthMax: queueLengthMax,
      now,
    });
    this.#pointer = new PointerWatch(
      folder,
      (version) => void this.#follow(version),
      () => this.#underWay !== undefined || this.state === 'draining',
      () => this.catchUp(),
    );
  }

  get state(): GraphState {
    if (this.#stop.signal.aborted) return 'draining';
    if (this.#underWay !== undefined) return this.#pool === undefined ? 'loading' : 'swapping';
    return this.#pool === undefined ? 'empty' : 'ready';
  }

  /** The worker threads that are alive: none before there is a snapshot, or when no new one can start. */
  get threads(): readonly Worker[] {
    return this.#pool?.threads ?? [];
  }

  /** The snapshot that is served now. Throws `graph-not-ready` while there is none. */
  get snapshot(): LoadedSnapshot {
    return this.#current().snapshot;
  }

  /** The snapshot that is served now, if any. */
  get current(): LoadedSnapshot | undefined {
    return this.#pool?.snapshot;
  }

  /** Version of the snapshot that is served now, if any. */
  get version(): string | undefined {
    return this.#pool?.snapshot.version;
  }

  /** Saves that the graph has beyond its snapshot, less those that it has lost. */
  get liveSaves(): number {
    return this.#follower?.liveSaves ?? 0;
  }

  /** What is left of the room for saves, 0 to 1: below a quarter, a new graph is due. Null for a graph that is not live. */
  get reserveLeft(): number | null {
    return this.#follower?.reserveLeft ?? null;
  }

  /** Brings the graph to what is committed now: for whoever has written, before it is answered. */
  catchUp(): void {
    if (this.#follower === undefined) return;
    try {
      this.#follower.catchUp();
    } catch (error) {
      this.#options.onFault(`the graph could not be brought up to date: ${messageOf(error)}`);
    }
    if (this.#isRenewed || !this.#follower.isDue || this.#underWay !== undefined) return;
    this.#isRenewed = this.#options.onDue();
  }

  /** Runs on the snapshot that is current now, also when another one replaces it meanwhile. See {@link WalkPool}. */
  async recommend(
    request: RecommendationRequest,
    page: Page = {},
    signal?: AbortSignal,
  ): Promise<RankedList> {
    return this.#current().recommend(request, page, signal);
  }

  async recommendBatch(batch: Batch, signal?: AbortSignal): Promise<RankedOutcome[]> {
    return this.#current().recommendBatch(batch, signal);
  }

  async diagnose(task: DiagnosticsTask, signal?: AbortSignal): Promise<Diagnosis> {
    return this.#current().diagnose(task, signal);
  }

  /**
   * Loads the active snapshot, or the last good one, and from then on follows the pointer: when another process
   * activates a snapshot, that one is served within a second or two. Undefined when there is none yet.
   */
  async start(): Promise<Activation | undefined> {
    this.#pointer.markSeen();
    this.#pointer.start();
    try {
      return await this.#exclusively(async () => {
        const began = this.#options.now();
        const loaded = await this.#load({});
        for (const fault of loaded.faults) this.#options.onFault(fault);
        return this.#takeOver(loaded, began);
      });
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      const isFault = error.code !== 'stopped' && listSnapshots(this.#options.folder).length > 0;
      if (isFault) this.#options.onFault(error.message);
      return undefined;
    }
  }

  /**
   * Loads a snapshot beside the one that is served, compares the two, then moves the pointer on disk and makes it
   * current in one step. Requests in flight end on the old one; when this resolves, its memory is given back.
   *
   * Throws `unknown-snapshot`, or `conflict` when the snapshot is damaged, too unlike the current one (unless forced,
   * or active before), or another swap is under way; the old one then stays current.
   */
  async swap(version: string, { force = false }: { readonly force?: boolean } = {}): Promise<Activation> {
    return this.#exclusively(async () => {
      const began = this.#options.now();
      if (version === this.version) {
        this.#moveTo(version);
        return { version, previous: version, overlap: 1, swapMs: this.#msSince(began) };
      }
      try {
        const loaded = await this.#load({ version, ...this.#compareWith() });
        if (!force) assertLike(this.#options.folder, version, loaded.overlap, this.#options.swapOverlapMin);
        return await this.#takeOver(loaded, began, () => this.#moveTo(version));
      } catch (error) {
        throw error instanceof DataError ? problemOf(error) : error;
      }
    });
  }

  /** Serves a snapshot that is loaded already; nothing is compared, and the pointer stays where it is. */
  async serve(snapshot: LoadedSnapshot, warmUpKeys: readonly string[]): Promise<void> {
    const loaded = { snapshot, overlap: undefined, warmUpKeys, faults: [] };
    await this.#exclusively(async () => this.#takeOver(loaded, this.#options.now()));
  }

  /** Resolves when no swap is under way. */
  async settled(): Promise<void> {
    while (this.#underWay !== undefined) await Promise.allSettled([this.#underWay]);
  }

  /** Not ready from now on: what is asked is still answered, but no swap begins, and one under way is given up. */
  drain(): void {
    this.#pointer.stop();
    this.#stop.abort();
  }

  /** Ends all threads when what was asked is answered. */
  async close(): Promise<void> {
    this.drain();
    await this.settled();
    await this.#pool?.close();
  }

  /** Whoever moved the pointer has compared already. */
  async #follow(version: string): Promise<void> {
    if (version === this.version) return;
    try {
      await this.#exclusively(async () => {
        const began = this.#options.now();
        return this.#takeOver(await this.#load({ version }), began);
      });
    } catch (error) {
      if (this.state !== 'draining') this.#options.onFault(messageOf(error));
    }
  }

  async #exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.state === 'draining') throw notReady('the server is stopping');
    if (this.#underWay !== undefined) {
      throw new Problem('conflict', 'another snapshot is being loaded: wait until that is done');
    }
    const done = work().finally(() => (this.#underWay = undefined));
    this.#underWay = done;
    return done;
  }

  /** Off the main thread, which goes on answering. */
  async #load(task: Omit<LoadTask, 'dataFolder'>): Promise<Loaded> {
    const file = new URL('load-worker.ts', import.meta.url);
    return runInThread(
      file,
      { ...task, dataFolder: this.#options.folder.root },
      { signal: this.#stop.signal },
    );
  }

  #compareWith(): Pick<LoadTask, 'compareWith'> {
    return this.#pool === undefined ? {} : { compareWith: this.#pool.snapshot.graph };
  }

  /** Workers for the new snapshot are started and warmed, then it is accepted and current in one step. */
  async #takeOver(loaded: Loaded, began: number, accept: () => void = () => {}): Promise<Activation> {
    const { threads, onSwap, onWorkerError } = this.#options;
    const pool = new WalkPool(this.#options.folder, loaded.snapshot, threads, this.queue, onWorkerError);
    try {
      const requests = warmUpRequests(loaded.warmUpKeys);
      await Promise.all(Array.from({ length: threads * tasksPerWorker }, () => pool.askDirectly(requests)));
      if (this.state === 'draining') throw new DataError('stopped', 'stopped before the swap');
      accept();
    } catch (error) {
      await pool.close();
      throw error;
    }
    const old = this.#pool;
    this.#pool = pool;
    // In one step with the pool: no write comes between.
    const isLive = loaded.snapshot.graph.writes !== undefined;
    this.#follower = isLive ? new GraphFollower(this.#options.database, loaded.snapshot) : undefined;
    this.#isRenewed = false;
    this.catchUp();
    const report = {
      version: loaded.snapshot.version,
      previous: old?.snapshot.version ?? null,
      overlap: loaded.overlap ?? null,
      swapMs: this.#msSince(began),
    };
    onSwap(report);
    await old?.close();
    return report;
  }

  #msSince(began: number): number {
    return Math.round((this.#options.now() - began) * 1000) / 1000;
  }

  #moveTo(version: string): void {
    pointTo(this.#options.folder, version);
    this.#pointer.markSeen();
  }

  #current(): WalkPool {
    if (this.#pool !== undefined) return this.#pool;
    if (this.state === 'empty') {
      throw notReady('there is no snapshot yet: import saves, then POST /v1/snapshots or run pinwalk build');
    }
    throw notReady(this.state === 'loading' ? 'a snapshot is being loaded' : 'the server is stopping');
  }
}
