import type { Worker } from 'node:worker_threads';
import type { PinBoardGraph } from '../../../engine/index.ts';
import {
  type ActivationOptions,
  DataError,
  type LoadedSnapshot,
  assertSimilar,
  listSnapshots,
  messageOf,
} from '../../../graph-data/index.ts';
import { roundedMs } from '../../base/index.ts';
import type { Activation, GraphState, RecommendationRequest } from '../../contract/index.ts';
import { IdleCollector } from './collect-garbage.ts';
import { GraphFollower } from './graph-follower.ts';
import { type LoadTask, type Loaded, load } from './load-task.ts';
import type { GraphServerOptions } from './graph-server-options.ts';
import { PointerWatch } from './pointer-watch.ts';
import { activationProblem, notReady } from './problems.ts';
import { type Batch, type PagesBefore, WalkPool } from './walk-pool.ts';
import type { DiagnosticsTask } from './walk-messages.ts';
import type { Diagnosis, RankedList, RankedOutcome } from './walk-worker.ts';
import { SwapTurn } from './swap-turn.ts';
import { type LaneThreads, createLaneThreads } from './walk-threads.ts';
import { WorkLanes } from './work-lanes.ts';
import type { Caller } from './work-limits.ts';

/** Serves one snapshot at a time, and swaps to another without failing a request. */
export class GraphServer {
  /** Tasks that wait for a worker, and that one runs. */
  readonly queue: WorkLanes;
  readonly #options: GraphServerOptions;
  readonly #stop = new AbortController();
  readonly #garbage = new IdleCollector(this.#stop.signal);
  readonly #swap: SwapTurn;
  readonly #pointer: PointerWatch;
  readonly #threads: LaneThreads;
  #pool: WalkPool | undefined;
  #follower: GraphFollower | undefined;
  #isRebuilding = false;
  #held: string | undefined;

  constructor(options: GraphServerOptions) {
    this.#options = options;
    this.#swap = new SwapTurn(options.now);
    this.#threads = createLaneThreads(options);
    // The workers of the new snapshot need processor time as well, and their first requests take longer.
    this.queue = new WorkLanes({ ...options, isPatient: () => this.#swap.isSettling });
    this.#pointer = new PointerWatch(options.folder, {
      onMove: (version) => void this.#follow(version),
      isBusy: () => this.#swap.isRunning || this.state === 'draining',
      onTick: () => {
        options.storage.check();
        void this.catchUp();
      },
    });
  }

  get state(): GraphState {
    if (this.#stop.signal.aborted) return 'draining';
    if (this.#swap.isRunning) return this.#pool === undefined ? 'loading' : 'swapping';
    return this.#pool === undefined ? 'empty' : 'ready';
  }

  /** The worker threads for light work that are alive: none without a snapshot, or when no new one can start. */
  get threads(): readonly Worker[] {
    return this.#pool === undefined ? [] : this.#threads.light.workers;
  }

  /** The served snapshot. Throws `graph-not-ready` while there is none. */
  get snapshot(): LoadedSnapshot {
    return this.#current().snapshot;
  }

  /** The served snapshot, if any. */
  get current(): LoadedSnapshot | undefined {
    return this.#pool?.snapshot;
  }

  get exactGraph(): PinBoardGraph | undefined {
    return this.#follower?.exactGraph;
  }

  /** Position up to which the served graph has all changes, if any. */
  get position(): number | undefined {
    return this.#follower?.position;
  }

  /** Version of the served snapshot, if any. */
  get version(): string | undefined {
    return this.#pool?.snapshot.version;
  }

  /** Version of the served snapshot, if it is pinned. */
  get pinned(): string | undefined {
    const { pinned } = this.#pointer;
    return pinned === this.version ? pinned : undefined;
  }

  /** Whether a new graph is due and not built because this one is pinned. */
  get isHeld(): boolean {
    return this.pinned !== undefined && this.#follower?.isDue === true;
  }

  /** Saves added since the build of the snapshot, minus those removed. */
  get liveSaves(): number {
    return this.#follower?.liveSaves ?? 0;
  }

  /** Remaining share of the scarcest reserve, 0 to 1; below a quarter, a new graph is due. Null for a graph that is not live. */
  get reserveLeft(): number | null {
    return this.#follower?.reserveLeft ?? null;
  }

  /** Applies all committed changes to the graph, in turns. Called after a commit, before its responses. Never rejects. */
  async catchUp(): Promise<void> {
    await this.#follower?.catchUp();
    this.#options.onCaughtUp();
    if (this.#isRebuilding || this.#follower?.isDue !== true || this.#swap.isRunning) return;
    const { pinned } = this;
    if (pinned === undefined) this.#isRebuilding = this.#options.onDue();
    else if (pinned !== this.#held) this.#options.onHeld(pinned);
    this.#held = pinned;
  }

  /** Runs on the snapshot that is current now, also when another one replaces it meanwhile. See {@link WalkPool}. */
  async recommend(
    request: RecommendationRequest,
    caller: Caller = {},
    pages?: PagesBefore,
  ): Promise<RankedList> {
    return this.#current().recommend(request, pages, caller);
  }

  async recommendBatch(batch: Batch, caller: Caller = {}): Promise<RankedOutcome[]> {
    return this.#current().recommendBatch(batch, caller);
  }

  async diagnose(
    task: Pick<DiagnosticsTask, 'request' | 'nodesMax'>,
    caller: Caller = {},
  ): Promise<Diagnosis> {
    return this.#current().diagnose(task, caller);
  }

  /**
   * Loads the active snapshot, or the newest intact one, and follows the pointer from then on: a snapshot that
   * another process activates is served within a second or two. Undefined when this database has no snapshot
   * yet: then a build begins.
   */
  async start(): Promise<Activation | undefined> {
    this.#pointer.markSeen();
    this.#pointer.start();
    try {
      return await this.#exclusively(async () => {
        const [began, loaded] = [this.#options.now(), await this.#load({})];
        for (const fault of loaded.faults) this.#options.onFault(fault);
        return this.#takeOver(loaded, began);
      });
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      const isFault = error.code !== 'stopped' && listSnapshots(this.#options.folder).length > 0;
      if (isFault) this.#options.onFault(error.message);
      this.#isRebuilding = isFault && this.#options.onDue();
      return undefined;
    }
  }

  /**
   * Loads a snapshot beside the served one, compares the two, then moves the pointer on disk and makes it current in one step.
   * Requests in flight end on the old one, which walking threads have released when this resolves; the main thread frees it once it is
   * idle. Throws `unknown-snapshot`, or `conflict` when the snapshot is damaged, too different from the current one (unless forced, or
   * active before), or another swap is running; the old one then stays current. The swap of a build also throws `conflict` when another
   * process has meanwhile activated a snapshot.
   */
  async swap(
    version: string,
    { force = false, pin, isOfBuild = false }: ActivationOptions & { readonly isOfBuild?: boolean } = {},
  ): Promise<Activation> {
    const move = (): void => {
      if (isOfBuild && !force) this.#pointer.assertUnmoved();
      this.#pointer.moveTo(version, pin);
    };
    return this.#exclusively(async () => {
      const began = this.#options.now();
      if (version === this.version) {
        move();
        const [swapMs, pinned] = [roundedMs(this.#options.now() - began), this.pinned !== undefined];
        return { version, previous: version, overlap: 1, swapMs, pinned };
      }
      try {
        const served = this.#pool && { compareWith: this.#pool.snapshot.graph };
        const loaded = await this.#load({ version, ...served });
        if (!force)
          assertSimilar(this.#options.folder, version, loaded.overlap, this.#options.swapOverlapMin);
        return await this.#takeOver(loaded, began, move);
      } catch (error) {
        throw error instanceof DataError ? activationProblem(error) : error;
      }
    });
  }

  /** Serves a snapshot that is already loaded, or will be, without a comparison; the pointer does not move. */
  async serve(loading: Promise<LoadedSnapshot> | LoadedSnapshot): Promise<void> {
    await this.#exclusively(async () => {
      const loaded = { snapshot: await loading, overlap: undefined, warmUpKeys: [], faults: [] };
      return this.#takeOver(loaded, this.#options.now());
    });
  }

  /** Resolves when no swap is running. */
  async settled(): Promise<void> {
    await this.#swap.end();
  }

  /** Turns not ready: requests are still answered, but no swap begins, and a running one is abandoned. */
  drain(): void {
    this.#pointer.stop();
    this.#stop.abort();
  }

  /** Drains, and ends all threads once their runs have ended. */
  async close(): Promise<void> {
    this.drain();
    await this.#swap.end();
    await this.#follower?.catchUp();
    await this.#follower?.close();
    await this.#pool?.end();
    await Promise.all([this.#threads.light.close(), this.#threads.heavy.close()]);
  }

  /** No comparison: the process that moved the pointer has made it. */
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
    return this.#swap.run(work);
  }

  async #load(task: Omit<LoadTask, 'dataFolder'>): Promise<Loaded> {
    const options = { signal: this.#stop.signal, isInBackground: this.#pool !== undefined };
    return load({ ...task, dataFolder: this.#options.folder.root }, options);
  }

  /** Gives the threads the new snapshot and warms them up, then accepts it and makes it current in one step. */
  async #takeOver(loaded: Loaded, began: number, accept: () => void = () => {}): Promise<Activation> {
    const { models, onSwap } = this.#options;
    const { snapshot } = loaded;
    const number = (this.#pool?.number ?? 0) + 1;
    const pool = new WalkPool({ snapshot, number, threads: this.#threads, models, lanes: this.queue });
    const isLive = snapshot.graph.writes !== undefined;
    const follower = isLive ? new GraphFollower(snapshot, this.#options) : undefined;
    try {
      await pool.ready(loaded.warmUpKeys);
      await follower?.catchUp();
      if (this.state === 'draining') throw new DataError('stopped', 'stopped before the swap');
      this.#options.storage.assert();
      accept();
    } catch (error) {
      await Promise.all([pool.close(), follower?.close()]);
      throw error;
    }
    const [old, oldFollower] = [this.#pool, this.#follower];
    this.#pool = pool;
    // In one step with the pool: a write that comes after it waits for this follower.
    this.#follower = follower;
    this.#isRebuilding = false;
    void this.catchUp();
    const report = {
      version: snapshot.version,
      previous: old?.snapshot.version ?? null,
      overlap: loaded.overlap ?? null,
      swapMs: roundedMs(this.#options.now() - began),
      pinned: this.pinned !== undefined,
    };
    onSwap(report);
    await Promise.all([old?.close(), oldFollower?.close()]);
    if (old !== undefined) void this.#garbage.collect();
    return report;
  }

  #current(): WalkPool {
    if (this.#pool !== undefined) return this.#pool;
    if (this.state === 'empty') {
      if (this.#isRebuilding) throw notReady('no snapshot can be served: one is being built');
      throw notReady('there is no snapshot yet: import saves, then POST /v1/snapshots or run pinwalk build');
    }
    throw notReady(this.state === 'loading' ? 'a snapshot is being loaded' : 'the server is stopping');
  }
}
