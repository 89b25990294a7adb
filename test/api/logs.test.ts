import { describe, expect, test } from 'vitest';
import { createLog } from '../../api/index.ts';
import type { DataFolder } from '../../graph-data/index.ts';
import { importSaves } from '../data-folders.ts';
import { bearer, keyFor, routeOf } from './keys.ts';
import { sendRaw } from './raw.ts';
import { serveForSuite } from './server.ts';

const email = 'ann@example.org';
const fill = (folder: DataFolder) => importSaves(folder, [`${email} pasta basil`, `${email} pasta tomato`]);
const related = '/v1/pins/basil/related';

describe('headers', () => {
  const server = serveForSuite(fill);

  test('security headers allow our own pages and images of pins, and nothing else', async () => {
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

  test('the log contains no key, no header, no query string and no path, whatever a request contains', async () => {
    const { key, id } = keyFor(server, 'admin');
    const secret = key.slice(-43);
    const user = encodeURIComponent(email);
    const responses = await Promise.all([
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
    expect(new Set(responses.map(({ status }) => status))).toEqual(
      new Set([200, 400, 401, 404, 405, 431, 500]),
    );
    await expect.poll(() => server.logLines.length).toBeGreaterThanOrEqual(responses.length + 1);
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
    const logged = server.log.find(({ err }) => err !== undefined);
    expect(logged!['err']).toEqual({
      type: 'TypeError',
      stack: expect.stringContaining('logs.test.ts'),
    });
  });

  test('the log has the trace of the sender, also without an SDK, and none of an invalid one', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const trace = async (traceparent: string, requestId: string) => {
      await server.get('/healthz', { headers: { traceparent, 'x-request-id': requestId } });
      const line = () => server.log.find((each) => each['requestId'] === requestId);
      await expect.poll(line).toBeDefined();
      return line()!['traceId'];
    };
    expect(await trace(`00-${traceId}-b7ad6b7169203331-01`, 'traced')).toBe(traceId);
    expect(await trace(`cc-${traceId}-b7ad6b7169203331-00-more`, 'newer-version')).toBe(traceId);
    expect(await trace(`00-${traceId}-b7ad6b7169203331-01-`, 'invalid')).toBeUndefined();
    expect(await trace(`00-${'0'.repeat(32)}-b7ad6b7169203331-01`, 'zero')).toBeUndefined();
  });

  test('the log redacts a key or headers that future code would pass to it', () => {
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
