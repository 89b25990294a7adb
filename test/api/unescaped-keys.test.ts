import { expect, test } from 'vitest';
import { importSaves } from '../data-folders.ts';
import { serveForSuite } from './server.ts';

const server = serveForSuite((folder) => importSaves(folder, ['ann a/b @types/node', 'ann a/b basil']));

test.each([
  ['/v1/pins/@types/node/related', '/v1/pins/@types%2Fnode/related'],
  ['/v1/pins/@types/node', '/v1/pins/@types%2Fnode'],
  ['/v1/boards/a/b/ideas', '/v1/boards/a%2Fb/ideas'],
  ['/v1/users/a/b%20c/d/feed', '/v1/users/a%2Fb%20c%2Fd/feed'],
])('the 404 of %s has the escaped path', async (path, escaped) => {
  const { status, body } = await server.get(path);
  expect({ status, code: body.code }).toEqual({ status: 404, code: 'unknown-route' });
  expect(body.detail).toBe(`there is no ${path}; write a / within a key as %2F: ${escaped}`);
  if (escaped.includes('@types')) expect((await server.get(escaped)).status).toBe(200);
});

test.each(['/v2/pins/a/b', '/v1/pins//related', '/v1/nothing', '/docs/a/b'])(
  'the 404 of %s suggests no escaped key',
  async (path) => {
    expect((await server.get(path)).body.detail).toBe(`there is no ${path}`);
  },
);
