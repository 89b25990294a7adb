import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createKey } from '../../graph-data/index.ts';
import { importSaves } from '../data-folders.ts';
import { serveForSuite } from './server.ts';

const fill = [
  'ann pasta basil',
  'ann pasta tomato',
  'ben salad tomato',
  'ben salad olive',
  'cem bread olive',
];
const server = serveForSuite((folder) => importSaves(folder, fill));
const withKeys = serveForSuite((folder) => importSaves(folder, fill), { isBuilt: false });

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

describe('POST /v1/saves', () => {
  test('a save creates new users, boards and pins, and leaves an existing save unchanged', async () => {
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

  test('a saved pin disappears from the ideas of its board at once', async () => {
    const ideas = async (): Promise<string[]> =>
      (await server.get('/v1/boards/bread/ideas')).body.items.map(({ pin }: { pin: string }) => pin);
    expect(await ideas()).toContain('tomato');
    await server.post('/v1/saves', { user: 'cem', board: 'bread', pin: 'tomato' });
    expect(await ideas()).not.toContain('tomato');
  });

  test('writes no save of a request when one is refused, and points at it', async () => {
    const response = await server.post('/v1/saves', [
      { user: 'eve', board: 'eves', pin: 'fig' },
      { user: 'eve', board: 'pasta', pin: 'fig' },
      { user: 'ann', pin: 'fig' },
    ]);
    expect(response).toMatchObject({
      status: 409,
      body: { code: 'conflict', errors: [{ pointer: '/1/board', code: 'other-owner' }] },
    });
    expect((await server.get('/v1/pins/fig')).status).toBe(404);
    const one = await server.post('/v1/saves', { user: 'eve', board: 'pasta', pin: 'fig' });
    expect(one.body.errors[0].pointer).toBe('/board');
  });

  test('reports all faults of a list of saves, each with its pointer', async () => {
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
    'accepts %j as a key of user, board and pin',
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
  test('DELETE removes saves, and ignores those that do not exist', async () => {
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

  test('DELETE removes a pin with its saves, and it is no longer recommended', async () => {
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
  test('PUT replaces all attributes, or creates the node', async () => {
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

  test('PUT refuses attributes that cannot be stored', async () => {
    const deep = `{"attributes":{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`;
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'deep' };
    for (const body of [deep, '{"attributes":{"a":"\\ud800"}}', '{"attributes":{"__proto__":1}}']) {
      const response = await server.get('/v1/users/jon', { method: 'PUT', headers, body });
      expect(response).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    }
  });
});

describe('Idempotency-Key', () => {
  test('an Idempotency-Key returns the first response to the same request, and a conflict to another', async () => {
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

  test('an Idempotency-Key compares the meaning of a request, not its spelling', async () => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'meaning' };
    const put = (path: string, body: string) => server.get(path, { method: 'PUT', headers, body });
    const first = await put(
      '/v1/pins/caf%C3%A9-1',
      '{"title":"x","attributes":{"b":[1,2],"a":{"d":1,"c":2}}}',
    );
    expect(first.body).toEqual({ result: 'created' });
    const same = [
      put('/v1/pins/caf%c3%a9%2D1', '{ "attributes": {"a":{"c":2.0,"d":1},"b":[1,2]}, "title":"\\u0078" }'),
      put('/v1/pins/%63afé-1', '{"title":"x","attributes":{"b":[1,2],"a":{"d":1,"c":2}}}'),
    ];
    for (const each of await Promise.all(same)) expect(each.body).toEqual({ result: 'created' });
    const others = [
      put('/v1/pins/caf%25C3%25A9-1', '{"title":"x","attributes":{"b":[1,2],"a":{"d":1,"c":2}}}'),
      put('/v1/pins/caf%C3%A9-1', '{"title":"x","attributes":{"b":[2,1],"a":{"d":1,"c":2}}}'),
      put('/v1/pins/caf%C3%A9-1', '{"title":"x","attributes":{"b":[1,2],"a":{"d":"1","c":2}}}'),
      put('/v1/boards/caf%C3%A9-1', '{"title":"x","attributes":{"b":[1,2],"a":{"d":1,"c":2}}}'),
    ];
    for (const each of await Promise.all(others)) expect(each.body.code).toBe('conflict');
  });

  test('refuses an invalid Idempotency-Key, and any with a stream', async () => {
    for (const key of ['', 'a b', 'x'.repeat(256), 'é']) {
      const response = await send(
        'POST',
        '/v1/saves',
        { user: 'kim', pin: 'corn' },
        { 'idempotency-key': key },
      );
      expect(response.body.errors, key).toMatchObject([{ pointer: '/Idempotency-Key' }]);
    }
    const headers = { 'content-type': 'application/x-ndjson', 'idempotency-key': 'two' };
    const response = await server.get('/v1/saves', { method: 'POST', headers, body: '' });
    expect(response.body.errors).toMatchObject([{ pointer: '/Idempotency-Key' }]);
  });

  test('an Idempotency-Key is valid only for the API key that sent it', async () => {
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
