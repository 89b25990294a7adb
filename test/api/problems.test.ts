import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { problemTypes } from '../../api/index.ts';
import { openDatabase } from '../../graph-data/database/index.ts';
import { type DataFolder, createKey } from '../../graph-data/index.ts';
import { importSaves } from '../data-folders.ts';
import { sendRaw } from './raw.ts';
import { serveForSuite } from './server.ts';

const fill = (folder: DataFolder) =>
  importSaves(folder, ['ann pasta basil', 'ann pasta tomato', 'ben salad tomato', 'ben salad basil']);
const server = serveForSuite(fill);
const withoutGraph = serveForSuite(fill, { isLoaded: false });
const replica = serveForSuite(fill, { replica: { writer: 'http://writer.example', onGone: () => {} } });
const withTopics = serveForSuite(fill, {
  settings: { kafkaLagMsMax: 0 },
  // Nothing listens there.
  kafka: {
    connection: { brokers: ['127.0.0.1:1'] },
    consume: new Map([['saves', 'app.saves']]),
    produce: 'app.changes',
  },
});
const onNetwork = serveForSuite(fill, {
  settings: { host: '0.0.0.0', rateLimitPerMinute: 1 },
  limits: { headersMsMax: 2_000, checkMs: 100 },
});
const withoutQueue = serveForSuite(fill, {
  settings: { queueMsMax: 0 },
  serving: { lightWorkMax: Infinity },
});

describe('problems', () => {
  test('a problem lists all faults of a request at once, each with its pointer', async () => {
    const body = { query: [{ pin: 7, weight: -1 }], limit: 0, bogus: 1, params: { alpha: 0.5 } };
    const response = await server.post('/v1/recommendations', body);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(response.body).toMatchObject({
      code: 'invalid-request',
      status: 400,
      instance: '/v1/recommendations',
    });
    const faults = response.body.errors as { pointer: string; detail: string }[];
    expect(Object.fromEntries(faults.map(({ pointer, detail }) => [pointer, detail]))).toEqual({
      '/bogus': 'there is no parameter "bogus"',
      '/limit': 'must be at least 1',
      '/params/alpha': expect.stringContaining('there is no such parameter') as string,
      '/query/0/pin': 'must be a string',
      '/query/0/weight': 'must be above 0',
    });
    expect(response.body.requestId).toBe(response.headers.get('x-request-id'));
  });

  test.each([
    [{ query: [{ pin: 'basil' }], limt: 5 }, '/limt', '; did you mean "limit"?'],
    [{ query: [{ pin: 'basil' }], explian: true }, '/explian', '; did you mean "explain"?'],
    [{ query: [{ pni: 'basil' }] }, '/query/0/pni', ''],
    [{ query: [{ pin: 'basil', wieght: 2 }] }, '/query/0/wieght', '; did you mean "weight"?'],
  ])('an unknown parameter is named with the one that it resembles: %#', async (body, pointer, hint) => {
    const { status, body: problem } = await server.post('/v1/recommendations', body);
    expect(status).toBe(400);
    const fault = (problem.errors as { pointer: string; code: string; detail: string }[]).find(
      ({ code }) => code === 'unknown-parameter',
    )!;
    expect(fault.pointer).toMatch(pointer);
    expect(fault.detail).toMatch(/^there is no parameter "/);
    expect(fault.detail.endsWith(`"${hint}`)).toBe(true);
  });

  test('a fault of `params` begins with its pointer alone, and names the parameter that was meant', async () => {
    const { body } = await server.post('/v1/recommendations', {
      query: [{ pin: 'basil' }],
      params: { stpes: 5, boost: 2 },
    });
    expect(body.detail).toBe(
      '/params/stpes: there is no such parameter; did you mean "steps"?; /params/boost: 2 is not true or false',
    );
  });

  test('a query string names the parameter that was meant, and a short name is meant by no other', async () => {
    const { body } = await server.get('/v1/search?q=a&limits=3&x=1');
    const details = (body.errors as { detail: string }[]).map(({ detail }) => detail);
    expect(details).toEqual([
      'there is no parameter "limits"; did you mean "limit"?',
      'there is no parameter "x"',
    ]);
  });

  test('a body that is not packed as it says is refused in words of the request', async () => {
    for (const encoding of ['gzip', 'deflate', 'br']) {
      const response = await server.get('/v1/recommendations', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-encoding': encoding },
        body: '{"query": [{"pin": "basil"}]}',
      });
      expect(response.status).toBe(400);
      expect(response.body.detail).toBe('the body is not packed as its Content-Encoding says');
    }
  });

  test.each([
    ['/v1/pins/basil/related?limit=1001', '/limit'],
    ['/v1/pins/basil/related?limit=', '/limit'],
    ['/v1/pins/basil/related?limit=ten', '/limit'],
    ['/v1/pins/basil/related?limit=1&limit=2', '/limit'],
    ['/v1/pins/basil/related?steps=1e12', '/steps'],
    ['/v1/pins/basil/related?restartProbability=NaN', '/restartProbability'],
    ['/v1/pins/basil/related?randomSeed=-1', '/randomSeed'],
    ['/v1/pins/basil/related?algorithm=magic', '/algorithm'],
    ['/v1/pins/basil/related?x-y/z=1', '/x-y~1z'],
    ['/v1/pins/basil/related?__proto__=1', '/__proto__'],
  ])('the problem for GET %s points at %s', async (path, pointer) => {
    const response = await server.get(path);
    expect(response.body).toMatchObject({ status: 400, code: 'invalid-request', errors: [{ pointer }] });
  });

  const provoked = {
    'invalid-request': () => server.post('/v1/recommendations', '{"query":'),
    'missing-key': () => onNetwork.get('/v1/pins/basil/related'),
    'invalid-key': () => onNetwork.get('/v1/pins/basil/related', { headers: { authorization: 'Bearer x' } }),
    'insufficient-scope': () => server.get('/v1/pins/basil/related', { headers: { origin: 'http://x.org' } }),
    'request-timeout': () => sendRaw(onNetwork.url, 'GET / HTTP/1.1\r\n'),
    'headers-too-large': () => server.get('/healthz', { headers: { long: 'x'.repeat(20_000) } }),
    'rate-limited': async () => {
      const path = '/v1/pins/basil/related';
      const headers = {
        authorization: `Bearer ${createKey(onNetwork.folder, { scope: 'read' }, randomBytes, 0).key}`,
      };
      onNetwork.skippedMs += 1_000;
      await onNetwork.get(path, { headers });
      return onNetwork.get(path, { headers });
    },
    'unknown-pin': () => server.get('/v1/pins/nowhere/related'),
    'unknown-route': () => server.get('/v2/nothing'),
    'method-not-allowed': () => server.get('/v1/pins/basil/related', { method: 'DELETE' }),
    'other-server': () => replica.get('/v1/pins/basil', { method: 'DELETE', redirect: 'manual' }),
    'replica-behind': () => replica.get('/readyz'),
    'topics-behind': () => withTopics.get('/readyz'),
    'position-gone': () => server.get('/v1/changes?after=0'),
    'position-not-reached': () => server.get('/v1/pins/basil', { headers: { 'pinwalk-position': '100000' } }),
    'body-too-large': () => server.post('/v1/recommendations', { query: ['x'.repeat(2 ** 20)] }),
    'unsupported-media-type': () => server.get('/v1/recommendations', { method: 'POST', body: 'x' }),
    'invalid-filter': () =>
      server.post('/v1/recommendations', { query: [{ pin: 'basil' }], filter: { price: { below: 3 } } }),
    'unknown-board': () => server.get('/v1/boards/nowhere/ideas'),
    'unknown-user': () => server.get('/v1/users/nobody/feed'),
    'unknown-recommendation': () => server.post('/v1/recommendations/nothing/next', undefined),
    'unknown-snapshot': () => server.post('/v1/snapshots/0123456789abcdef/activate', {}),
    'unknown-model': () => server.post('/v1/models/0123456789abcdef/activate', undefined),
    'unknown-interest': () => server.get('/v1/interests/aaaaaaaa'),
    'unknown-experiment': () => server.get('/v1/experiments/nothing'),
    'unknown-campaign': () => server.get('/v1/campaigns/nothing'),
    'unknown-link': () => server.get('/v1/unsubscribe/forged.token'),
    'unknown-job': () => server.get('/v1/jobs/nothing'),
    conflict: async () => {
      const build = () => withoutGraph.post('/v1/snapshots', { activate: false });
      const responses = await Promise.all([build(), build()]);
      return responses.find(({ status }) => status !== 202)!;
    },
    'graph-not-ready': () => withoutGraph.get('/readyz'),
    'model-not-ready': async () => {
      mkdirSync(`${server.folder.root}/models`);
      writeFileSync(`${server.folder.root}/models/active.json`, '{');
      return server.get('/v1/pins/basil/related?model=click');
    },
    overloaded: async () => {
      const long = '/v1/pins/basil/related?algorithm=pixie&steps=1000000&randomSeed=';
      // On a busy machine, one may end before the next one is read.
      for (let attempt = 0; ; attempt++) {
        const seeds = [1, 2, 3, 4].map((i) => 4 * attempt + i);
        const responses = await Promise.all(seeds.map((seed) => withoutQueue.get(long + seed)));
        const refused = responses.find(({ status }) => status !== 200);
        if (refused !== undefined || attempt === 20) return refused!;
      }
    },
    'storage-unavailable': async () => {
      const other = openDatabase(server.folder);
      other.exec('BEGIN IMMEDIATE');
      const response = await server.post('/v1/saves', { user: 'ann', pin: 'basil' });
      other.close();
      return response;
    },
  };
  test.each(Object.entries(provoked))('a request provokes the problem %s', async (code, provoke) => {
    const response = await provoke();
    expect(response.body).toMatchObject({
      code,
      status: response.status,
      errors: expect.any(Array) as unknown,
    });
    expect(response.status).toBe(problemTypes[code as keyof typeof problemTypes].status);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  test('docs/problems.md and the tests cover exactly the problems of the code', () => {
    const docs = readFileSync(`${import.meta.dirname}/../../docs/problems.md`, 'utf8');
    const documented = [...docs.matchAll(/^\| `([a-z-]+)` +\| (\d+) +\|/gm)].map(([, code, status]) => [
      code,
      Number(status),
    ]);
    expect(documented).toEqual(Object.entries(problemTypes).map(([code, { status }]) => [code, status]));
    // No request is known to provoke an internal error.
    expect([...Object.keys(provoked), 'internal'].toSorted()).toEqual(Object.keys(problemTypes).toSorted());
  });
});

describe('operations', () => {
  test('health needs no graph, readiness does', async () => {
    expect((await server.get('/healthz')).status).toBe(200);
    expect((await server.get('/readyz')).status).toBe(200);
    expect((await withoutGraph.get('/healthz')).status).toBe(200);
    const notReady = await withoutGraph.get('/readyz');
    expect(notReady.status).toBe(503);
    expect(notReady.headers.get('retry-after')).toBe('1');
    expect((await withoutGraph.get('/v1/pins/basil/related')).status).toBe(503);
  });
});
