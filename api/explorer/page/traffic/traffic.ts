import { type Buckets, type Sample, bucketsOf, quantileOf } from './prometheus.ts';

/** The traffic between two scrapes of the metrics. */
export interface TrafficPoint {
  /** When it ends; monotonic. */
  readonly atMs: number;
  readonly requestsPerSecond: number;
  /** Undefined without requests. */
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
  readonly walksPerSecond: number;
  readonly stepsPerSecond: number;
  readonly problemsPerSecond: number;
  readonly waiting: number;
  readonly loopDelayMs: number;
  readonly memoryBytes: number;
  /** Cores in use. */
  readonly cores: number;
}

/** A route since the server started. */
export interface RouteFigures {
  readonly route: string;
  readonly method: string;
  readonly requests: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Responses with a status of 500 or above. */
  readonly failed: number;
}

/** The metrics at one time. */
export interface Scrape {
  /** Monotonic. */
  readonly atMs: number;
  readonly samples: readonly Sample[];
}

/** The routes that this view polls. */
const polledRoutes = new Set(['/metrics', '/healthz', '/readyz', '/v1/jobs', '/v1/snapshots', '/v1/graph']);
const requests = 'pinwalk_request_seconds';

/** The traffic between two scrapes; undefined when the server restarted in between. */
export function trafficBetween(before: Scrape, after: Scrape): TrafficPoint | undefined {
  const seconds = (after.atMs - before.atMs) / 1000;
  const grownBy = (name: string, isWanted?: (labels: Sample['labels']) => boolean): number =>
    sumOf(after.samples, name, isWanted) - sumOf(before.samples, name, isWanted);
  const responses = grownBy(`${requests}_count`, isFromOthers);
  if (seconds <= 0 || grownBy(`${requests}_count`) < 0) return undefined;
  const buckets = difference(
    bucketsOf(before.samples, requests, isFromOthers),
    bucketsOf(after.samples, requests, isFromOthers),
  );
  return {
    atMs: after.atMs,
    requestsPerSecond: responses / seconds,
    p50Ms: inMs(quantileOf(buckets, 0.5)),
    p95Ms: inMs(quantileOf(buckets, 0.95)),
    walksPerSecond: grownBy('pinwalk_walk_seconds_count') / seconds,
    stepsPerSecond: grownBy('pinwalk_steps_total') / seconds,
    problemsPerSecond: grownBy('pinwalk_problems_total') / seconds,
    waiting: sumOf(after.samples, 'pinwalk_queue_length'),
    loopDelayMs: sumOf(after.samples, 'pinwalk_event_loop_delay_p99_seconds') * 1000,
    memoryBytes: sumOf(after.samples, 'process_resident_memory_bytes'),
    cores: grownBy('process_cpu_seconds_total') / seconds,
  };
}

/** Routes since the server started, most requests first, without those that this view polls. */
export function routesOf(samples: readonly Sample[]): RouteFigures[] {
  const names = new Set(
    samples
      .filter(({ name, labels }) => name === `${requests}_count` && isFromOthers(labels))
      .map(({ labels }) => `${labels['method']} ${labels['route']}`),
  );
  return [...names]
    .map((name): RouteFigures => {
      const [method = '', route = ''] = name.split(' ');
      const isOwn = (labels: Sample['labels']): boolean =>
        labels['route'] === route && labels['method'] === method;
      const buckets = bucketsOf(samples, requests, isOwn);
      return {
        route,
        method,
        requests: sumOf(samples, `${requests}_count`, isOwn),
        p50Ms: inMs(quantileOf(buckets, 0.5)) ?? 0,
        p95Ms: inMs(quantileOf(buckets, 0.95)) ?? 0,
        failed: sumOf(samples, `${requests}_count`, (labels) => isOwn(labels) && labels['status'] === '5xx'),
      };
    })
    .filter((figures) => figures.requests > 0)
    .toSorted((a, b) => b.requests - a.requests || (a.route < b.route ? -1 : 1));
}

function isFromOthers({ route }: Sample['labels']): boolean {
  return !polledRoutes.has(route ?? '') && route !== '/' && route?.startsWith('/explorer/') !== true;
}

function sumOf(
  samples: readonly Sample[],
  wanted: string,
  isWanted: (labels: Sample['labels']) => boolean = () => true,
): number {
  return samples.reduce((sum, { name, labels, value }) => {
    return name === wanted && isWanted(labels) ? sum + value : sum;
  }, 0);
}

function difference(before: Buckets, after: Buckets): Buckets {
  const earlier = new Map(before);
  return after.map(([bound, count]) => [bound, count - (earlier.get(bound) ?? 0)] as const);
}

function inMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}
