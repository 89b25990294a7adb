import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../graph-data/database/index.ts';
import { createKey } from '../../graph-data/index.ts';
import { importSaves } from '../data-folders.ts';
import { type Answer, serveForSuite } from './server.ts';

const fill = [
  'ann pasta basil',
  'ann pasta tomato',
  'ben salad tomato',
  'ben salad olive',
  'cem bread olive',
];
const server = serveForSuite((folder) => importSaves(folder, fill));
const crowded = serveForSuite((folder) => importSaves(folder, fill), {
  isBuilt: false,
  writing: { changesMax: 1_000, busyMs: 2_000 },
  limits: { requestMsMax: 300, checkMs: 50 },
});
const withKeys = serveForSuite((folder) => importSaves(folder, fill), { isBuilt: false });

const stream = (lines: readonly string[] | ReadableStream, method = 'POST', on = server): Promise<Answer> =>
  on.get('/v1/saves', {
    method,
    headers: { 'content-type': 'application/x-ndjson' },
    ...(Array.isArray(lines)
      ? { body: lines.join('\n') }
      : { body: lines as ReadableStream, duplex: 'half' as const }),
  });
const send = (
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
  on = server,
) =>
  on.get(path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const line = (user: string, board: string, pin: string): string => JSON.stringify({ user, board, pin });

describe('POST /v1/saves', () => {
  test('makes what is new; what is there stays', async () => {
    const saves = [
      { user: 'dan', board: 'soup', pin: 'leek', savedAt: '2026-05-17T09:30:00+02:00', weight: 2 },
      { user: 'dan', pin: 'leek', savedAt: 1_779_000_000 },
      { user: 'dan', board: 'soup', pin: 'leek', weight: 9 },
    ];
    const { status, body } = await server.post('/v1/saves', saves);
    expect([status, body]).toEqual([201, { added: 2, present: 1, results: ['added', 'added', 'present'] }]);
    expect((await server.get('/v1/users/dan/saves')).body.saves).toEqual([
      { board: 'soup', pin: 'leek', savedAt: '2026-05-17T07:30:00.000Z', weight: 2 },
      { board: 'dan', pin: 'leek', savedAt: '2026-05-17T06:40:00.000Z', weight: null },
    ]);
    const before = Date.now();
    expect((await server.post('/v1/saves', { user: 'dan', pin: 'egg' })).body.results).toEqual(['added']);
    const [egg] = (await server.get('/v1/pins/egg/saves')).body.saves;
    expect(Date.parse(egg.savedAt)).toBeGreaterThanOrEqual(before);
  });

  test('counts at once for what is not to be recommended', async () => {
    const ideas = async (): Promise<string[]> =>
      (await server.get('/v1/boards/bread/ideas')).body.items.map(({ pin }: { pin: string }) => pin);
    expect(await ideas()).toContain('tomato');
    await server.post('/v1/saves', { user: 'cem', board: 'bread', pin: 'tomato' });
    expect(await ideas()).not.toContain('tomato');
  });

  test('writes nothing when one of them is refused, and points at it', async () => {
    const answer = await server.post('/v1/saves', [
      { user: 'eve', board: 'eves', pin: 'fig' },
      { user: 'eve', board: 'pasta', pin: 'fig' },
      { user: 'ann', pin: 'fig' },
    ]);
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'conflict', errors: [{ pointer: '/1/board', code: 'other-owner' }] },
    });
    expect((await server.get('/v1/pins/fig')).status).toBe(404);
    const one = await server.post('/v1/saves', { user: 'eve', board: 'pasta', pin: 'fig' });
    expect(one.body.errors[0].pointer).toBe('/board');
  });

  test('tells all faults, each with its place', async () => {
    const pointers = async (body: unknown): Promise<string[]> =>
      (await server.post('/v1/saves', body)).body.errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(
      await pointers([
        { user: 'a', pin: '' },
        { user: 7, pin: 'b', x: 1 },
      ]),
    ).toEqual(['/0/pin', '/1/user', '/1/x']);
    expect(await pointers({ user: 'a', pin: 'b', savedAt: 'soon', weight: 0 })).toEqual([
      '/savedAt',
      '/weight',
    ]);
    expect(await pointers({ user: 'a', pin: 'b', savedAt: -9e13 })).toEqual(['/savedAt']);
    expect(await pointers([])).toEqual(['']);
    expect(await pointers('"x"')).toEqual(['']);
    expect(await pointers(Array.from({ length: 10_001 }, () => ({ user: 'a', pin: 'b' })))).toEqual(['']);
  });

  test.each(['__proto__', 'constructor', 'toString', 'a/b %2F "c"', '\0'])(
    'takes %j for a key',
    async (key) => {
      const save = JSON.parse(`{"user":${JSON.stringify(key)},"pin":${JSON.stringify(key)}}`) as object;
      expect((await server.post('/v1/saves', save)).body.results).toEqual(['added']);
      expect((await server.get(`/v1/boards/${encodeURIComponent(key)}`)).body.owner).toBe(key);
      const removed = await send('DELETE', `/v1/pins/${encodeURIComponent(key)}`);
      expect(removed.body).toEqual({ result: 'removed' });
    },
  );
});

describe('DELETE', () => {
  test('of saves takes them away, and minds none that is not there', async () => {
    const saves = [
      { user: 'gil', board: 'g', pin: 'kiwi' },
      { user: 'gil', board: 'g', pin: 'plum', weight: 1 },
    ];
    await server.post('/v1/saves', saves);
    const { status, body } = await send('DELETE', '/v1/saves', [
      ...saves,
      { user: 'ann', board: 'g', pin: 'plum' },
    ]);
    expect([status, body]).toEqual([
      200,
      { removed: 2, absent: 1, results: ['removed', 'removed', 'absent'] },
    ]);
    expect((await server.get('/v1/pins/kiwi')).body.counts.saves).toBe(0);
    expect((await send('DELETE', '/v1/saves', saves[0])).body.results).toEqual(['absent']);
  });

  test('of a pin takes its saves with it, and nobody is recommended it', async () => {
    await server.post('/v1/saves', [
      { user: 'hal', board: 'h', pin: 'olive' },
      { user: 'hal', board: 'h', pin: 'beet' },
    ]);
    expect((await send('DELETE', '/v1/pins/olive')).body).toEqual({ result: 'removed' });
    expect((await send('DELETE', '/v1/pins/olive')).body).toEqual({ result: 'absent' });
    expect((await server.get('/v1/pins/olive')).status).toBe(404);
    expect((await server.get('/v1/boards/h/saves')).body.saves).toMatchObject([{ pin: 'beet' }]);
    const { items } = (await server.get('/v1/pins/tomato/related?limit=9')).body;
    expect(items.map(({ pin }: { pin: string }) => pin)).toEqual(['basil']);
  });
});

describe('PUT', () => {
  test('of attributes replaces them; what is new is made', async () => {
    const pin = {
      title: 'Rye',
      text: 'dark',
      url: 'u',
      imageUrl: 'i',
      createdAt: '2026-05-17',
      attributes: { a: [1] },
    };
    expect((await send('PUT', '/v1/pins/rye', pin)).body).toEqual({ result: 'created' });
    expect((await server.get('/v1/pins/rye')).body).toMatchObject({
      ...pin,
      createdAt: '2026-05-17T00:00:00.000Z',
    });
    expect((await send('PUT', '/v1/pins/rye', { title: 'R' })).body).toEqual({ result: 'replaced' });
    expect((await server.get('/v1/pins/rye')).body).toEqual({
      pin: 'rye',
      title: 'R',
      text: null,
      url: null,
      imageUrl: null,
      attributes: {},
      createdAt: null,
      counts: { boards: 0, saves: 0 },
    });
    expect((await send('PUT', '/v1/boards/loaf', { title: 'Loaf' })).body.code).toBe('conflict');
    expect((await send('PUT', '/v1/boards/loaf', { owner: 'ida', title: 'Loaf' })).status).toBe(200);
    expect((await server.get('/v1/boards/loaf')).body).toMatchObject({ owner: 'ida', title: 'Loaf' });
    expect((await send('PUT', '/v1/users/ida', { attributes: { b: 'c' } })).body).toEqual({
      result: 'replaced',
    });
    expect((await server.get('/v1/users/ida')).body.attributes).toEqual({ b: 'c' });
    const found = await server.get('/v1/search?q=loaf&kind=boards');
    expect(found.body.items).toMatchObject([{ board: 'loaf' }]);
  });

  test('of attributes that cannot be stored is refused', async () => {
    const deep = `{"attributes":{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`;
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'deep' };
    for (const body of [deep, '{"attributes":{"a":"\\ud800"}}', '{"attributes":{"__proto__":1}}']) {
      const answer = await server.get('/v1/users/jon', { method: 'PUT', headers, body });
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    }
  });
});

describe('Idempotency-Key', () => {
  test('gets the same request the same answer, and another one a conflict', async () => {
    const headers = { 'idempotency-key': 'one' };
    const save = { user: 'kim', pin: 'corn' };
    const first = await send('POST', '/v1/saves', save, headers);
    expect(first.body.results).toEqual(['added']);
    expect(await send('POST', '/v1/saves', save, headers)).toMatchObject({ status: 201, body: first.body });
    const others = [
      send('POST', '/v1/saves', [save], headers),
      send('DELETE', '/v1/saves', save, headers),
      send('DELETE', '/v1/pins/corn', undefined, headers),
    ];
    for (const other of await Promise.all(others)) expect(other.body.code).toBe('conflict');
    server.skippedMs += 25 * 3_600_000;
    expect((await send('POST', '/v1/saves', save, headers)).body.results).toEqual(['present']);
  });

  test('that is none is refused, as is one of a stream', async () => {
    for (const key of ['', 'a b', 'x'.repeat(256), 'é']) {
      const answer = await send(
        'POST',
        '/v1/saves',
        { user: 'kim', pin: 'corn' },
        { 'idempotency-key': key },
      );
      expect(answer.body.errors, key).toMatchObject([{ pointer: '/Idempotency-Key' }]);
    }
    const headers = { 'content-type': 'application/x-ndjson', 'idempotency-key': 'two' };
    const answer = await server.get('/v1/saves', { method: 'POST', headers, body: '' });
    expect(answer.body.errors).toMatchObject([{ pointer: '/Idempotency-Key' }]);
  });

  test('is of the API key that it came with', async () => {
    const bearer = (scope: 'read' | 'write') => ({
      'idempotency-key': 'same',
      authorization: `Bearer ${createKey(withKeys.folder, { scope }, randomBytes, 0).key}`,
    });
    const [one, other, reader] = [bearer('write'), bearer('write'), bearer('read')];
    withKeys.skippedMs += 1_000;
    const post = (pin: string, headers: Record<string, string>) =>
      send('POST', '/v1/saves', { user: 'ann', pin }, headers, withKeys);
    expect((await post('p1', one)).status).toBe(201);
    expect((await post('p2', other)).status).toBe(201);
    expect((await post('p2', one)).status).toBe(409);
    expect((await post('p3', reader)).body.code).toBe('insufficient-scope');
  });
});

describe('a stream of lines', () => {
  test('is taken line by line; what is faulty is told and stops nothing', async () => {
    const answer = await stream([
      line('leo', 'l', 'p1'),
      '',
      '{"user":',
      line('leo', 'pasta', 'p2'),
      '{"user":"leo"}',
      line('leo', 'l', 'p1'),
      '{"user":"leo","pin":"p3","__proto__":1}',
      line('leo', 'l', 'p4'),
    ]);
    expect([answer.status, answer.body]).toEqual([
      201,
      {
        added: 2,
        present: 1,
        rejected: 4,
        rejects: [
          { line: 3, detail: 'is not valid JSON' },
          { line: 4, detail: 'board "pasta" belongs to another user' },
          { line: 5, detail: expect.stringContaining('/pin') as string },
          { line: 7, detail: expect.stringContaining('__proto__') as string },
        ],
      },
    ]);
    const removed = await stream([line('leo', 'l', 'p4'), line('leo', 'l', 'p9')], 'DELETE');
    expect([removed.status, removed.body]).toEqual([
      200,
      { removed: 1, absent: 1, rejected: 0, rejects: [] },
    ]);
  });

  test('is as long as it likes: 30,000 saves are all there, in the order in which they came', async () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => line('mia', `m${i % 100}`, `mp${i}`));
    expect((await stream(lines)).body).toEqual({ added: 30_000, present: 0, rejected: 0, rejects: [] });
    expect((await server.get('/v1/users/mia')).body.counts).toEqual({ boards: 100, saves: 30_000 });
    expect((await stream(lines)).body).toMatchObject({ added: 0, present: 30_000 });
  });

  test('may take longer than other requests, and waits while others have filled the queue', async () => {
    const encoder = new TextEncoder();
    const slow = new ReadableStream({
      start: async (controller) => {
        for (let i = 0; i < 5; i++) {
          controller.enqueue(encoder.encode(`${line('nia', 'n', `np${i}`)}\n`));
          await pause(120);
        }
        controller.close();
      },
    });
    expect((await stream(slow, 'POST', crowded)).body).toMatchObject({ added: 5 });
    const other = openDatabase(crowded.folder);
    other.exec('BEGIN IMMEDIATE');
    const many = Array.from({ length: 900 }, (_, i) => ({ user: 'ann', pin: `a${i}` }));
    const first = crowded.post('/v1/saves', many);
    await pause(100);
    const second = await crowded.post('/v1/saves', many);
    expect(second).toMatchObject({ status: 503, body: { code: 'overloaded' } });
    expect(second.headers.get('retry-after')).toBe('1');
    const streamed = stream(
      Array.from({ length: 900 }, (_, i) => line('ann', 'ann', `a${i}`)),
      'POST',
      crowded,
    );
    await pause(100);
    other.close();
    expect((await first).body).toMatchObject({ added: 900 });
    expect((await streamed).body).toMatchObject({ present: 900 });
  });

  test('that meets a fault of the disk says how far it came', async () => {
    const other = openDatabase(server.folder);
    other.exec('BEGIN IMMEDIATE');
    const answer = await stream([line('oda', 'o', 'p')]);
    other.close();
    expect(answer).toMatchObject({
      status: 503,
      body: { code: 'storage-unavailable', detail: expect.stringContaining('lines up to 0') as string },
    });
  });

  test('that breaks off leaves what was written, and harms nobody', async () => {
    const encoder = new TextEncoder();
    const controller = new AbortController();
    const endless = new ReadableStream({
      start: (sink) => {
        for (let i = 0; i < 25_000; i++) sink.enqueue(encoder.encode(`${line('pia', 'p', `pp${i}`)}\n`));
      },
    });
    const answer = server.get('/v1/saves', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      ...({ body: endless, duplex: 'half', signal: controller.signal } as RequestInit),
    });
    const saved = async (): Promise<number> =>
      ((await server.get('/v1/users/pia')).body.counts?.saves as number | undefined) ?? 0;
    await expect.poll(saved).toBeGreaterThanOrEqual(10_000);
    controller.abort();
    await expect(answer).rejects.toThrow(/abort/);
    expect((await server.post('/v1/saves', { user: 'pia', pin: 'last' })).status).toBe(201);
    expect(server.logLines.join('')).not.toContain('unforeseen');
  });
});
