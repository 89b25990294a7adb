import { describe, expect, test } from 'vitest';
import { configure } from '../../api/operations/configuration.ts';
import { type DataFolder } from '../../graph-data/index.ts';
import { importSaves } from '../data-folders.ts';
import { keyFor } from './keys.ts';
import { serveForSuite } from './server.ts';

const fill = (folder: DataFolder) => importSaves(folder, ['ann pasta basil', 'ann pasta tomato']);
const related = '/v1/pins/basil/related';
const [app, other] = ['https://app.example.com', 'https://evil.example.com'];
const preflight = (origin: string) => ({
  method: 'OPTIONS',
  headers: {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type,idempotency-key',
  },
});
const from = (origin: string) => ({ headers: { origin, 'sec-fetch-site': 'cross-site' } });

describe('a server that names an origin', () => {
  const server = serveForSuite(fill, { settings: { corsOrigins: `${app}, http://localhost:5173` } });

  test('answers the preflight of that origin, without cookies, and gives no other origin leave', async () => {
    const { status, headers } = await server.get('/v1/saves', preflight(app));
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(app);
    expect(headers.get('access-control-allow-methods')).toBe('GET,HEAD,POST,PUT,DELETE');
    expect(headers.get('access-control-allow-headers')).toContain(
      'Authorization,Content-Type,Idempotency-Key',
    );
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    expect(headers.get('vary')).toContain('Origin');
    expect(
      (await server.get('/v1/saves', preflight(other))).headers.get('access-control-allow-origin'),
    ).toBeNull();
  });

  test('logs name the route of a preflight', async () => {
    await server.get(related, preflight(app));
    await expect
      .poll(() => server.log.at(-1))
      .toMatchObject({ method: 'OPTIONS', route: '/v1/pins/{pin}/related', status: 204 });
  });

  test('lets in pages of that origin without a key, and refuses others, other ports and requests that hide theirs', async () => {
    const { status, headers } = await server.get(related, from(app));
    expect(status).toBe(200);
    expect(headers.get('access-control-allow-origin')).toBe(app);
    expect(headers.get('access-control-expose-headers')).toContain('Retry-After');
    expect((await server.get(related, from('http://localhost:5173'))).status).toBe(200);
    for (const origin of [
      other,
      'http://localhost:5174',
      'null',
      `${app}.evil.com`,
      'https://app.example.co',
    ]) {
      const refused = await server.get(related, from(origin));
      expect(refused, origin).toMatchObject({ status: 403, body: { code: 'insufficient-scope' } });
      expect(refused.headers.get('access-control-allow-origin'), origin).toBeNull();
      expect(refused.headers.get('vary')).toContain('Origin');
    }
    const hidden = { headers: { 'sec-fetch-site': 'cross-site' } };
    expect((await server.get(related, hidden)).status).toBe(403);
  });

  test('problems can be read by pages of that origin: unknown pins, unknown routes, invalid keys', async () => {
    for (const path of ['/v1/pins/nowhere/related', '/v1/nothing']) {
      const { status, headers } = await server.get(path, from(app));
      expect(status).toBe(404);
      expect(headers.get('access-control-allow-origin')).toBe(app);
    }
    const { key } = keyFor(server, 'read');
    server.skippedMs += 2_000;
    const missing = await server.get(related, from(app));
    expect(missing).toMatchObject({ status: 401, body: { code: 'missing-key' } });
    expect(missing.headers.get('access-control-allow-origin')).toBe(app);
    const withKey = { headers: { ...from(other).headers, authorization: `Bearer ${key}` } };
    expect((await server.get(related, withKey)).status).toBe(200);
  });
});

describe('a server that allows every origin', () => {
  const server = serveForSuite(fill, { settings: { corsOrigins: '*' } });

  test('still refuses pages of other origins while it has no keys', async () => {
    const refused = await server.get(related, from(app));
    expect(refused.status).toBe(403);
    expect(refused.headers.get('access-control-allow-origin')).toBe('*');
    const { key } = keyFor(server, 'read');
    server.skippedMs += 2_000;
    const withKey = { headers: { ...from(app).headers, authorization: `Bearer ${key}` } };
    expect((await server.get(related, withKey)).status).toBe(200);
  });
});

describe('a server without corsOrigins', () => {
  const server = serveForSuite(fill);

  test('sends no CORS headers and answers no preflight', async () => {
    const answer = await server.get('/v1/saves', preflight(app));
    expect(answer.status).toBe(405);
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test('logs name the route of a request by a method that the route does not have', async () => {
    for (const [path, route] of [
      ['/v1/saves', '/v1/saves'],
      ['/v1/pins/basil/related', '/v1/pins/{pin}/related'],
      ['/v1/recommendations/batch', '/v1/recommendations/batch'],
      ['/openapi.json', '/openapi.json'],
      ['/openapixjson', 'unknown'],
      ['/v1/pins/basil/nothing', 'unknown'],
    ] as const) {
      await server.get(path, { method: 'OPTIONS' });
      await expect.poll(() => server.log.at(-1)).toMatchObject({ method: 'OPTIONS', route });
    }
  });
});

test.each([
  ['*', true],
  ['https://app.example.com', true],
  ['http://localhost:5173, https://app.example.com', true],
  ['https://app.example.com/', false],
  ['app.example.com', false],
  ['https://*.example.com', false],
  ['*, https://app.example.com', false],
  ['null', false],
  ['', false],
])('corsOrigins %j is valid: %s', (corsOrigins, isValid) => {
  const { faults } = configure({ environment: {}, flags: { corsOrigins } });
  expect(faults.length === 0).toBe(isValid);
});
