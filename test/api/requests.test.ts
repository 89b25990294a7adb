import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { importSaves } from '../data-folders.ts';
import { serveForSuite } from './server.ts';

const fill = (folder: Parameters<typeof importSaves>[0]) =>
  importSaves(folder, ['ann pasta basil', 'ann pasta tomato', 'ben salad tomato', 'ben salad egg']);
const server = serveForSuite(fill, { settings: { stepsMax: 20_000, bodyBytesMax: 1024 } });
const empty = serveForSuite(fill, { isLoaded: false });

describe('request ids', () => {
  test.each(['a', '0123.ABC-xyz_', 'x'.repeat(64)])('adopts the X-Request-Id %s', async (id) => {
    const response = await server.get('/v1/pins/nowhere/related', { headers: { 'X-Request-Id': id } });
    expect(response.headers.get('x-request-id')).toBe(id);
    expect(response.body.requestId).toBe(id);
  });

  test.each(['', 'x'.repeat(65), 'a b', 'a,b', '{"a":1}', 'ü', '../x'])(
    'replaces the X-Request-Id %j',
    async (id) => {
      const response = await server.get('/v1/pins/nowhere/related', { headers: { 'X-Request-Id': id } });
      expect(response.headers.get('x-request-id')).toMatch(/^id-\d+$/);
      expect(response.body.requestId).toBe(response.headers.get('x-request-id'));
    },
  );
});

describe('the line of a request in the log', () => {
  beforeEach(() => (server.logLines.length = empty.logLines.length = 0));
  afterEach(() => (server.logLines.length = empty.logLines.length = 0));
  const lineOf = async ({ logLines } = server): Promise<Record<string, unknown>> => {
    await expect.poll(() => logLines).toHaveLength(1);
    return JSON.parse(logLines[0]!) as Record<string, unknown>;
  };

  test('the log line has route, status, times, bytes and the walk, and nothing else', async () => {
    const headers = { 'X-Request-Id': 'mine' };
    const { body } = await server.get('/v1/pins/basil/related?algorithm=pixie&steps=999', { headers });
    const line = await lineOf();
    expect(line).toEqual({
      level: 30,
      time: expect.any(Number),
      pid: expect.any(Number),
      hostname: expect.any(String),
      msg: 'request',
      requestId: 'mine',
      route: '/v1/pins/{pin}/related',
      method: 'GET',
      status: 200,
      ms: expect.any(Number),
      bytes: Buffer.byteLength(JSON.stringify(body)),
      algorithm: 'pixie',
      steps: 999,
      walkMs: body.stats.walkMs,
      queueMs: body.stats.queueMs,
      work: body.stats.work,
    });
  });

  test('the log line of a batch sums up its walks', async () => {
    const requestOf = (algorithm: string, steps?: number) => ({
      query: [{ pin: 'basil' }],
      algorithm,
      ...(steps !== undefined && { params: { steps } }),
    });
    const requests = [
      requestOf('pixie', 100),
      requestOf('pixie', 200),
      requestOf('ppr'),
      { query: [{ pin: 'nowhere' }] },
    ];
    await server.post('/v1/recommendations/batch', { requests });
    expect(await lineOf()).toMatchObject({ algorithm: 'pixie,ppr', steps: 300, status: 200 });
  });

  test('the log line has neither path nor query string, even without a route', async () => {
    await server.get('/v1/users/secret-user/secret-path?secret-query=1');
    const line = await lineOf();
    expect(line).toMatchObject({ route: 'unknown', status: 404 });
    expect(JSON.stringify(line)).not.toContain('secret');
  });

  test('a refusal by design is not logged as a warning', async () => {
    await empty.get('/v1/pins/basil/related');
    expect(await lineOf(empty)).toMatchObject({ level: 30, status: 503 });
  });

  test('the log line says when the client disconnected before the response', async () => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': 100, Expect: '100-continue' };
    const request = httpRequest(`${server.url}/v1/recommendations`, { method: 'POST', headers });
    request.on('error', () => {});
    // Now the server waits for the body.
    request.once('continue', () => request.destroy());
    request.flushHeaders();
    expect(await lineOf()).toMatchObject({ route: '/v1/recommendations', status: 'gone', level: 30 });
    const metrics = await server.get('/metrics');
    expect(metrics.body).toContain('{route="/v1/recommendations",method="POST",status="gone"} 1');
  });
});

describe('steps of one HTTP request', () => {
  const requestOf = (steps: number) => ({ query: [{ pin: 'basil' }], algorithm: 'pixie', params: { steps } });

  test('limits the steps of one request, in GET and POST', async () => {
    const path = '/v1/pins/basil/related?algorithm=pixie&steps=';
    expect((await server.get(`${path}20000`)).status).toBe(200);
    for (const response of [
      await server.get(`${path}20001`),
      await server.post('/v1/recommendations', requestOf(20_001)),
      // By the default of the algorithm.
      await server.get('/v1/pins/basil/related?algorithm=pixie'),
      await server.get('/v1/users/ann/feed'),
    ]) {
      expect(response.body).toMatchObject({
        status: 400,
        code: 'invalid-request',
        errors: [{ pointer: '/params/steps', code: 'too-big' }],
      });
    }
    expect((await server.get('/v1/pins/basil/related?algorithm=ppr')).status).toBe(200);
  });

  test('limits the steps of a batch in total, and points at the request that exceeds it', async () => {
    const batch = (...steps: number[]) =>
      server.post('/v1/recommendations/batch', { requests: steps.map(requestOf) });
    expect((await batch(10_000, 10_000)).status).toBe(200);
    const { body } = await batch(10_000, 9_999, 2, 5);
    expect(body).toMatchObject({
      code: 'invalid-request',
      detail:
        '/requests/2/params/steps: 20001 steps with the requests before: one HTTP request may take 20000',
      errors: [{ pointer: '/requests/2/params/steps', code: 'too-big' }],
    });
  });
});

test('bodyBytesMax limits the body', async () => {
  const body = { query: [{ pin: 'basil' }], exclude: { pins: ['x'.repeat(1000)] } };
  expect((await server.post('/v1/recommendations', body)).body).toMatchObject({
    code: 'body-too-large',
    detail: 'the body is larger than 1024 bytes',
  });
});
