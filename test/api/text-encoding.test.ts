import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { importSaves } from '../data-folders.ts';
import { sendRaw } from './raw.ts';
import { serveForSuite } from './server.ts';

const replacement = '\u{fffd}';
// The pin that two ids with different invalid bytes would become.
const server = serveForSuite((folder) =>
  importSaves(folder, [`ann pasta a${replacement}`, 'ann pasta tomato', 'ann pasta Ã©', 'ann pasta é']),
);
const post = (body: Uint8Array, type = 'application/json', headers: Record<string, string> = {}) =>
  server.get('/v1/recommendations', {
    method: 'POST',
    headers: { 'content-type': type, ...headers },
    body: new Uint8Array(body),
  });
const withBytes = (bytes: number[]): Buffer =>
  Buffer.concat([Buffer.from('{"query":[{"pin":"a'), Buffer.from(bytes), Buffer.from('"}]}')]);
const valid = withBytes([...Buffer.from(replacement)]);

test.each([
  ['a byte that begins nothing', [0xff]],
  ['a cut sequence', [0xc3]],
  ['an overlong sequence', [0xc0, 0xaf]],
  ['half a surrogate pair', [0xed, 0xa0, 0x80]],
])('refuses a body with %s, plain and packed', async (_, bytes) => {
  const refused = { status: 400, body: { code: 'invalid-request', detail: 'the body is not valid UTF-8' } };
  expect(await post(withBytes(bytes))).toMatchObject(refused);
  const packed = gzipSync(withBytes(bytes));
  expect(await post(packed, 'application/json', { 'content-encoding': 'gzip' })).toMatchObject(refused);
});

test('accepts UTF-8 with a byte order mark or its charset, and UTF-16', async () => {
  const text = valid.toString();
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');
  const bodies: [Uint8Array, string][] = [
    [valid, 'application/json'],
    [Buffer.from(`\ufeff${text}`), 'application/json'],
    [valid, 'application/json; charset="UTF-8"'],
    [utf16, 'application/json; charset=utf-16'],
    [Buffer.from(utf16).swap16(), 'application/json;charset=utf-16be'],
  ];
  for (const [body, type] of bodies) expect((await post(body, type)).status).toBe(200);
});

test('refuses half a surrogate pair in UTF-16, and other charsets', async () => {
  const half = Buffer.from('{"query":[{"pin":"a\ud800"}]}', 'utf16le');
  expect(await post(half, 'application/json; charset=utf-16le')).toMatchObject({ status: 400 });
  for (const charset of ['utf-32', 'utf-7', 'latin1']) {
    expect(await post(valid, `application/json; charset=${charset}`)).toMatchObject({ status: 415 });
  }
});

test('refuses a line of a stream that is not UTF-8, and writes the others', async () => {
  const lines = Buffer.concat([
    Buffer.from('{"user":"ann","board":"pasta","pin":"one"}\n{"user":"ann","board":"pasta","pin":"a'),
    Buffer.from([0xff]),
    Buffer.from('"}\n{"user":"ann","board":"pasta","pin":"two"}\n'),
  ]);
  const { body } = await server.get('/v1/saves', {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: new Uint8Array(lines),
  });
  expect(body).toMatchObject({ added: 2, rejected: 1, rejects: [{ line: 2 }] });
  expect(body.rejects[0].detail).toContain('UTF-8');
});

test.each([
  ['/v1/pins/a%FF', 400],
  ['/v1/pins/a%ED%A0%80', 400],
  ['/v1/search?q=a%FF', 400],
  ['/v1/search?q=a%C3%28', 400],
  [`/v1/pins/${encodeURIComponent(`a${replacement}`)}`, 200],
  ['/v1/pins/%C3%A9', 200],
  ['/v1/search?q=100%', 200],
  ['/v1/search?q=%C3%A9+%25', 200],
])('responds to %s with %i', async (path, status) => {
  expect((await server.get(path)).status).toBe(status);
});

test.each(['/v1/pins/é', '/v1/search?q=é'])('refuses unescaped bytes beyond ASCII in %s', async (path) => {
  const head = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`;
  expect((await sendRaw(server.url, Buffer.from(head))).status).toBe(400);
});
