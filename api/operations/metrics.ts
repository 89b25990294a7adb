import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { DatabaseCheck } from './database-check.ts';
import { type ProblemCode, problemTypes } from '../base/index.ts';
import type { GraphServer, RankedList } from '../runtime/serving/index.ts';
import type { Stream } from '../runtime/stream/index.ts';
import type { WriteStats, WriteThread } from '../runtime/writing/index.ts';

interface MetricsDeps {
  readonly graphs: GraphServer;
  readonly pages: { readonly size: number };
  readonly writes: Pick<WriteThread, 'stats' | 'changesWaiting'>;
  readonly check: Pick<DatabaseCheck, 'last'>;
  readonly committed: { readonly current: number };
  /** Of a replica. */
  readonly replica: { readonly lagMs: number; readonly changesBehind: number } | undefined;
  /** Of a server with topics. */
  readonly stream: Pick<Stream, 'lagMs' | 'recordsBehind' | 'produced' | 'count'> | undefined;
}

/** A finished request. */
interface EndedRequest {
  /** The pattern of the route, or `unknown`: never a path, which would create a series per id. */
  readonly route: string;
  readonly method: string;
  /** Undefined when the client disconnected before the end of the response. */
  readonly status: number | undefined;
  readonly seconds: number;
}

export type Walked = Pick<RankedList, 'algorithm' | 'stats' | 'fallback'>;

const requestSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const walkSeconds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']);
const states = ['empty', 'loading', 'ready', 'swapping', 'draining'] as const;
const delayResolutionMs = 10;

/** The metrics of `GET /metrics`, in the text format of Prometheus; docs/operations.md lists them. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Histogram<'route' | 'method' | 'status'>;
  readonly #walks: Histogram<'algorithm'>;
  readonly #waits: Histogram<'algorithm'>;
  readonly #steps: Counter;
  readonly #work: Counter;
  readonly #stoppedEarly: Counter;
  readonly #widened: Counter;
  readonly #fallbacks: Counter;
  readonly #problems: Counter<'code'>;
  readonly #swaps: Counter;
  readonly #lastSwap: Gauge;

  constructor({ graphs, pages, writes, check, committed, replica, stream }: MetricsDeps) {
    const registers = [this.#registry];
    this.#requests = new Histogram({
      name: 'pinwalk_request_seconds',
      help: 'Seconds from the start of a request to the end of its response',
      labelNames: ['route', 'method', 'status'],
      buckets: requestSeconds,
      registers,
    });
    this.#walks = new Histogram({
      name: 'pinwalk_walk_seconds',
      help: 'Seconds of computing recommendations in a worker',
      labelNames: ['algorithm'],
      buckets: walkSeconds,
      registers,
    });
    this.#waits = new Histogram({
      name: 'pinwalk_queue_wait_seconds',
      help: 'Seconds of waiting for a worker',
      labelNames: ['algorithm'],
      buckets: walkSeconds,
      registers,
    });
    this.#steps = this.#counter('pinwalk_steps_total', 'Steps of the walks behind responses');
    this.#work = this.#counter('pinwalk_work_total', 'Units of work behind responses');
    this.#stoppedEarly = this.#counter(
      'pinwalk_stopped_early_total',
      'Walks that stopped before their last step',
    );
    this.#widened = this.#counter(
      'pinwalk_widened_total',
      'Responses that were backfilled with less relevant items',
    );
    this.#fallbacks = this.#counter(
      'pinwalk_fallbacks_total',
      'Responses with popular items instead of walks',
    );
    this.#problems = new Counter({
      name: 'pinwalk_problems_total',
      help: 'Problem responses by code; overloaded: refused for load, internal: unexpected errors',
      labelNames: ['code'],
      registers,
    });
    for (const code of Object.keys(problemTypes)) this.#problems.inc({ code }, 0);
    this.#swaps = this.#counter('pinwalk_swaps_total', 'Swaps from one snapshot to another');
    this.#lastSwap = this.#gauge('pinwalk_last_swap_seconds', 'Duration of the last swap in seconds');
    this.#gauge('pinwalk_queue_length', 'Requests waiting for a worker', () => graphs.queue.length);
    this.#gauge('pinwalk_running', 'Requests running in a worker', () => graphs.queue.running);
    this.#gauge('pinwalk_threads', 'Worker threads alive', () => graphs.threads.length);
    this.#gauge('pinwalk_kept_answers', 'Cached pages of recommendations', () => pages.size);
    this.#describeWrites(writes);
    this.#describeCheck(check);
    this.#gauge('pinwalk_position', 'Position of the change log', () => committed.current);
    this.#gauge(
      'pinwalk_replica_lag_seconds',
      'Seconds since this replica had all changes of its writer; 0 on a writer',
      () => (replica?.lagMs ?? 0) / 1_000,
    );
    this.#gauge(
      'pinwalk_replica_changes_behind',
      'Changes that the writer has and this replica has not; 0 on a writer',
      () => replica?.changesBehind ?? 0,
    );
    this.#gauge(
      'pinwalk_live_saves',
      'Saves added to the graph since the build of its snapshot, minus those removed',
      () => graphs.liveSaves,
    );
    this.#gauge('pinwalk_snapshot_pinned', '1 while the served snapshot is pinned', () =>
      Number(graphs.pinned !== undefined),
    );
    this.#gauge('pinwalk_rebuild_held', '1 while a new graph is due, but the served snapshot is pinned', () =>
      Number(graphs.isHeld),
    );
    this.#describeStream(stream);
    this.#describeGraph(graphs);
    this.#describeProcess();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  async text(): Promise<string> {
    return this.#registry.metrics();
  }

  requestEnded({ route, method, status, seconds }: EndedRequest): void {
    const kind = status === undefined ? 'gone' : `${Math.floor(status / 100)}xx`;
    this.#requests.observe({ route, method: methods.has(method) ? method : 'other', status: kind }, seconds);
  }

  /** Counts the walk of one response; requests that share a walk count it each. */
  walked({ algorithm, stats, fallback }: Walked): void {
    this.#walks.observe({ algorithm }, stats.walkMs / 1000);
    this.#waits.observe({ algorithm }, stats.queueMs / 1000);
    const steps = stats['steps'];
    if (typeof steps === 'number') this.#steps.inc(steps);
    this.#work.inc(stats.work);
    if (stats['stoppedEarly'] === true) this.#stoppedEarly.inc();
    if (stats.widened) this.#widened.inc();
    if (fallback !== null) this.#fallbacks.inc();
  }

  problem(code: ProblemCode): void {
    this.#problems.inc({ code });
  }

  /** Records a swap and its duration, from the call to the first request on the new snapshot. */
  swapped(seconds: number): void {
    this.#swaps.inc();
    this.#lastSwap.set(seconds);
  }

  #describeWrites(writes: MetricsDeps['writes']): void {
    const of = (what: keyof WriteStats) => () => writes.stats[what];
    this.#counter('pinwalk_writes_total', 'Write requests that were committed or refused', of('requests'));
    this.#counter('pinwalk_changes_total', 'Saves and other changes of write requests', of('changes'));
    this.#counter('pinwalk_commits_total', 'Transactions of write requests', of('commits'));
    this.#gauge('pinwalk_changes_waiting', 'Changes that are not durable yet', () => writes.changesWaiting);
  }

  /** All are 0 until the first check has ended. */
  #describeCheck(check: MetricsDeps['check']): void {
    const faults = 'Faults that the last check of the database has found; 0: it is sound';
    this.#gauge('pinwalk_database_faults', faults, () => check.last?.faults.length ?? 0);
    const seconds = 'Duration of the last check of the database in seconds';
    this.#gauge('pinwalk_database_check_seconds', seconds, () => check.last?.seconds ?? 0);
    const at = 'When the last check of the database ended, in seconds since 1970';
    this.#gauge('pinwalk_database_checked_timestamp_seconds', at, () => (check.last?.at ?? 0) / 1000);
  }

  /** All are 0 without topics. */
  #describeStream(stream: MetricsDeps['stream']): void {
    const of = (what: Parameters<Stream['count']>[0]) => () => stream?.count(what) ?? 0;
    this.#counter('pinwalk_kafka_records_total', 'Records of topics that are stored', of('records'));
    this.#counter('pinwalk_kafka_rejected_total', 'Those of them in files of rejects', of('rejected'));
    const missed = 'Records that topics dropped before they were read';
    this.#counter('pinwalk_kafka_missed_total', missed, of('missed'));
    const behind = 'Records in topics that are not stored yet';
    this.#gauge('pinwalk_kafka_records_behind', behind, () => stream?.recordsBehind ?? 0);
    const lag = 'Seconds since all records of the topics were stored; 0 while they are';
    this.#gauge('pinwalk_kafka_lag_seconds', lag, () => (stream?.lagMs ?? 0) / 1_000);
    const written = 'Changes that were written to their topic';
    this.#counter('pinwalk_kafka_written_total', written, () => stream?.produced.written ?? 0);
    const lacking = 'Changes that their topic lacks';
    this.#gauge('pinwalk_kafka_changes_behind', lacking, () => stream?.produced.behind ?? 0);
  }

  #describeGraph(graphs: GraphServer): void {
    const of = (count: (snapshot: GraphServer['snapshot']) => number) => () =>
      graphs.current === undefined ? 0 : count(graphs.current);
    const counts = (what: 'saves' | 'pins' | 'boards') => of(({ header }) => header.counts[what]);
    this.#gauge('pinwalk_graph_saves', 'Saves in the graph', counts('saves'));
    this.#gauge('pinwalk_graph_pins', 'Pins in the graph', counts('pins'));
    this.#gauge('pinwalk_graph_boards', 'Boards in the graph', counts('boards'));
    const bytes = of(({ header }) => header.sections.reduce((sum, section) => sum + section.bytes, 0));
    this.#gauge('pinwalk_graph_bytes', 'Bytes of shared memory of the graph', bytes);
    const version = new Gauge({
      name: 'pinwalk_graph_info',
      help: 'Always 1, labelled with the version of the served graph',
      labelNames: ['version'],
      registers: [],
      collect() {
        this.reset();
        if (graphs.current !== undefined) this.set({ version: graphs.current.version }, 1);
      },
    });
    const state = new Gauge({
      name: 'pinwalk_state',
      help: '1 for the current state of the server, 0 for the others',
      labelNames: ['state'],
      registers: [],
      collect() {
        for (const each of states) this.set({ state: each }, each === graphs.state ? 1 : 0);
      },
    });
    this.#registry.registerMetric(version);
    this.#registry.registerMetric(state);
  }

  #describeProcess(): void {
    // Under the names that existing dashboards use: process_… and nodejs_….
    collectDefaultMetrics({ register: this.#registry });
    const delay = monitorEventLoopDelay({ resolution: delayResolutionMs });
    delay.enable();
    // The histogram measures the time between two timers, which includes the interval.
    const delayOf = (percentile: number): number =>
      Math.max(0, delay.percentile(percentile) / 1e9 - delayResolutionMs / 1e3);
    const help = 'Delay of the event loop since the last scrape';
    this.#gauge('pinwalk_event_loop_delay_p50_seconds', `${help}, median`, () => delayOf(50));
    this.#gauge('pinwalk_event_loop_delay_p99_seconds', `${help}, 99th percentile`, () => {
      const seconds = delayOf(99);
      delay.reset();
      return seconds;
    });
  }

  /** `read` returns the total of a component that counts by itself. */
  #counter(name: string, help: string, read?: () => number): Counter {
    const registers = [this.#registry];
    if (read === undefined) return new Counter({ name, help, registers });
    return new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  #gauge(name: string, help: string, read?: () => number): Gauge {
    const registers = [this.#registry];
    if (read === undefined) return new Gauge({ name, help, registers });
    return new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  }
}
