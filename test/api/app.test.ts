import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { problemTypes } from '../../api/index.ts';
import { openDatabase } from '../../graph-data/database/index.ts';
import { type DataFolder, createKey, importFiles } from '../../graph-data/index.ts';
import { importSaves, writeInput } from '../data-folders.ts';
import { sendRaw } from './raw.ts';
import { serveForSuite } from './server.ts';

const fill = async (folder: DataFolder): Promise<void> => {
  const saves = [
    ['ann', 'pasta', 'basil'],
    ['ann', 'pasta', 'tomato'],
    ['ann', 'pasta', 'garlic'],
    ['ben', 'salad', 'tomato'],
    ['ben', 'salad', 'basil'],
    ['ben', 'cake', 'sugar'],
    ['ben', 'cake', 'egg'],
    ['cem', 'odd', 'a/b %2F "c"'],
    ['cem', 'odd', '__proto__'],
  ];
  const lines = saves.map(([user, board, pin]) => JSON.stringify({ user, board, pin })).join('\n');
  await importFiles(folder, [
    writeInput(folder, 'saves.jsonl', lines),
    writeInput(folder, 'pins.csv', 'pin,title,url,price\ntomato,Tomato,http://t/,2\nlonely,Lonely,,\n'),
  ]);
};
const server = serveForSuite(fill);
const withoutGraph = serveForSuite(fill, { isLoaded: false });
const onNetwork = serveForSuite(fill, {
  settings: { host: '0.0.0.0', rateLimitPerMinute: 1 },
  limits: { headersMsMax: 2_000, checkMs: 100 },
});
const withoutQueue = serveForSuite(fill, { settings: { queueMsMax: 0 } });

const pins = (answer: { body: { items: { pin: string }[] } }) => answer.body.items.map(({ pin }) => pin);

describe('GET /v1/pins/{pin}/related', () => {
  test('answers ranked pins with scores and stats', async () => {
    const answer = await server.get(
      '/v1/pins/basil/related?limit=2&steps=10000&randomSeed=5&algorithm=pixie',
    );
    expect(answer.status).toBe(200);
    expect(pins(answer)).toEqual(['tomato', 'garlic']);
    const [first] = answer.body.items;
    expect(first).toEqual({
      rank: 1,
      pin: 'tomato',
      score: first.visits / 10_000,
      visits: expect.any(Number),
    });
    expect(answer.body).toMatchObject({
      graphVersion: expect.stringMatching(/^[0-9a-f]{16}$/),
      algorithm: { name: 'pixie', params: { steps: 10_000, restartProbability: 0.5 } },
      randomSeed: 5,
      stats: { steps: 10_000, stoppedEarly: false, candidates: 2 },
      missing: [],
      fallback: null,
    });
  });

  test('gives the same items for the same seed, and POST the same as GET', async () => {
    const path = '/v1/pins/basil/related?randomSeed=9&steps=999&restartProbability=0.3';
    const first = await server.get(path);
    const params = { steps: 999, restartProbability: 0.3 };
    const posted = await server.post('/v1/recommendations', {
      query: [{ pin: 'basil' }],
      params,
      randomSeed: 9,
    });
    expect((await server.get(path)).body.items).toEqual(first.body.items);
    expect(posted.body.items).toEqual(first.body.items);
    expect(first.body.items.length).toBeGreaterThan(1);
  });

  test('brings the fields asked for, as far as a pin has them', async () => {
    const answer = await server.get('/v1/pins/basil/related?fields=title,price,nothing');
    const fieldsOf = new Map(
      answer.body.items.map(({ pin, fields }: { pin: string; fields: object }) => [pin, fields]),
    );
    expect(fieldsOf.get('tomato')).toEqual({ title: 'Tomato', price: 2 });
    expect(fieldsOf.get('garlic')).toEqual({});
  });

  test('decodes the id exactly once', async () => {
    expect(pins(await server.get(`/v1/pins/${encodeURIComponent('a/b %2F "c"')}/related`))).toEqual([
      '__proto__',
    ]);
    expect(pins(await server.get('/v1/pins/__proto__/related'))).toEqual(['a/b %2F "c"']);
    expect((await server.get('/v1/pins/%zz/related')).body).toMatchObject({
      status: 400,
      code: 'invalid-request',
    });
  });

  test('of a pin that nobody saved is empty', async () => {
    const answer = await server.get('/v1/pins/lonely/related');
    expect(answer).toMatchObject({ status: 200, body: { items: [], stats: { steps: 0, candidates: 0 } } });
  });
});

describe('POST /v1/recommendations', () => {
  test('a pin that came after the build is missing, not an error', async () => {
    await importSaves(server.folder, ['dan late newcomer']);
    const answer = await server.post('/v1/recommendations', {
      query: [{ pin: 'newcomer' }, { pin: 'basil' }],
    });
    expect(answer.body).toMatchObject({
      missing: ['newcomer'],
      items: [{ pin: 'tomato' }, { pin: 'garlic' }],
    });
    expect((await server.get('/v1/pins/newcomer/related')).body).toMatchObject({
      status: 404,
      code: 'unknown-pin',
    });
  });

  test('walks from several weighted pins, never recommends them, and lists the missing ones', async () => {
    const query = [
      { pin: 'basil', weight: 2 },
      { pin: 'sugar' },
      { pin: 'nowhere' },
      { pin: 'sugar', weight: 3 },
    ];
    const answer = await server.post('/v1/recommendations', { query, algorithm: 'pixie' });
    expect(answer.body.missing).toEqual(['nowhere']);
    expect(pins(answer).toSorted()).toEqual(['egg', 'garlic', 'tomato']);
    const visits = new Map<string, number>(
      answer.body.items.map((item: { pin: string; visits: number }) => [item.pin, item.visits]),
    );
    // Two thirds of the steps start at sugar, and half of those stay there.
    expect(visits.get('egg')! / 100_000).toBeCloseTo(1 / 3, 1);
  });

  test('leaves out excluded pins before the cut to the limit', async () => {
    const exclude = { pins: ['tomato', 'no such pin'] };
    const answer = await server.post('/v1/recommendations', { query: [{ pin: 'basil' }], exclude, limit: 1 });
    expect(pins(answer)).toEqual(['garlic']);
  });
});

describe('ranking', () => {
  const ask = (body: object) => server.post('/v1/recommendations', { query: [{ pin: 'basil' }], ...body });

  test('a preset tells its algorithm and all parameters; parameters given come before its own', async () => {
    const { algorithm } = (await ask({ algorithm: 'feed', params: { steps: 5_000 } })).body;
    expect(algorithm).toMatchObject({ name: 'pixie', preset: 'feed' });
    expect(algorithm.params).toMatchObject({ steps: 5_000, lastHop: 'spread', sharpening: 1, boost: false });
    expect((await ask({})).body.algorithm).toMatchObject({ preset: 'related' });
  });

  test.each(['pixie', 'paths', 'ppr', 'itemknn', 'popular', 'related', 'ideas', 'feed'])(
    '%s answers, without the query pin',
    async (algorithm) => {
      const answer = await ask({ algorithm });
      expect(answer.status).toBe(200);
      expect(pins(answer)).toContain('tomato');
      expect(pins(answer)).not.toContain('basil');
    },
  );

  test('reasons name boards that hold both pins', async () => {
    const { items } = (await ask({ explain: true })).body;
    const tomato = items.find(({ pin }: { pin: string }) => pin === 'tomato');
    expect(tomato.reason.via).toHaveLength(1);
    expect(tomato.reason.via[0].pin).toBe('basil');
    expect(tomato.reason.text).toMatch(/^saved with basil on \d+ boards?$/);
    expect((await ask({})).body.items[0]).not.toHaveProperty('reason');
  });

  test('a filter keeps to its conditions and does not shorten what the graph could fill', async () => {
    expect(pins(await ask({ filter: { title: 'Tomato' } }))).toEqual(['tomato']);
    expect(pins(await ask({ filter: { price: { gte: 2, lt: 3 } } }))).toEqual(['tomato']);
    expect(pins(await ask({ filter: { price: { exists: false } } }))).not.toContain('tomato');
    // One step of a walk finds one pin at most: the others are looked for further away.
    const short = await ask({ algorithm: 'pixie', params: { steps: 1 }, limit: 2 });
    expect(short.body.items).toHaveLength(2);
    expect(short.body.stats.widened).toBe(true);
  });

  test('a minimum relevance leaves out the rest', async () => {
    const { items } = (await ask({ minRelevance: 1 })).body;
    expect(items).toHaveLength(1);
  });

  test.each([
    [{ params: { steps: 0 } }, '/params/steps'],
    [{ params: { steps: '5' } }, '/params/steps'],
    [{ algorithm: 'paths', params: { steps: 5 } }, '/params/steps'],
    [{ algorithm: 'pixie', params: { boost: true, sharpening: 1 } }, '/params/sharpening'],
    [{ diversity: 2 }, '/diversity'],
    [{ filter: { price: {} } }, '/filter/price', 'invalid-filter'],
    [{ filter: { price: { near: 3 } } }, '/filter/price', 'invalid-filter'],
    [{ filter: { price: {} }, limit: 0 }, '/filter/price'],
  ])('%j points at %s', async (body, pointer, code = 'invalid-request') => {
    const answer = await ask(body);
    expect(answer.body.code).toBe(code);
    expect(answer.body.errors.map((each: { pointer: string }) => each.pointer)).toContain(pointer);
  });
});

describe('problems', () => {
  test('list all faults of a request at once, each with its pointer', async () => {
    const body = { query: [{ pin: 7, weight: -1 }], limit: 0, bogus: 1, params: { alpha: 0.5 } };
    const answer = await server.post('/v1/recommendations', body);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({
      code: 'invalid-request',
      status: 400,
      instance: '/v1/recommendations',
    });
    const pointers = answer.body.errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers.toSorted()).toEqual([
      '/bogus',
      '/limit',
      '/params/alpha',
      '/query/0/pin',
      '/query/0/weight',
    ]);
    expect(answer.body.requestId).toBe(answer.headers.get('x-request-id'));
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
  ])('GET %s points at %s', async (path, pointer) => {
    const answer = await server.get(path);
    expect(answer.body).toMatchObject({ status: 400, code: 'invalid-request', errors: [{ pointer }] });
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
    'body-too-large': () => server.post('/v1/recommendations', { query: ['x'.repeat(2 ** 20)] }),
    'unsupported-media-type': () => server.get('/v1/recommendations', { method: 'POST', body: 'x' }),
    'invalid-filter': () =>
      server.post('/v1/recommendations', { query: [{ pin: 'basil' }], filter: { price: { below: 3 } } }),
    'unknown-board': () => server.get('/v1/boards/nowhere/ideas'),
    'unknown-user': () => server.get('/v1/users/nobody/feed'),
    'unknown-recommendation': () => server.post('/v1/recommendations/nothing/next', undefined),
    'unknown-snapshot': () => server.post('/v1/snapshots/0123456789abcdef/activate', {}),
    'unknown-job': () => server.get('/v1/jobs/nothing'),
    conflict: async () => {
      const build = () => withoutGraph.post('/v1/snapshots', { activate: false });
      const answers = await Promise.all([build(), build()]);
      return answers.find(({ status }) => status !== 202)!;
    },
    'graph-not-ready': () => withoutGraph.get('/readyz'),
    overloaded: async () => {
      const long = '/v1/pins/basil/related?algorithm=pixie&steps=1000000&randomSeed=';
      const answers = await Promise.all([1, 2, 3, 4].map((seed) => withoutQueue.get(long + seed)));
      return answers.find(({ status }) => status !== 200)!;
    },
    'storage-unavailable': async () => {
      const other = openDatabase(server.folder);
      other.exec('BEGIN IMMEDIATE');
      const answer = await server.post('/v1/saves', { user: 'ann', pin: 'basil' });
      other.close();
      return answer;
    },
  };
  test.each(Object.entries(provoked))('%s can be provoked', async (code, provoke) => {
    const answer = await provoke();
    expect(answer.body).toMatchObject({ code, status: answer.status, errors: expect.any(Array) as unknown });
    expect(answer.status).toBe(problemTypes[code as keyof typeof problemTypes].status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  test('the list, the docs and what can be provoked are equal', () => {
    const docs = readFileSync(`${import.meta.dirname}/../../docs/problems.md`, 'utf8');
    const documented = [...docs.matchAll(/^\| `([a-z-]+)` +\| (\d+) +\|/gm)].map(([, code, status]) => [
      code,
      Number(status),
    ]);
    expect(documented).toEqual(Object.entries(problemTypes).map(([code, { status }]) => [code, status]));
    // Nothing is known to provoke a fault of pinwalk itself.
    expect([...Object.keys(provoked), 'internal'].toSorted()).toEqual(Object.keys(problemTypes).toSorted());
  });
});

describe('operations', () => {
  test('health does not need a graph, readiness does', async () => {
    expect((await server.get('/healthz')).status).toBe(200);
    expect((await server.get('/readyz')).status).toBe(200);
    expect((await withoutGraph.get('/healthz')).status).toBe(200);
    const notReady = await withoutGraph.get('/readyz');
    expect(notReady.status).toBe(503);
    expect(notReady.headers.get('retry-after')).toBe('1');
    expect((await withoutGraph.get('/v1/pins/basil/related')).status).toBe(503);
  });

  test('requests are logged with id, route, status and time, without paths and query strings', async () => {
    server.logLines.length = 0;
    const answer = await server.get('/v1/pins/basil/related?limit=3');
    await expect.poll(() => server.logLines).toHaveLength(1);
    expect(JSON.parse(server.logLines[0]!)).toMatchObject({
      requestId: answer.headers.get('x-request-id'),
      route: '/v1/pins/{pin}/related',
      status: 200,
    });
    expect(server.logLines[0]).not.toMatch(/limit|basil/);
  });
});
