import { hash } from 'node:crypto';
import type { Pipeline } from '../../../engine/index.ts';
import type { LoadedSnapshot } from '../../../graph-data/index.ts';
import type { RecommendationRequest } from '../../contract/index.ts';
import { type KnownWork, knownWork } from './known-work.ts';
import { type ProblemOutcome, valueOf } from '../problem-outcome.ts';
import type { ModelThread } from './model-thread.ts';
import { notReady } from './problems.ts';
import { RunTrace } from './run-trace.ts';
import type { DiagnosticsTask, WalkTask } from './walk-messages.ts';
import type { Diagnosis, Done, RankedList, RankedOutcome } from './walk-worker.ts';
import type { Caller } from './work-limits.ts';
import type { WorkLanes } from './work-lanes.ts';
import { textsOf } from './walk-texts.ts';
import type { LaneThreads, WalkThreads } from './walk-threads.ts';
import { noWarmUp, warmUpFor } from './warm-up.ts';
import { ClientGone } from './work-queue.ts';

/** The pages before a request. */
export interface PagesBefore extends Pick<WalkTask, 'seen' | 'ranked' | 'bestScore'> {
  /** Of the latest one. */
  readonly id: string;
}

export interface Batch extends Partial<Pick<WalkTask, 'distinct' | 'batchMsMax' | 'batchBytesMax'>> {
  readonly requests: readonly RecommendationRequest[];
  readonly pages?: PagesBefore | undefined;
}

/** Keep a batch from occupying a worker, or memory, for long: the requests that are left get `overloaded`. */
export const batchDefaults = { batchMsMax: 5_000, batchBytesMax: 2 ** 26 } as const;

/** Share of the light work after which a request of unknown cost is handed to the heavy lane. */
const triedShare = 1 / 4;

/** Steps of a short task, of a millisecond: the reply to another may wait for it, and more of them run at once. */
const shortStepsMax = 10_000;

/** The work of diagnostics in walks: the walk is repeated to trace it, and again with fewer steps. */
const walksPerDiagnosis = 10;

/** A run that identical concurrent calls share. */
interface SharedRun {
  /** It takes the turn of the client that began it. */
  readonly client: string;
  readonly progress: { isRunning: boolean };
  /** The key determines the type. */
  readonly outcome: Promise<unknown>;
  /** If the client that began it is traced. */
  readonly trace: RunTrace | undefined;
  /** Aborted when the last client has disconnected. */
  readonly departure: AbortController;
  clients: number;
}

interface WalkPoolOptions {
  readonly snapshot: LoadedSnapshot;
  /** The number of the graph in the threads: different from that of the pool before. */
  readonly number: number;
  readonly threads: LaneThreads;
  readonly lanes: WorkLanes;
  readonly models: ModelThread;
}

/**
 * The requests on one snapshot, whose arrays all threads share. A new snapshot gets a new pool, on the same threads.
 *
 * A task starts in the light lane unless its steps alone exceed it. If its counted work does, it is abandoned and rerun in
 * the heavy lane, whose threads have the lowest priority. So only clients with heavy tasks wait for them, and the cost of
 * a task need not be estimated.
 */
export class WalkPool {
  readonly snapshot: LoadedSnapshot;
  readonly number: number;
  readonly #options: WalkPoolOptions;
  #isClosed = false;
  /** By task. Not a Map, for the reason given at {@link LinkedList}. */
  readonly #shared: Record<string, SharedRun> = Object.create(null) as Record<string, SharedRun>;
  readonly #pipelineTexts = new WeakMap<Pipeline, string>();

  constructor(options: WalkPoolOptions) {
    this.snapshot = options.snapshot;
    this.number = options.number;
    this.#options = options;
  }

  /**
   * Runs the requests in one worker. Identical concurrent calls share one run, which is cancelled when all of their
   * clients disconnect before its turn.
   */
  async recommendBatch(
    { requests: given, pages, distinct = false, ...limits }: Batch,
    caller: Caller = {},
  ): Promise<RankedOutcome[]> {
    const loading = this.#options.models.ready(given);
    // Each request has its own problem.
    if (loading !== undefined) await loading.catch(() => undefined);
    const { id = null, seen = [], ranked = 0, bestScore } = pages ?? {};
    const texts = textsOf(given, (pipeline) => this.#textOf(pipeline));
    const task = { ...texts, seen, ranked, bestScore, distinct, ...batchDefaults, ...limits };
    return this.#share(
      `${texts.requests} ${texts.pipelines.join(' ')} ${JSON.stringify([id, distinct, limits])}`,
      knownWork(given),
      async (threads, allowance) =>
        (await threads.run({ graph: this.number, walk: { ...task, ...allowance } })) as Done<RankedOutcome[]>,
      caller,
    );
  }

  /** Runs one request, as {@link recommendBatch} does. Throws the worker's problem. */
  async recommend(
    request: RecommendationRequest,
    pages: PagesBefore | undefined,
    caller?: Caller,
  ): Promise<RankedList> {
    const loading = this.#options.models.ready([request]);
    if (loading !== undefined) await loading;
    const [outcome] = await this.recommendBatch({ requests: [request], pages }, caller);
    return valueOf(outcome!);
  }

  /** Diagnoses and draws the walk of one request; shares and throws as {@link recommend} does. */
  async diagnose(
    task: Pick<DiagnosticsTask, 'request' | 'nodesMax'>,
    caller: Caller = {},
  ): Promise<Diagnosis> {
    const loading = this.#options.models.ready([task.request]);
    if (loading !== undefined) await loading;
    const run: Run<Diagnosis | ProblemOutcome> = async (threads, { workMax, handOverAt }) => {
      const diagnose = { ...task, workMax, handOverAt };
      return (await threads.run({ graph: this.number, diagnose })) as Done<Diagnosis | ProblemOutcome>;
    };
    const { steps, isKnown } = knownWork([task.request]);
    const known = { steps: walksPerDiagnosis * steps, isKnown };
    return valueOf(await this.#share(`diagnose ${JSON.stringify(task)}`, known, run, caller));
  }

  async #share<Outcome>(task: string, known: KnownWork, run: Run<Outcome>, caller: Caller): Promise<Outcome> {
    const { client = '', signal } = caller;
    this.#options.lanes.limits.assertBelow(caller);
    const isGone = (): boolean => signal?.aborted === true;
    if (isGone()) throw new ClientGone();
    if (this.#isClosed) {
      throw notReady('the server is stopping');
    }
    // With the count of writes: a run that started before a write does not serve a client that calls after it. A hash: V8
    // keeps the names of properties until a full garbage collection, and a task may have a megabyte.
    const key = `${this.snapshot.graph.writes?.[0]} ${hash('sha256', task, 'base64')}`;
    const existing = this.#shared[key];
    // One that waits for the turn of another client may wait longer than one of our own.
    const isOurs = existing !== undefined && (existing.progress.isRunning || existing.client === client);
    const shared = isOurs ? existing : this.#start(key, known, run, client);
    shared.clients++;
    const leave = (): void => {
      if (--shared.clients === 0) shared.departure.abort();
    };
    signal?.addEventListener('abort', leave, { once: true });
    try {
      const outcome = (await shared.outcome) as Outcome;
      shared.trace?.add();
      return outcome;
    } catch (error) {
      // A server that stops does not wait for runs that nobody waits for.
      throw isGone() ? new ClientGone() : error;
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  #start(key: string, known: KnownWork, run: Run<unknown>, client: string): SharedRun {
    const departure = new AbortController();
    const drop = (): void => {
      if (this.#shared[key] === shared) delete this.#shared[key];
    };
    const progress = { isRunning: false };
    const marked: Run<unknown> = async (threads, allowance) => {
      progress.isRunning = true;
      return run(threads, allowance).finally(() => (progress.isRunning = false));
    };
    const trace = RunTrace.start();
    const outcome = this.#run(known, marked, client, departure.signal, trace).finally(drop);
    const shared: SharedRun = { client, progress, outcome, trace, departure, clients: 0 };
    // A client that arrives after all others have left gets a run of its own.
    departure.signal.addEventListener('abort', drop, { once: true });
    this.#shared[key] = shared;
    return shared;
  }

  /** Among the light tasks, then, if that is too much work for them, among the heavy ones. */
  async #run(
    { steps, isKnown }: KnownWork,
    run: Run<unknown>,
    client: string,
    signal: AbortSignal,
    trace: RunTrace | undefined,
  ): Promise<unknown> {
    const { lanes, threads } = this.#options;
    const { workMax, lightWorkMax } = lanes;
    let queueMs = 0;
    const isShort = isKnown && steps <= shortStepsMax ? true : undefined;
    const runIn = (lane: 'light' | 'heavy', units: number): Promise<unknown> =>
      lanes[lane].run({ client, units, isShort, signal }, async (waitedMs) => {
        queueMs += waitedMs;
        const handOverAt = lane === 'light' ? lightWorkMax * (isKnown ? 1 : triedShare) : Infinity;
        const onDone = trace?.begin(lane, waitedMs);
        const isTraced = trace && ({ isTraced: true } as const);
        const done = await run(threads[lane], { queueMs, workMax, handOverAt, isShort, ...isTraced });
        onDone?.(done);
        lanes[lane].correct(client, done.work - units);
        lanes.limits.add(client, done.work);
        return done.outcome;
      });
    const tryOut = async (): Promise<unknown> =>
      lanes.trials.run({ client, units: steps, signal }, async (waitedMs) => {
        queueMs += waitedMs;
        // What may be heavy need not be tried while a heavy task of the client would be refused.
        lanes.heavy.assertInTime(client);
        return runIn('light', steps);
      });
    const isHeavy = steps > lightWorkMax;
    const outcome = isHeavy ? undefined : await (isKnown ? runIn('light', steps) : tryOut());
    return outcome ?? runIn('heavy', Math.max(steps, lightWorkMax));
  }

  /** Resolves once the threads that are alive have warmed up, with requests for these pins, or the first one has; rejects if none can. */
  async ready(warmUpKeys: readonly string[]): Promise<void> {
    const { light, heavy } = this.#options.threads;
    const { number, snapshot } = this;
    // A client that waits for a heavy task may wait longer.
    void heavy.serve(number, { snapshot, warmUp: noWarmUp });
    const warmUp = warmUpFor(warmUpKeys, light.workers.length > 0);
    await light.serve(number, { snapshot, warmUp });
  }

  /** Takes no further requests; resolves when all runs have ended. */
  async end(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(Object.values(this.#shared).map(({ outcome }) => outcome));
  }

  /** Has the threads let the graph go once all runs have ended. */
  async close(): Promise<void> {
    await this.end();
    const { light, heavy } = this.#options.threads;
    await Promise.all([light.drop(this.number), heavy.drop(this.number)]);
  }

  #textOf(pipeline: Pipeline): string {
    let text = this.#pipelineTexts.get(pipeline);
    if (text === undefined) this.#pipelineTexts.set(pipeline, (text = JSON.stringify(pipeline)));
    return text;
  }
}

/** Runs a task on some threads. */
type Run<Outcome> = (
  threads: WalkThreads,
  allowance: Pick<WalkTask, 'queueMs' | 'workMax' | 'handOverAt' | 'isShort' | 'isTraced'>,
) => Promise<Done<Outcome>>;
