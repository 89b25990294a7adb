import fc from 'fast-check';
import { Histogram, Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { bucketsOf, quantileOf, readPrometheus } from '../../../api/explorer/page/traffic/prometheus.ts';
import { TrafficHistory, trafficSpans } from '../../../api/explorer/page/traffic/traffic-history.ts';
import { routesOf, trafficBetween } from '../../../api/explorer/page/traffic/traffic.ts';

/** Compares the page's reader of the metrics with prom-client, which writes them. */
function metrics(): { registry: Registry; requests: Histogram<'route' | 'method' | 'status'> } {
  const registry = new Registry();
  const requests = new Histogram({
    name: 'pinwalk_request_seconds',
    help: 'help "quoted"\n and broken',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.001, 0.01, 0.1, 1],
    registers: [registry],
  });
  return { registry, requests };
}

describe('the text format', () => {
  test('the text format round-trips every label that prom-client writes', async () => {
    const text = fc.string({ unit: 'binary' }).filter((each) => !each.includes('\r'));
    await fc.assert(
      fc.asyncProperty(text, async (route) => {
        const { registry, requests } = metrics();
        requests.observe({ route, method: 'GET', status: '2xx' }, 0.5);
        const samples = readPrometheus(await registry.metrics());
        const count = samples.find(({ name }) => name.endsWith('_count'));
        expect(count).toEqual({
          name: 'pinwalk_request_seconds_count',
          labels: { route, method: 'GET', status: '2xx' },
          value: 1,
        });
      }),
    );
  });

  test('the text format may contain other lines, which are skipped', () => {
    const text = '# HELP a b\n\nnonsense\na 1\nb{c="d"} NaN\ne +Inf\nf{g="h"} -2.5e3 1700000000000\n';
    expect(readPrometheus(text)).toEqual([
      { name: 'a', labels: {}, value: 1 },
      { name: 'e', labels: {}, value: Infinity },
      { name: 'f', labels: { g: 'h' }, value: -2500 },
    ]);
  });
});

describe('quantiles', () => {
  test('quantiles lie in the bucket of the exact quantile', () => {
    const values = fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(values, fc.constantFrom(0.5, 0.95), (given, share) => {
        const bounds = [0.001, 0.01, 0.1, 1, Infinity];
        const buckets = bounds.map(
          (bound) => [bound, given.filter((value) => value <= bound).length] as const,
        );
        const exact = given.toSorted((a, b) => a - b)[Math.ceil(share * given.length) - 1]!;
        const upper = bounds.findIndex((bound) => exact <= bound);
        const found = quantileOf(buckets, share)!;
        expect(found).toBeGreaterThanOrEqual(upper === 0 ? 0 : bounds[upper - 1]!);
        expect(found).toBeLessThanOrEqual(bounds[upper]!);
      }),
    );
    expect(quantileOf([], 0.5)).toBeUndefined();
    expect(
      quantileOf(
        [
          [1, 0],
          [Infinity, 3],
        ],
        0.5,
      ),
    ).toBe(1);
  });
});

describe('traffic', () => {
  const read = async ({ registry }: { registry: Registry }): Promise<ReturnType<typeof readPrometheus>> =>
    readPrometheus(await registry.metrics());

  test('traffic is counted between two scrapes, without the requests of the page', async () => {
    const server = metrics();
    const observe = (route: string, seconds: number, status = '2xx'): void =>
      server.requests.observe({ route, method: 'GET', status }, seconds);
    observe('/v1/search', 0.0005);
    const before = { atMs: 1_000, samples: await read(server) };
    for (let i = 0; i < 8; i++) observe('/v1/search', 0.05);
    observe('/v1/search', 0.05, '5xx');
    observe('/metrics', 0.9);
    observe('/explorer/:file', 0.9);
    const after = { atMs: 3_000, samples: await read(server) };
    const point = trafficBetween(before, after)!;
    expect(point.requestsPerSecond).toBe(4.5);
    expect(point.p50Ms).toBeCloseTo(55, 5);
    expect(routesOf(after.samples)).toMatchObject([
      { route: '/v1/search', method: 'GET', requests: 10, failed: 1 },
    ]);
    expect(bucketsOf(after.samples, 'pinwalk_request_seconds').at(-1)).toEqual([Infinity, 12]);
  });

  test('the history of traffic has two minutes, an hour and a day, and stays bounded', () => {
    const history = new TrafficHistory();
    const hourMs = 3_600_000;
    // Hidden at first, then polled; one request a second.
    for (let atMs = 0; atMs <= 30 * hourMs; atMs += atMs < 29 * hourMs ? 60_000 : 2_000) {
      const samples = [
        { name: 'pinwalk_request_seconds_count', labels: { route: '/v1/search' }, value: atMs / 1000 },
      ];
      history.add({ atMs, samples });
    }
    const lengths = trafficSpans.map((span) => history.pointsOf(span).length);
    expect(lengths).toEqual([61, 61, 97]);
    for (const span of trafficSpans) {
      for (const point of history.pointsOf(span)) expect(point.requestsPerSecond).toBeCloseTo(1, 6);
    }
  });

  test('traffic starts again after a restart of the server', async () => {
    const old = metrics();
    old.requests.observe({ route: '/v1/search', method: 'GET', status: '2xx' }, 1);
    const before = { atMs: 0, samples: await read(old) };
    expect(trafficBetween(before, { atMs: 1_000, samples: await read(metrics()) })).toBeUndefined();
  });
});
