import { threadId } from 'node:worker_threads';
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type TextMapPropagator,
  context,
  propagation,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AlwaysOnSampler,
  InMemorySpanExporter,
  ParentBasedSampler,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { importSaves } from '../data-folders.ts';
import { serveForSuite } from './server.ts';

const exporter = new InMemorySpanExporter();
const provider = new TracerProvider({
  sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
  spanProcessors: [new SimpleSpanProcessor({ exporter })],
});
trace.setGlobalTracerProvider(provider);
context.setGlobalContextManager(new AsyncLocalStorageContextManager());
afterAll(async () => provider.shutdown());
beforeEach(() => exporter.reset());

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const sent = { headers: { traceparent: `00-${traceId}-${spanId}-01`, tracestate: 'shop=1' } };

const ms = ([seconds, nanoseconds]: ReadableSpan['startTime']): number => seconds * 1_000 + nanoseconds / 1e6;
const childrenOf = (parent: ReadableSpan): ReadableSpan[] =>
  exporter
    .getFinishedSpans()
    .filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent.spanContext().spanId);
const namesOf = (spans: readonly ReadableSpan[]): string[] => spans.map(({ name }) => name);

/** The span of a request, which ends after its response. */
async function requestSpan(name: string): Promise<ReadableSpan> {
  const found = () => exporter.getFinishedSpans().filter((span) => span.name === name);
  // A build has the lowest priority: on a busy machine it takes minutes.
  await expect.poll(() => found().length).toBe(1);
  return found()[0]!;
}

describe('with an SDK', () => {
  const server = serveForSuite((folder) =>
    importSaves(folder, [
      'ann@home pasta basil',
      'ann@home pasta tomato',
      'bob salad basil',
      'bob salad corn',
    ]),
  );

  test("a recommendation is a tree in the sender's trace: queue, and walk and rows of a worker thread", async () => {
    expect((await server.get('/v1/pins/basil/related', sent)).status).toBe(200);
    const request = await requestSpan('GET /v1/pins/{pin}/related');
    expect(request).toMatchObject({
      kind: SpanKind.SERVER,
      parentSpanContext: { traceId, spanId, isRemote: true },
      attributes: {
        'http.request.method': 'GET',
        'http.route': '/v1/pins/{pin}/related',
        'http.response.status_code': 200,
      },
      status: { code: SpanStatusCode.UNSET },
    });
    expect(request.spanContext().traceState?.serialize()).toBe('shop=1');
    const [queue, walk, rows, ...others] = childrenOf(request);
    expect(namesOf([queue!, walk!, rows!])).toEqual(['queue', 'walk', 'rows']);
    expect(others).toEqual([]);
    expect(queue!.attributes).toEqual({ 'pinwalk.lane': 'light' });
    for (const span of [walk!, rows!]) {
      expect(span.spanContext().traceId).toBe(traceId);
      expect(span.attributes['thread.id']).not.toBe(threadId);
    }
    expect(rows!.startTime).toEqual(walk!.endTime);
    for (const span of [queue!, walk!, rows!])
      expect(ms(span.endTime)).toBeGreaterThanOrEqual(ms(span.startTime));
    const line = server.log.find(({ msg }) => msg === 'request');
    expect(line).toMatchObject({ traceId });
  });

  test('a save waits in the queue of the writer thread, then takes part in a commit', async () => {
    await server.post('/v1/saves', { user: 'ann@home', board: 'pasta', pin: 'oregano' });
    const request = await requestSpan('POST /v1/saves');
    const [queue, commit] = childrenOf(request);
    expect(namesOf(childrenOf(request))).toEqual(['queue', 'commit']);
    expect(commit!.attributes).toEqual({ 'pinwalk.commit.requests': 1, 'pinwalk.commit.changes': 1 });
    expect(commit!.startTime).toEqual(queue!.endTime);
  });

  test('a build is a job in the trace of the request that started it, with its phases as events', async () => {
    const { body } = await server.post('/v1/snapshots', { activate: false });
    const job = await requestSpan('job build');
    const request = await requestSpan('POST /v1/snapshots');
    expect(job.parentSpanContext?.spanId).toBe(request.spanContext().spanId);
    expect(job.attributes).toEqual({ 'pinwalk.job.id': body.id, 'pinwalk.job.state': 'done' });
    expect(job.events.length).toBeGreaterThan(1);
    expect(new Set(job.events.map(({ name }) => name)).size).toBe(job.events.length);
  });

  test('each request of a batch has its own walk', async () => {
    const requests = ['basil', 'tomato'].map((pin) => ({ query: [{ pin }] }));
    await server.post('/v1/recommendations/batch', { requests });
    const request = await requestSpan('POST /v1/recommendations/batch');
    const walks = childrenOf(request).filter(({ name }) => name === 'walk');
    expect(walks.map(({ attributes }) => attributes['pinwalk.batch.index'] ?? 0)).toEqual([0, 1]);
  });

  test('identical concurrent requests have the walk that they share in each of their traces', async () => {
    const path = '/v1/pins/basil/related?limit=3';
    await Promise.all(Array.from({ length: 8 }, async () => server.get(path)));
    const requests = () => exporter.getFinishedSpans().filter(({ name }) => name.startsWith('GET'));
    await expect.poll(() => requests().length).toBe(8);
    for (const each of requests()) expect(namesOf(childrenOf(each))).toEqual(['queue', 'walk', 'rows']);
  });

  test('a problem is named; only faults of the server are errors', async () => {
    await server.get('/v1/pins/nowhere/related');
    expect(await requestSpan('GET /v1/pins/{pin}/related')).toMatchObject({
      attributes: { 'http.response.status_code': 404, 'error.type': 'unknown-pin' },
      status: { code: SpanStatusCode.UNSET },
    });
  });

  test('no span names a person, a board or a pin', async () => {
    await server.get('/v1/users/ann%40home/feed?limit=3');
    await server.get('/nowhere/ann%40home');
    await requestSpan('GET unknown');
    const spans = exporter.getFinishedSpans();
    const texts = spans.map(({ name, attributes, events }) => JSON.stringify([name, attributes, events]));
    expect(texts.length).toBeGreaterThan(2);
    expect(texts.join()).not.toMatch(/ann|home|basil|pasta/);
  });

  test('a sender that does not sample has no spans, and its trace in the log', async () => {
    const unsampled = { headers: { traceparent: `00-${traceId.replaceAll('0', '1')}-${spanId}-00` } };
    await server.get('/v1/pins/tomato/related', unsampled);
    await server.get('/healthz');
    expect(namesOf([await requestSpan('GET /healthz')])).toEqual(namesOf(exporter.getFinishedSpans()));
    expect(server.log.map((line) => line['traceId'])).toContain(traceId.replaceAll('0', '1'));
  });

  test('the sender is found by the format that the SDK is set to', async () => {
    const propagator: TextMapPropagator = {
      inject: () => undefined,
      fields: () => ['x-trace'],
      extract: (outer, carrier, getter) => {
        const given = getter.get(carrier, 'x-trace');
        if (typeof given !== 'string') return outer;
        return trace.setSpanContext(outer, { traceId: given, spanId, traceFlags: 1, isRemote: true });
      },
    };
    propagation.setGlobalPropagator(propagator);
    const other = traceId.replaceAll('a', 'b');
    await server.get('/healthz', { headers: { ...sent.headers, 'x-trace': other } });
    propagation.disable();
    expect((await requestSpan('GET /healthz')).spanContext().traceId).toBe(other);
    expect(context.active()).toBe(ROOT_CONTEXT);
  });

  test.each([
    '',
    'nonsense',
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `ff-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}-01-more`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
  ])('an invalid traceparent begins a new trace: %j', async (traceparent) => {
    await server.get('/healthz', { headers: { traceparent } });
    const request = await requestSpan('GET /healthz');
    expect(request.parentSpanContext).toBeUndefined();
    expect(request.spanContext().traceId).not.toBe(traceId);
  });
});

describe('without a graph', () => {
  const server = serveForSuite(async () => undefined, { isBuilt: false });

  test('a 503 is an error', async () => {
    await server.get('/readyz');
    expect(await requestSpan('GET /readyz')).toMatchObject({
      attributes: { 'http.response.status_code': 503, 'error.type': 'graph-not-ready' },
      status: { code: SpanStatusCode.ERROR },
    });
  });
});
