import type { Request } from 'express';
import { describe, expect, test } from 'vitest';
import { addressOf } from '../../api/http/access/rate-limits.ts';
import { type DataFolder, revokeKey } from '../../graph-data/index.ts';
import { importSaves } from '../data-folders.ts';
import { bearer, keyFor, routeOf } from './keys.ts';
import { sendRaw } from './raw.ts';
import { serveForSuite } from './server.ts';

const fill = (folder: DataFolder) => importSaves(folder, ['ann pasta basil', 'ann pasta tomato']);
const related = '/v1/pins/basil/related';

describe('with keys', () => {
  const server = serveForSuite(fill);

  test('refuses a call without a valid bearer key, and names the scheme in WWW-Authenticate', async () => {
    const { key, id } = keyFor(server, 'read');
    expect((await server.get(related, bearer(key))).status).toBe(200);
    expect((await server.get(related, { headers: { authorization: `bearer  ${key}` } })).status).toBe(200);

    const missing = await server.get(related);
    expect(missing).toMatchObject({ status: 401, body: { code: 'missing-key' } });
    expect(missing.headers.get('www-authenticate')).toBe('Bearer realm="pinwalk"');
    const secret = key.slice(-43);
    const wrong = [
      key.slice(0, -1),
      `${key}x`,
      `pw_${id}_${'A'.repeat(43)}`,
      `pw_${'0'.repeat(12)}_${secret}`,
      'pw___proto___x',
      '__proto__',
    ];
    for (const each of [...wrong.map((text) => `Bearer ${text}`), `Basic ${key}`, key, 'Bearer', '']) {
      server.skippedMs += 60_000;
      const response = await server.get(related, { headers: { authorization: each } });
      expect(response, each).toMatchObject({ status: 401, body: { code: 'invalid-key' } });
      expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
    }
  });

  test('does not read the body of a request without a key', async () => {
    keyFor(server, 'read');
    const response = await server.post('/v1/recommendations', 'x'.repeat(2 ** 21));
    expect(response.body.code).toBe('missing-key');
  });

  test('open calls need no key and ignore an invalid one', async () => {
    for (const headers of [{}, { authorization: 'Bearer nothing' }, { host: 'example.org' }]) {
      expect((await server.get('/healthz', { headers })).status).toBe(200);
    }
  });

  test('refuses a revoked key and accepts a new key within a second', async () => {
    const old = keyFor(server, 'admin');
    expect((await server.get(related, bearer(old.key))).status).toBe(200);
    revokeKey(server.folder, old.id, Date.now());
    server.skippedMs += 1_000;
    expect((await server.get(related, bearer(old.key))).body.code).toBe('invalid-key');
    expect((await server.get(related, bearer(keyFor(server, 'write').key))).status).toBe(200);
  });
});

describe('scopes', () => {
  const scopes = ['read', 'write', 'admin'] as const;
  const server = serveForSuite(fill, {
    moreRoutes: scopes.map((scope) => routeOf(scope, () => ({ body: {} }))),
  });

  test.each(scopes.flatMap((key) => scopes.map((route) => [key, route] as const)))(
    'a key of scope %s is accepted or refused at a route of scope %s',
    async (keyScope, routeScope) => {
      const { key } = keyFor(server, keyScope);
      const response = await server.get(`/v1/tests/${routeScope}/of`, bearer(key));
      if (scopes.indexOf(keyScope) >= scopes.indexOf(routeScope)) {
        expect(response.status).toBe(200);
      } else {
        expect(response).toMatchObject({ status: 403, body: { code: 'insufficient-scope' } });
        expect(response.headers.get('www-authenticate')).toContain(`scope="${routeScope}"`);
      }
    },
  );
});

describe('without keys', () => {
  const server = serveForSuite(fill);
  const onNetwork = serveForSuite(fill, { settings: { host: '0.0.0.0' } });
  const withHost = (host: string) =>
    sendRaw(server.url, `GET ${related} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);

  test.each(['localhost', 'LOCALHOST:3000', '127.0.0.1', '127.1.2.3:80', '[::1]', '[::1]:3000'])(
    'without keys, accepts the Host header %s',
    async (host) => {
      expect((await withHost(host)).status).toBe(200);
    },
  );

  test.each([
    'example.org',
    'localhost.example.org',
    '127.0.0.1.example.org',
    'example.org:127',
    '128.0.0.1',
    'xlocalhost',
    'localhost@example.org',
    '::1',
    '0.0.0.0',
    '',
  ])('without keys, refuses the Host header %j, which may be a rebound name', async (host) => {
    const response = await withHost(host);
    expect(response).toMatchObject({ status: 403, body: { code: 'insufficient-scope' } });
    expect(response.body.detail).toContain('Host');
  });

  test.each([
    ['http://localhost:5173', 200],
    ['http://127.0.0.1', 200],
    ['https://example.org', 403],
    ['http://localhost.example.org', 403],
    ['null', 403],
  ])('without keys, a page of %s gets %i', async (origin, status) => {
    expect((await server.get(related, { headers: { origin } })).status).toBe(status);
  });

  const saved = JSON.stringify({ user: 'ann', pin: 'p' });
  test.each([
    // What an address bar and a bookmark send, and a page of this server.
    [{ 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }, 200],
    [{ 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }, 200],
    // A page of a development server that passes its requests on to this one.
    [{ 'sec-fetch-site': 'same-origin', origin: 'http://localhost:5173' }, 200],
    [{ 'sec-fetch-site': 'same-site', origin: 'http://localhost:5173' }, 403],
    // Images, fetch without CORS and links of other pages, which send no Origin with a GET.
    [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }, 403],
    [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, 403],
    [{ 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }, 403],
    [{ 'sec-fetch-site': 'cross-site', origin: 'https://example.org' }, 403],
    [{ 'sec-fetch-site': 'same-origin', origin: 'https://example.org' }, 403],
    [{ 'sec-fetch-site': 'whatever' }, 403],
  ])('without keys, a browser that sends %j gets %i, by every method', async (headers, status) => {
    expect((await server.get(related, { headers })).status).toBe(status);
    expect((await server.get(related, { method: 'HEAD', headers })).status).toBe(status);
    const json = { ...headers, 'content-type': 'application/json' };
    const post = await server.get('/v1/saves', { method: 'POST', headers: json, body: saved });
    expect(post.status).toBe(status === 200 ? 201 : status);
    if (status === 403) expect(post.body.code).toBe('insufficient-scope');
    const gone = await server.get('/v1/pins/p', { method: 'DELETE', headers });
    expect(gone.status).toBe(status);
  });

  test('a link of any page opens the explorer and the docs', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    for (const page of ['/', '/docs']) expect((await server.get(page, { headers })).status).toBe(200);
  });

  test('no browser caches data that may be personal', async () => {
    const caching = async (path: string, init?: RequestInit) =>
      (await server.get(path, init)).headers.get('cache-control');
    const personal = [
      '/v1/users/ann',
      '/v1/users/ann/export',
      '/v1/users/ann/feed',
      '/v1/search?q=a',
      '/v1/jobs',
    ];
    for (const path of [related, ...personal, '/v1/users/bob', '/nothing/ann', '/docs/ann', '/metrics']) {
      expect(await caching(path), path).toBe('no-store');
      expect(await caching(path, { method: 'HEAD' }), path).toBe('no-store');
    }
    expect(await caching('/v1/users/ann', { method: 'POST' })).toBe('no-store');
    expect(await caching('/docs')).toBe('no-cache');
  });

  test('without keys, a network address serves open calls only', async () => {
    expect((await onNetwork.get(related)).body.code).toBe('missing-key');
    expect((await onNetwork.get('/healthz')).status).toBe(200);
  });

  test('the first key closes the open calls for good, even when it is revoked', async () => {
    for (const each of [server, onNetwork]) {
      const { key, id } = keyFor(each, 'read');
      expect((await each.get(related)).body.code).toBe('missing-key');
      expect((await each.get(related, { ...bearer(key) })).status).toBe(200);
      revokeKey(each.folder, id, Date.now());
      each.skippedMs += 1_000;
      expect((await each.get(related)).body.code).toBe('missing-key');
    }
  });
});

describe('rate limits', () => {
  const server = serveForSuite(fill, { settings: { rateLimitPerMinute: 3 } });
  const unlimited = serveForSuite(fill);
  const statuses = async (count: number, send: () => Promise<{ status: number }>): Promise<number[]> => {
    const responses = [];
    for (let i = 0; i < count; i++) responses.push((await send()).status);
    return responses;
  };

  /** Of a window of a minute; on a busy machine, some of it has passed. */
  const expectAboutAMinute = (headers: Headers): void => {
    const seconds = Number(headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(30);
    expect(seconds).toBeLessThanOrEqual(60);
  };

  test('limits the rate of each address without keys, and of each key', async () => {
    expect(await statuses(4, () => server.get(related))).toEqual([200, 200, 200, 429]);
    const refused = await server.get(related);
    expect(refused.body).toMatchObject({ code: 'rate-limited', status: 429 });
    expectAboutAMinute(refused.headers);
    expect(await statuses(5, () => server.get('/healthz'))).toEqual([200, 200, 200, 200, 200]);
    server.skippedMs += 60_000;
    expect((await server.get(related)).status).toBe(200);

    const [one, other] = [keyFor(server, 'read'), keyFor(server, 'read')];
    expect(await statuses(4, () => server.get(related, bearer(one.key)))).toEqual([200, 200, 200, 429]);
    expect((await server.get(related, bearer(other.key))).status).toBe(200);
  });

  test('limits an address to 20 failures per minute, and never blocks a valid key', async () => {
    const { key } = keyFor(unlimited, 'read');
    const failures = await statuses(21, () => unlimited.get(related, bearer('pw_wrong')));
    expect(failures).toEqual([...Array.from({ length: 20 }, () => 401), 429]);
    expectAboutAMinute((await unlimited.get(related)).headers);
    expect((await unlimited.get(related, bearer(key))).status).toBe(200);
    unlimited.skippedMs += 60_000;
    expect((await unlimited.get(related)).status).toBe(401);
  });

  test('X-Forwarded-For does not change the address that failures count for', async () => {
    unlimited.skippedMs += 60_000;
    let next = 0;
    const send = () => unlimited.get(related, { headers: { 'x-forwarded-for': `10.0.0.${next++}` } });
    expect((await statuses(21, send)).at(-1)).toBe(429);
  });

  test('counts IPv6 clients by /64 network, and IPv4 clients alike in either notation', () => {
    const client = (ip: string | undefined) => addressOf({ ip } as Request);
    expect(client('2001:db8:1:2:3::4')).toBe(client('2001:db8:1:2:ffff::1'));
    expect(client('2001:db8:1:2::4')).not.toBe(client('2001:db8:1:3::4'));
    expect(client('::ffff:10.0.0.1')).toBe(client('10.0.0.1'));
    expect(client('10.0.0.1')).not.toBe(client('10.0.0.2'));
    for (const odd of ['fe80::1%eth0', '::1', undefined]) expect(client(odd)).toMatch(/^address /);
  });
});
