import { randomBytes } from 'node:crypto';
import type { Request } from 'express';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createLog } from '../../api/index.ts';
import { addressOf } from '../../api/http/access/rate-limits.ts';
import { noParameters } from '../../api/base/index.ts';
import { type Reply, type Route, defineRoute } from '../../api/http/index.ts';
import { type DataFolder, type KeyScope, createKey, importFiles, revokeKey } from '../../graph-data/index.ts';
import { writeInput } from '../data-folders.ts';
import { sendRaw } from './raw.ts';
import { type TestServer, serveForSuite } from './server.ts';

const email = 'ann@example.org';
const fill = async (folder: DataFolder): Promise<void> => {
  const saves = [
    [email, 'pasta', 'basil'],
    [email, 'pasta', 'tomato'],
    ['ben', '__proto__', 'tomato'],
    ['ben', '__proto__', 'constructor'],
    ['toString', 'hasOwnProperty', 'constructor'],
    ['toString', 'hasOwnProperty', '__proto__'],
  ].map(([user, board, pin]) => JSON.stringify({ user, board, pin }));
  await importFiles(folder, [writeInput(folder, 'saves.jsonl', saves.join('\n'))]);
};

const related = '/v1/pins/basil/related';
const bearer = (key: string): RequestInit => ({ headers: { authorization: `Bearer ${key}` } });
/** A new key, which the server has noticed. */
const keyFor = (server: TestServer, scope: KeyScope): { key: string; id: string } => {
  const { key, row } = createKey(server.folder, { scope }, randomBytes, Date.now());
  server.skippedMs += 1_000;
  return { key, id: row.id };
};

/** A call at `/v1/tests/{scope}/{id}`. */
const routeOf = (scope: KeyScope, handle: (id: string) => Reply<Record<string, never>>): Route =>
  defineRoute({
    method: 'get',
    path: `/v1/tests/${scope}/{id}`,
    operationId: scope,
    tag: 'tests',
    summary: '',
    scope,
    params: z.strictObject({ id: z.string() }),
    query: noParameters,
    response: { status: 200, description: '', schema: z.strictObject({}) },
    problems: [],
    handle: ({ params }) => handle(params.id),
  });

describe('with keys', () => {
  const server = serveForSuite(fill);

  test('a call needs a key that exists, as a bearer, and the answer says so', async () => {
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
      const answer = await server.get(related, { headers: { authorization: each } });
      expect(answer, each).toMatchObject({ status: 401, body: { code: 'invalid-key' } });
      expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
    }
  });

  test('the body of a request without a key is not read', async () => {
    keyFor(server, 'read');
    const answer = await server.post('/v1/recommendations', 'x'.repeat(2 ** 21));
    expect(answer.body.code).toBe('missing-key');
  });

  test('open calls need none, whatever comes with them', async () => {
    for (const headers of [{}, { authorization: 'Bearer nothing' }, { host: 'example.org' }]) {
      expect((await server.get('/healthz', { headers })).status).toBe(200);
    }
  });

  test('a key that is revoked is refused within a second, a new one taken', async () => {
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
    'a key of %s asks for %s',
    async (keyScope, routeScope) => {
      const { key } = keyFor(server, keyScope);
      const answer = await server.get(`/v1/tests/${routeScope}/of`, bearer(key));
      if (scopes.indexOf(keyScope) >= scopes.indexOf(routeScope)) {
        expect(answer.status).toBe(200);
      } else {
        expect(answer).toMatchObject({ status: 403, body: { code: 'insufficient-scope' } });
        expect(answer.headers.get('www-authenticate')).toContain(`scope="${routeScope}"`);
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
    'whoever asks for %s may ask',
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
  ])('whoever asks for %j may not: a name of others can be made to lead here', async (host) => {
    const answer = await withHost(host);
    expect(answer).toMatchObject({ status: 403, body: { code: 'insufficient-scope' } });
    expect(answer.body.detail).toContain('Host');
  });

  test.each([
    ['http://localhost:5173', 200],
    ['http://127.0.0.1', 200],
    ['https://example.org', 403],
    ['http://localhost.example.org', 403],
    ['null', 403],
  ])('a page of %s: %i', async (origin, status) => {
    expect((await server.get(related, { headers: { origin } })).status).toBe(status);
  });

  test('on a network, nothing but open calls is open', async () => {
    expect((await onNetwork.get(related)).body.code).toBe('missing-key');
    expect((await onNetwork.get('/healthz')).status).toBe(200);
  });

  test('the first key shuts what was open, and revoking it does not open it again', async () => {
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

describe('rates', () => {
  const server = serveForSuite(fill, { settings: { rateLimitPerMinute: 3 } });
  const usual = serveForSuite(fill);
  const statuses = async (count: number, ask: () => Promise<{ status: number }>): Promise<number[]> => {
    const answers = [];
    for (let i = 0; i < count; i++) answers.push((await ask()).status);
    return answers;
  };

  test('each address without keys, then each key, has its own minute', async () => {
    expect(await statuses(4, () => server.get(related))).toEqual([200, 200, 200, 429]);
    const refused = await server.get(related);
    expect(refused.body).toMatchObject({ code: 'rate-limited', status: 429 });
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(await statuses(5, () => server.get('/healthz'))).toEqual([200, 200, 200, 200, 200]);
    server.skippedMs += 60_000;
    expect((await server.get(related)).status).toBe(200);

    const [one, other] = [keyFor(server, 'read'), keyFor(server, 'read')];
    expect(await statuses(4, () => server.get(related, bearer(one.key)))).toEqual([200, 200, 200, 429]);
    expect((await server.get(related, bearer(other.key))).status).toBe(200);
  });

  test('20 failures a minute of an address; whoever has a right key still gets through', async () => {
    const { key } = keyFor(usual, 'read');
    const failures = await statuses(21, () => usual.get(related, bearer('pw_wrong')));
    expect(failures).toEqual([...Array.from({ length: 20 }, () => 401), 429]);
    expect((await usual.get(related)).headers.get('retry-after')).toBe('60');
    expect((await usual.get(related, bearer(key))).status).toBe(200);
    usual.skippedMs += 60_000;
    expect((await usual.get(related)).status).toBe(401);
  });

  test('X-Forwarded-For does not make another address', async () => {
    usual.skippedMs += 60_000;
    let next = 0;
    const asked = () => usual.get(related, { headers: { 'x-forwarded-for': `10.0.0.${next++}` } });
    expect((await statuses(21, asked)).at(-1)).toBe(429);
  });

  test('IPv6 is counted by networks of 64 bits, and IPv4 the same in either notation', () => {
    const client = (ip: string | undefined) => addressOf({ ip } as Request);
    expect(client('2001:db8:1:2:3::4')).toBe(client('2001:db8:1:2:ffff::1'));
    expect(client('2001:db8:1:2::4')).not.toBe(client('2001:db8:1:3::4'));
    expect(client('::ffff:10.0.0.1')).toBe(client('10.0.0.1'));
    expect(client('10.0.0.1')).not.toBe(client('10.0.0.2'));
    for (const odd of ['fe80::1%eth0', '::1', undefined]) expect(client(odd)).toMatch(/^address /);
  });
});

describe('headers', () => {
  const server = serveForSuite(fill);

  test('allow our own pages and images of pins, and nothing else', async () => {
    for (const path of ['/healthz', related, '/nowhere']) {
      const { headers } = await server.get(path);
      const policy = headers.get('content-security-policy')!.split(';');
      expect(policy).toEqual(
        expect.arrayContaining([
          "default-src 'self'",
          "img-src 'self' data: https:",
          "style-src 'self' 'unsafe-inline'",
          "connect-src 'self'",
          "frame-ancestors 'none'",
        ]),
      );
      expect(policy.join()).not.toMatch(/script-src|upgrade-insecure-requests/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('strict-transport-security')).toBeNull();
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });
});

describe('logs', () => {
  const failing = routeOf('admin', (id) => {
    throw Object.assign(new TypeError(`no ${id}\n    at ${id} (secret.ts:1:1)`), { id, body: { user: id } });
  });
  const server = serveForSuite(fill, { moreRoutes: [failing] });

  test('have no key, no header, no query string and no path, whatever is asked', async () => {
    const { key, id } = keyFor(server, 'admin');
    const secret = key.slice(-43);
    const user = encodeURIComponent(email);
    const asked = await Promise.all([
      server.get(`/v1/users/${user}/feed?limit=7`, bearer(key)),
      server.get(`/v1/users/${user}/feed?limit=7&limit=${secret}`, bearer(key)),
      server.get(`/v1/users/${user}/feed?key=${key}`, bearer(key)),
      server.get(`/v1/users/${user}/feed?${key}`),
      server.get(`/v1/users/${user}/feed`, bearer(`${key.slice(0, -1)}_`)),
      server.get(`/v1/users/${user}/nowhere?key=${key}`, bearer(key)),
      server.get(`/v1/users/${user}/feed`, { ...bearer(key), method: 'DELETE' }),
      server.get(`/v1/users/nobody-${user}/feed`, bearer(key)),
      server.get(`/v1/tests/admin/${user}?`, bearer(key)),
      server.get(`/v1/users/%zz${user}/feed`, bearer(key)),
      server.get('/v1/recommendations', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify({ query: [{ user: email, wrong: email }], [email]: 1 }),
      }),
      server.get('/v1/recommendations', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: `{"query":[{"user":"${email}"`,
      }),
      sendRaw(server.url, `GET /v1/users/${user}/feed HTTP/9.9\r\nAuthorization: Bearer ${key}\r\n\r\n`),
      sendRaw(
        server.url,
        `GET /${email} HTTP/1.1\r\nAuthorization: ${key}\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      ),
    ]);
    expect(new Set(asked.map(({ status }) => status))).toEqual(new Set([200, 400, 401, 404, 405, 431, 500]));
    await expect.poll(() => server.logLines.length).toBeGreaterThanOrEqual(asked.length + 1);
    const lines = server.logLines.join('');
    expect(lines).toContain('/v1/users/{user}/feed');
    expect(lines).toContain(`"keyId":"${id}"`);
    const hers = ['ann@', 'ann%40', 'example.org'];
    for (const never of [
      secret,
      secret.slice(0, -1),
      ...hers,
      'authorization',
      'limit=',
      'wrong',
      'nobody',
    ]) {
      expect(lines.toLowerCase()).not.toContain(never.toLowerCase());
    }
    const unforeseen = server.log.find(({ err }) => err !== undefined);
    expect(unforeseen!['err']).toEqual({
      type: 'TypeError',
      stack: expect.stringContaining('access.test.ts'),
    });
  });

  test('a key that code to come would log is cut all the same, and headers too', () => {
    const lines: string[] = [];
    const log = createLog('info', { write: (line) => void lines.push(line) });
    const { key, id } = keyFor(server, 'read');
    log.info(
      { req: { headers: { authorization: 'Bearer x1' } }, authorization: 'x2', any: { url: 'x3' } },
      key,
    );
    expect(lines[0]).not.toMatch(/x1|x2|x3/);
    expect(lines[0]).not.toContain(key.slice(-43));
    expect(JSON.parse(lines[0]!).msg).toBe(`pw_${id}_…`);
    for (const err of [null, undefined, email, { email }]) log.error({ err }, 'odd');
    expect(lines.join('')).not.toContain(email);
  });
});
