import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { type DataFolder, createKey, importFiles } from '../../graph-data/index.ts';
import { writeInput } from '../data-folders.ts';
import { openSocket, readAnswer, sendRaw } from './raw.ts';
import { serveForSuite } from './server.ts';
import { randomBytes } from 'node:crypto';

const fill = async (folder: DataFolder): Promise<void> => {
  const saves = [
    ['ann', 'one', 'basil'],
    ['ann', 'one', 'tomato'],
    ['ben', 'two', '%41'],
    ['ben', 'two', 'A'],
    ['cem', 'three', 'a b+c/d?e#f'],
    ['cem', 'three', '..'],
  ].map(([user, board, pin]) => JSON.stringify({ user, board, pin }));
  await importFiles(folder, [writeInput(folder, 'saves.jsonl', saves.join('\n'))]);
};
const server = serveForSuite(fill);
const hasty = serveForSuite(fill, {
  limits: { headersMsMax: 60, requestMsMax: 120, idleMsMax: 60, checkMs: 20 },
});
const stalling = serveForSuite(fill, { limits: { stalledMsMax: 300 } });
const small = serveForSuite(fill, { limits: { connectionsMax: 2 } });

const get = (path: string, ...lines: string[]): string =>
  [`GET ${path} HTTP/1.1`, 'Host: localhost', ...lines, '', ''].join('\r\n');
const post = (body: string, ...lines: string[]): string =>
  [
    'POST /v1/recommendations HTTP/1.1',
    'Host: localhost',
    'Content-Type: application/json',
    ...lines,
    '',
    body,
  ].join('\r\n');
const close = 'Connection: close';

test.each([
  ['no HTTP at all', 'hello\r\n\r\n', 400, 'invalid-request'],
  ['TLS', Buffer.from('16030100a5010000a10303', 'hex'), 400, 'invalid-request'],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'invalid-request'],
  ['an unknown method', 'BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n', 400, 'invalid-request'],
  ['a header without a name', get('/healthz', ': x'), 400, 'invalid-request'],
  ['a folded header', get('/healthz', 'A: b', ' c'), 400, 'invalid-request'],
  ['a bare line feed in a header', get('/healthz', 'A: b\nC: d\x01'), 400, 'invalid-request'],
  ['two lengths', post('{}', 'Content-Length: 2', 'Content-Length: 3'), 400, 'invalid-request'],
  [
    'a length and chunks',
    post('0\r\n\r\n', 'Content-Length: 5', 'Transfer-Encoding: chunked'),
    400,
    'invalid-request',
  ],
  ['a negative length', post('{}', 'Content-Length: -2'), 400, 'invalid-request'],
  ['a chunk without a size', post('zz\r\n\r\n', 'Transfer-Encoding: chunked'), 400, 'invalid-request'],
  ['no Host', `GET /healthz HTTP/1.1\r\n${close}\r\n\r\n`, 400, 'invalid-request'],
  ['a header over 16 KiB', get('/healthz', `A: ${'x'.repeat(17_000)}`), 431, 'headers-too-large'],
  [
    'many headers over 16 KiB',
    get('/healthz', ...Array.from({ length: 3_000 }, (_, i) => `A${i}: x`)),
    431,
    'headers-too-large',
  ],
  ['a path over 16 KiB', get(`/${'x'.repeat(17_000)}`), 431, 'headers-too-large'],
  ['CONNECT', 'CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n', 405, 'method-not-allowed'],
  [
    'an unknown expectation',
    post('{}', 'Expect: the-unexpected', 'Content-Length: 2'),
    400,
    'invalid-request',
  ],
  ['TRACE', `TRACE /healthz HTTP/1.1\r\nHost: localhost\r\n${close}\r\n\r\n`, 405, 'method-not-allowed'],
  ['an invalid path', `GET healthz HTTP/1.1\r\nHost: localhost\r\n${close}\r\n\r\n`, 400, 'invalid-request'],
  ['an asterisk', `OPTIONS * HTTP/1.1\r\nHost: localhost\r\n${close}\r\n\r\n`, 404, 'unknown-route'],
])('responds to %s with a problem', async (_what, bytes, status, code) => {
  const response = await sendRaw(server.url, bytes);
  expect(response).toMatchObject({ status, body: { code, status } });
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(response.headers.get('x-request-id')).toBe(response.body.requestId);
  expect(response.headers.get('connection')).toBe('close');
  expect((await server.get('/healthz')).status).toBe(200);
});

test('a malformed request neither breaks the response before it nor gets one of its own', async () => {
  const { socket, received, closed } = openSocket(server.url);
  socket.write(`${get('/v1/pins/basil/related')}rubbish\r\n\r\n`);
  await closed;
  expect(received()).not.toMatch(/HTTP\/1\.1 400/);
});

test('ignores an upgrade and serves the request', async () => {
  const upgrade = get('/healthz', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13');
  const { socket, received } = openSocket(server.url);
  socket.write(upgrade);
  await expect.poll(received).toContain('{"status":"ok"}');
  expect(readAnswer(received()).status).toBe(200);
  socket.write(get('/healthz', close));
  await once(socket, 'close');
  expect(received().match(/HTTP\/1\.1 200/g)).toHaveLength(2);
});

test('a connection serves many requests, also pipelined', async () => {
  const { socket, received, closed } = openSocket(server.url);
  socket.write(get('/healthz').repeat(1_500) + get('/healthz', close));
  await closed;
  expect(received().match(/HTTP\/1\.1 200/g)).toHaveLength(1_501);
});

describe('Expect: 100-continue', () => {
  const body = '{"query":[{"pin":"basil"}]}';
  const head = post('', 'Expect: 100-continue', `Content-Length: ${body.length}`);

  test('sends 100 Continue when the body is about to be read', async () => {
    const { socket, received, closed } = openSocket(server.url);
    socket.write(head);
    await expect.poll(received).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    socket.write(body);
    await closed;
    expect(readAnswer(received())).toMatchObject({ status: 200, body: { items: [{ pin: 'tomato' }] } });
  });

  test('refuses a request without 100 Continue, and closes the connection', async () => {
    const response = await sendRaw(server.url, head.replace('localhost', 'example.org'));
    expect(response.status).toBe(403);
    const { socket, received, closed } = openSocket(server.url);
    socket.write(head.replace('localhost', 'example.org'));
    await closed;
    expect(received()).not.toContain('100 Continue');
  });
});

describe('time', () => {
  test.each([
    ['nothing of the headers', 'GET / HTTP'],
    ['part of the headers', 'GET / HTTP/1.1\r\nHost: localhost\r\n'],
    ['part of the body', post('{"query":', 'Content-Length: 100')],
    ['part of the chunks', post('5\r\n{"que', 'Transfer-Encoding: chunked')],
  ])('a client that sends %s and stops gets request-timeout', async (_what, bytes) => {
    const response = await sendRaw(hasty.url, bytes);
    expect(response).toMatchObject({ status: 408, body: { code: 'request-timeout' } });
  });

  test('closes the connection of a client that does not read', async () => {
    const { socket, closed } = openSocket(stalling.url);
    socket.pause();
    const sending = setInterval(() => {
      if (!socket.writableNeedDrain) socket.write(get('/healthz').repeat(100));
    }, 1);
    await closed;
    clearInterval(sending);
    expect(socket.destroyed).toBe(true);
  });

  test('closes an idle connection without a response', async () => {
    const { socket, received, closed } = openSocket(hasty.url);
    socket.write(get('/healthz'));
    await closed;
    expect(received().match(/HTTP\/1\.1 /g)).toEqual(['HTTP/1.1 ']);
  });

  test('survives a client that disconnects in the middle of a body', async () => {
    for (let i = 0; i < 20; i++) {
      const { socket, closed } = openSocket(server.url);
      socket.write(post('{"query":', 'Content-Length: 100'), () => socket.destroy());
      await closed;
    }
    expect((await server.get('/healthz')).status).toBe(200);
    expect(server.logLines.join('')).not.toContain('unexpected');
  });
});

test('closes connections beyond the limit, keeps the others, and accepts new ones once there is room', async () => {
  const [first, second] = [openSocket(small.url), openSocket(small.url)];
  for (const { socket, received } of [first, second]) {
    socket.write(get('/healthz'));
    await expect.poll(received).toContain('ok');
  }
  const third = openSocket(small.url);
  third.socket.write(get('/healthz'));
  await third.closed;
  expect(third.received()).toBe('');
  first.socket.write(get('/healthz', close));
  await first.closed;
  expect(first.received().match(/HTTP\/1\.1 200/g)).toHaveLength(2);
  await expect.poll(async () => (await sendRaw(small.url, get('/healthz', close))).status).toBe(200);
  second.socket.destroy();
});

describe('ids in paths', () => {
  const related = async (id: string): Promise<unknown> => {
    const { body } = await sendRaw(server.url, get(`/v1/pins/${id}/related`, close));
    return body.items?.map(({ pin }: { pin: string }) => pin) ?? body.code;
  };

  test.each([
    ['%2541', ['A']],
    ['%41', ['%41']],
    ['A', ['%41']],
    ['%252541', 'unknown-pin'],
    ['%2e%2e', ['a b+c/d?e#f']],
    ['..', ['a b+c/d?e#f']],
    ['a%20b+c%2Fd%3Fe%23f', ['..']],
    ['a+b+c%2Fd%3Fe%23f', 'unknown-pin'],
    ['%00', 'unknown-pin'],
    ['%', 'invalid-request'],
    ['%c0%af', 'invalid-request'],
    ['%ed%a0%80', 'invalid-request'],
    ['x'.repeat(8_000), 'invalid-request'],
  ])('decodes the path %j once: %j', async (id, expected) => {
    expect(await related(id)).toEqual(expected);
  });
});

test('ignores a key in a second Authorization header', async () => {
  const { key } = createKey(small.folder, { scope: 'read' }, randomBytes, 0);
  small.skippedMs += 1_000;
  const lines = ['Authorization: Bearer nothing', `Authorization: Bearer ${key}`, close];
  const path = '/v1/pins/basil/related';
  expect((await sendRaw(small.url, get(path, ...lines))).body.code).toBe('invalid-key');
  expect((await sendRaw(small.url, get(path, ...lines.slice(1)))).status).toBe(200);
});
