import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { type ProblemCode, problemTypes } from '../base/index.ts';
import type { GraphServer, RankedList } from '../runtime/serving/index.ts';
import type { WriteStats, WriteThread } from '../runtime/writing/index.ts';

interface MetricsDeps {
  readonly graphs: GraphServer;
  readonly pages: { readonly size: number };
  readonly writes: Pick<WriteThread, 'stats' | 'changesWaiting'>;
}

/** A request that is over. */
interface EndedRequest {
  /** The route's pattern, or `unknown`: never a path, which would make a series of every id. */
  readonly route: string;
  readonly method: string;
  /** Undefined when the client went before the answer was out. */
  readonly status: number | undefined;
  readonly seconds: number;
}

export type Walked = Pick<RankedList, 'algorithm' | 'stats' | 'fallback'>;

const requestSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const walkSeconds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']);
const states = ['empty', 'loading', 'ready', 'swapping', 'draining'] as const;
const delayResolutionMs = 10;

/** What `GET /metrics` tells, in the text format of Prometheus; docs/operations.md has the list. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Histogram<'route' | 'method' | 'status'>;
  readonly #walks: Histogram<'algorithm'>;
  readonly #waits: Histogram<'algorithm'>;
  readonly #steps: Counter;
  readonly #stoppedEarly: Counter;
  readonly #widened: Counter;
  readonly #fallbacks: Counter;
  readonly #problems: Counter<'code'>;
  readonly #swaps: Counter;
  readonly #lastSwap: Gauge;

  constructor({ graphs, pages, writes }: MetricsDeps) {
    const registers = [this.#registry];
    this.#requests = new Histogram({
      name: 'pinwalk_request_seconds',
      help: 'Seconds from a request to the end of its answer',
      labelNames: ['route', 'method', 'status'],
      buckets: requestSeconds,
      registers,
    });
    this.#walks = new Histogram({
      name: 'pinwalk_walk_seconds',
      help: 'Seconds that finding the items took',
      labelNames: ['algorithm'],
      buckets: walkSeconds,
      registers,
    });
    this.#waits = new Histogram({
      name: 'pinwalk_queue_wait_seconds',
      help: 'Seconds that a request waited for a worker',
      labelNames: ['algorithm'],
      buckets: walkSeconds,
      registers,
    });
    this.#steps = this.#counter('pinwalk_steps_total', 'Steps of the walks behind answers');
    this.#stoppedEarly = this.#counter(
      'pinwalk_stopped_early_total',
      'Walks that ended before all their steps',
    );
    this.#widened = this.#counter('pinwalk_widened_total', 'Answers that were filled from further away');
    this.#fallbacks = this.#counter('pinwalk_fallbacks_total', 'Answers of what is popular instead of walks');
    this.#problems = new Counter({
      name: 'pinwalk_problems_total',
      help: 'Requests answered with a problem, by its code; overloaded ones were refused, internal ones unforeseen',
      labelNames: ['code'],
      registers,
    });
    for (const code of Object.keys(problemTypes)) this.#problems.inc({ code }, 0);
    this.#swaps = this.#counter('pinwalk_swaps_total', 'Snapshots that took over from another');
    this.#lastSwap = this.#gauge('pinwalk_last_swap_seconds', 'Seconds that the last swap took');
    this.#gauge('pinwalk_queue_length', 'Requests that wait for a worker', () => graphs.queue.length);
    this.#gauge('pinwalk_running', 'Requests with a worker', () => graphs.queue.running);
    this.#gauge('pinwalk_threads', 'Worker threads alive', () => graphs.threads.length);
    this.#gauge('pinwalk_kept_answers', 'Answers kept for their next page', () => pages.size);
    this.#describeWrites(writes);
    this.#gauge('pinwalk_live_saves', 'Saves of the graph beyond its snapshot', () => graphs.liveSaves);
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

  /** An answer with its walk; those who share a walk count it each. */
  walked({ algorithm, stats, fallback }: Walked): void {
    this.#walks.observe({ algorithm }, stats.walkMs / 1000);
    this.#waits.observe({ algorithm }, stats.queueMs / 1000);
    const steps = stats['steps'];
    if (typeof steps === 'number') this.#steps.inc(steps);
    if (stats['stoppedEarly'] === true) this.#stoppedEarly.inc();
    if (stats.widened) this.#widened.inc();
    if (fallback !== null) this.#fallbacks.inc();
  }

  problem(code: ProblemCode): void {
    this.#problems.inc({ code });
  }

  /** For who swaps snapshots: how long it took from the call to the new one answering. */
  swapped(seconds: number): void {
    this.#swaps.inc();
    this.#lastSwap.set(seconds);
  }

  #describeWrites(writes: MetricsDeps['writes']): void {
    const of = (what: keyof WriteStats) => () => writes.stats[what];
    this.#counter('pinwalk_writes_total', 'Requests to write that were done or refused', of('requests'));
    this.#counter('pinwalk_changes_total', 'Saves and other changes that these asked for', of('changes'));
    this.#counter('pinwalk_commits_total', 'Transactions that they shared', of('commits'));
    this.#gauge('pinwalk_changes_waiting', 'Changes that wait to be durable', () => writes.changesWaiting);
  }

  #describeGraph(graphs: GraphServer): void {
    const of = (count: (snapshot: GraphServer['snapshot']) => number) => () =>
      graphs.current === undefined ? 0 : count(graphs.current);
    this.#gauge(
      'pinwalk_graph_saves',
      'Saves in the graph',
      of(({ header }) => header.counts.saves),
    );
    this.#gauge(
      'pinwalk_graph_pins',
      'Pins in the graph',
      of(({ header }) => header.counts.pins),
    );
    this.#gauge(
      'pinwalk_graph_boards',
      'Boards in the graph',
      of(({ header }) => header.counts.boards),
    );
    this.#gauge(
      'pinwalk_graph_bytes',
      'Bytes of shared memory that the graph takes',
      of(({ header }) => header.sections.reduce((sum, { bytes }) => sum + bytes, 0)),
    );
    const version = new Gauge({
      name: 'pinwalk_graph_info',
      help: 'The version of the graph that is served; always 1',
      labelNames: ['version'],
      registers: [],
      collect() {
        this.reset();
        if (graphs.current !== undefined) this.set({ version: graphs.current.version }, 1);
      },
    });
    const state = new Gauge({
      name: 'pinwalk_state',
      help: '1 for the state that the server is in, 0 for the others',
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
    // Under the names that dashboards know: process_… and nodejs_….
    collectDefaultMetrics({ register: this.#registry });
    const delay = monitorEventLoopDelay({ resolution: delayResolutionMs });
    delay.enable();
    // What is measured is from one timer to the next, so its interval is in it.
    const lateness = (percentile: number): number =>
      Math.max(0, delay.percentile(percentile) / 1e9 - delayResolutionMs / 1e3);
    const help = 'How late the event loop was since the last time asked';
    this.#gauge('pinwalk_event_loop_delay_p50_seconds', `${help}, median`, () => lateness(50));
    this.#gauge('pinwalk_event_loop_delay_p99_seconds', `${help}, 99th percentile`, () => {
      const seconds = lateness(99);
      delay.reset();
      return seconds;
    });
  }

  /** `read`: for what counts itself. */
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
