import { expect, test } from 'vitest';
import { importSaves } from '../data-folders.ts';
import { serveForSuite } from './server.ts';

const server = serveForSuite((folder) => importSaves(folder, ['ann pasta basil', 'ann pasta tomato']), {
  replica: { writer: 'http://writer.example/', onGone: () => {} },
});

test.each([
  ['POST', '/v1/saves?a=b', { user: 'ann', pin: 'egg' }],
  ['DELETE', '/v1/pins/basil', undefined],
  ['PUT', '/v1/pins/basil', {}],
  ['DELETE', '/v1/users/ann', undefined],
  ['POST', '/v1/interactions', { kind: 'click', user: 'ann', pin: 'basil' }],
  ['POST', '/v1/snapshots', {}],
  ['GET', '/v1/users/ann/export', undefined],
  ['GET', '/v1/reports/engagement', undefined],
  ['GET', '/v1/users/ann/channels', undefined],
  ['GET', '/v1/unsubscribe/x.y', undefined],
  ['POST', '/v1/recommendations', { query: [{ pin: 'basil' }], record: { user: 'ann' } }],
  ['GET', '/v1/pins/basil/related?model=click', undefined],
])('a replica sends %s %s to its writer', async (method, path, body) => {
  const {
    status,
    headers,
    body: problem,
  } = await server.get(path, {
    method,
    redirect: 'manual',
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  expect(problem).toMatchObject({
    code: 'other-server',
    detail: expect.stringContaining('http://writer.example'),
  });
  expect(status).toBe(307);
  expect(headers.get('location')).toBe(`http://writer.example${path}`);
});

test('a replica answers reads by itself', async () => {
  const paths = [
    '/v1/pins/basil/related',
    '/v1/pins/basil',
    '/v1/changes?after=6',
    '/v1/snapshots',
    '/v1/jobs',
  ];
  for (const path of paths) expect.soft((await server.get(path)).status, path).toBe(200);
  expect((await server.post('/v1/recommendations', { query: [{ pin: 'basil' }] })).status).toBe(200);
});

test('a replica that has not reached its writer is not ready, and its metrics say so', async () => {
  expect((await server.get('/readyz')).body).toMatchObject({ status: 503, code: 'replica-behind' });
  const { body } = await server.get('/metrics');
  expect(body).toMatch(/^pinwalk_replica_lag_seconds \+Inf$/m);
  expect(body).toMatch(/^pinwalk_position 6$/m);
});
