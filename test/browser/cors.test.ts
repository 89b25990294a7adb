import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importSaves } from '../data-folders.ts';
import { serveForSuite } from '../api/server.ts';
import { browseForSuite } from './browser.ts';

let pages: Server;
let origin = '';
const settings = { corsOrigins: '' };
// Before the server starts, which is told the origin of the pages: another port is another origin.
beforeAll(async () => {
  pages = createServer((_request, response) => {
    response
      .setHeader('Content-Type', 'text/html')
      .end('<!doctype html><title>App</title><link rel=icon href="data:,">');
  });
  await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
  settings.corsOrigins = origin;
});
afterAll(() => pages.close());
const server = serveForSuite((folder) => importSaves(folder, ['ann pasta basil', 'ann pasta tomato']), {
  settings,
});
const browser = browseForSuite({
  get url() {
    return origin;
  },
});

test('a page of an allowed origin reads, writes and reads problems in a real browser', async () => {
  const page = await browser.open('/');
  const seen = await page.evaluate(async (url) => {
    const read = await fetch(`${url}/v1/pins/basil/related`);
    const written = await fetch(`${url}/v1/saves`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'one' },
      body: JSON.stringify({ user: 'ben', board: 'salad', pin: 'olive' }),
    });
    const unknown = await fetch(`${url}/v1/pins/nowhere/related`);
    const { code, requestId } = (await unknown.json()) as Record<string, string>;
    const isSame = unknown.headers.get('x-request-id') === requestId;
    return { read: read.status, written: written.status, unknown: unknown.status, code, isSame };
  }, server.url);
  expect(seen).toEqual({ read: 200, written: 201, unknown: 404, code: 'unknown-pin', isSame: true });
  browser.expectFaults(/^asked for/);
});
