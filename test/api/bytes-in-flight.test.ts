import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createKey, importFiles } from '../../graph-data/index.ts';
import { writeInput } from '../data-folders.ts';
import { openSocket, readAnswer } from './raw.ts';
import { serveForSuite } from './server.ts';

const mebibyte = 2 ** 20;
/** As docs/limits.md says. */
const bytesMax = 128 * mebibyte;
const pins = 400;
const text = 'x'.repeat(20_000);
const keys: string[] = [];
const server = serveForSuite(
  async (folder) => {
    const saves = Array.from({ length: pins }, (_, i) => `{"user":"ann","board":"large","pin":"${i}"}`);
    const rows = Array.from({ length: pins }, (_, i) => `{"pin":"${i}","text":"${text}"}`);
    await importFiles(folder, [
      writeInput(folder, 'saves.jsonl', saves.join('\n')),
      writeInput(folder, 'pins.jsonl', rows.join('\n')),
    ]);
    for (let i = 0; i < 2; i++) keys.push(createKey(folder, { scope: 'read' }, randomBytes, 0).key);
  },
  { limits: { requestMsMax: 60_000, stalledMsMax: 60_000 } },
);

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

type Client = ReturnType<typeof openSocket>;

/** Sends all of a body but its last byte. */
async function unfinished(key: string, bytes: number): Promise<Client> {
  const client = openSocket(server.url);
  sockets.push(client.socket);
  const head = [
    'POST /v1/recommendations HTTP/1.1',
    'Host: 127.0.0.1',
    `Authorization: Bearer ${key}`,
    'Content-Type: application/json',
    `Content-Length: ${bytes}`,
  ];
  client.socket.write(`${head.join('\r\n')}\r\n\r\n`);
  const body = '{"query":[{"pin":"1"}]'.padEnd(bytes - 1, ' ');
  await new Promise((resolve) => client.socket.write(body, resolve));
  return client;
}
const overloaded = (client: Client): boolean => client.received().startsWith('HTTP/1.1 503');
const get = (key: string, path: string) => server.get(path, { headers: { authorization: `Bearer ${key}` } });

test('unfinished bodies are bounded in bytes: the oldest of the largest client are refused', async () => {
  const [attacker, other] = keys as [string, string];
  const honest = await unfinished(other, mebibyte);
  const clients: Client[] = [];
  for (let i = 0; i < 150; i++) clients.push(await unfinished(attacker, mebibyte));
  await expect.poll(() => clients.filter(overloaded).length).toBeGreaterThanOrEqual(22);
  expect(clients.filter(overloaded).length).toBeLessThan(30);
  expect(clients.slice(-120).some(overloaded)).toBe(false);
  const refused = readAnswer(clients[0]!.received());
  expect(refused).toMatchObject({ status: 503, body: { code: 'overloaded' } });
  expect(refused.headers.get('retry-after')).toBe('1');
  await clients[0]!.closed;
  // Meanwhile others are served, and an older body of another client is not lost.
  expect((await get(other, '/v1/pins/1/related')).status).toBe(200);
  honest.socket.write('}');
  await expect.poll(honest.received).toMatch(/^HTTP\/1.1 200/);
});

test('the memory of bodies that were given up is free at once', async () => {
  const [key] = keys as [string];
  const clients: Client[] = [];
  for (let i = 0; i < 320; i++) clients.push(await unfinished(key, mebibyte));
  await expect.poll(() => clients.filter(overloaded).length).toBeGreaterThan(190);
  expect(process.memoryUsage().arrayBuffers).toBeLessThan(bytesMax + 32 * mebibyte);
});

test('bytes of bodies that were given up or answered are free again', async () => {
  const [key] = keys as [string];
  for (let round = 0; round < 2; round++) {
    const clients = await Promise.all(Array.from({ length: 100 }, async () => unfinished(key, mebibyte)));
    if (round === 0) for (const { socket } of clients) socket.destroy();
    else {
      for (const { socket } of clients) socket.write('}');
      await expect
        .poll(() => clients.every(({ received }) => received().startsWith('HTTP/1.1 200')))
        .toBe(true);
    }
  }
});

test('a packed body counts as the largest that it can be', async () => {
  const [key] = keys as [string];
  const clients: Client[] = [];
  for (let i = 0; i < 140; i++) {
    const client = openSocket(server.url);
    clients.push(client);
    sockets.push(client.socket);
    client.socket.write(
      `POST /v1/recommendations HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\n` +
        'Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 100\r\n\r\n',
    );
  }
  await expect.poll(() => clients.filter(overloaded).length).toBe(12);
});

test('responses that nobody reads are bounded in bytes: the oldest of the largest client are cut', async () => {
  const [attacker, other] = keys as [string, string];
  const request = (key: string): Client => {
    const client = openSocket(server.url);
    sockets.push(client.socket);
    client.socket.pause();
    client.socket.write(
      `GET /v1/popular?limit=${pins}&fields=text HTTP/1.1\r\nHost: 127.0.0.1\r\n` +
        `Authorization: Bearer ${key}\r\nConnection: close\r\n\r\n`,
    );
    return client;
  };
  const honest = request(other);
  const clients = Array.from({ length: 30 }, () => request(attacker));
  await expect.poll(async () => (await get(other, '/readyz')).status).toBe(200);
  await expect.poll(() => server.log.filter(({ status }) => status === 'gone').length).toBeGreaterThan(10);
  honest.socket.resume();
  await honest.closed;
  expect(readAnswer(honest.received()).body.items).toHaveLength(pins);
  for (const { socket } of clients) socket.resume();
  await Promise.all(clients.map(async ({ closed }) => closed));
  const complete = clients.filter(({ received }) => received().endsWith('}'));
  expect(complete.length).toBeGreaterThan(5);
  expect(complete.length).toBeLessThanOrEqual(Math.ceil(bytesMax / (pins * text.length)));
});
