import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { request } from 'node:http';
import { expect, test } from 'vitest';
import { Explorer } from '../../api/explorer/index.ts';
import { importSaves } from '../data-folders.ts';
import { serveForSuite } from './server.ts';

const server = serveForSuite((folder) => importSaves(folder, ['ann pasta basil', 'ann pasta tomato']));

/** The raw bytes of a response, which `fetch` would decode. */
function raw(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ headers: object; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    const sent = request(server.url + path, { headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve({ headers: response.headers, bytes: Buffer.concat(parts) }));
    });
    sent.on('error', reject).end();
  });
}

async function filesOfPage(): Promise<string[]> {
  const { body } = await server.get('/');
  return [...String(body).matchAll(/(?:src|href)="(\/explorer\/[^"]+)"/g)].map(([, url]) => url!);
}

test('the page loads nothing from other hosts, under a policy that forbids inline code', async () => {
  const { body, headers } = await server.get('/');
  const policy = headers.get('content-security-policy')!;
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("style-src 'self'");
  expect(policy).not.toMatch(/unsafe|\*/);
  expect(headers.get('cache-control')).toBe('no-cache');
  expect(body).not.toMatch(/<script(?![^>]* src=)|<style| on\w+=| style=|https?:\/\/(?!www\.w3\.org)/);
  const files = await filesOfPage();
  expect(files.map((file) => file.replace(/-\w+\./, '.'))).toEqual([
    '/explorer/page.css',
    '/explorer/theme.js',
    '/explorer/main.js',
  ]);
});

test('files of the page are named by their content, cacheable for a year, and compressed', async () => {
  for (const file of await filesOfPage()) {
    const { body, headers, status } = await server.get(file);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const plain = await raw(file);
    expect(plain.headers).not.toHaveProperty('content-encoding');
    expect(plain.bytes.toString()).toBe(body);
    const zipped = await raw(file, { 'Accept-Encoding': 'gzip' });
    expect(zipped.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    expect(gunzipSync(zipped.bytes).toString()).toBe(body);
    const smallest = await raw(file, { 'Accept-Encoding': 'gzip, deflate, br' });
    expect(smallest.headers).toMatchObject({ 'content-encoding': 'br' });
    expect(brotliDecompressSync(smallest.bytes).toString()).toBe(body);
  }
});

test('an unchanged file of the page is not sent again', async () => {
  const etag = (await server.get('/')).headers.get('etag')!;
  const again = await server.get('/', { headers: { 'If-None-Match': `"other", ${etag}` } });
  expect(again).toMatchObject({ status: 304, body: undefined });
  expect((await server.get('/', { headers: { 'If-None-Match': '"other"' } })).status).toBe(200);
});

test('every query string gives the same page; other methods and files are problems', async () => {
  expect((await server.get('/?view=compose&pin=basil&bogus=1')).body).toBe((await server.get('/')).body);
  const head = await server.get('/', { method: 'HEAD' });
  expect(head).toMatchObject({ status: 200, body: undefined });
  const posted = await server.get('/', { method: 'POST' });
  expect(posted).toMatchObject({ status: 405, body: { code: 'method-not-allowed' } });
  expect(posted.headers.get('allow')).toBe('GET, HEAD');
  for (const path of ['/explorer/nothing.js', '/explorer/..%2fserve.ts', '/explorer/', '/explorer']) {
    expect((await server.get(path)).body, path).toMatchObject({ status: 404, code: 'unknown-route' });
  }
});

test("a checkout without the page's tools says how to install them", async () => {
  const bundle = new URL('../../api/explorer/bundle.ts', import.meta.url);
  const script = `
    import { registerHooks } from 'node:module';
    registerHooks({ resolve: (name, context, next) => next(name === 'esbuild' ? 'not-installed' : name, context) });
    const { bundlePage } = await import(${JSON.stringify(bundle.href)});
    await bundlePage().catch(({ code, message }) => console.log(code, message));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  expect(stdout).toMatch(/^unknown-route .*run npm ci without --omit=dev\n$/);
});

test('the page is bundled once, and again only after a failure', async () => {
  let bundled = 0;
  const explorer = new Explorer(async () => {
    bundled++;
    if (bundled === 1) throw new Error('no esbuild');
    return new Map();
  });
  await expect(explorer.assets()).rejects.toThrow('no esbuild');
  await Promise.all([explorer.assets(), explorer.assets()]);
  expect(bundled).toBe(2);
});
