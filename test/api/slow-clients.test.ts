import { execSync } from 'node:child_process';
import { type Socket, connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { type RankedOutcome, recommendationRequest } from '../../api/index.ts';
import { importSaves } from '../data-folders.ts';
import { serveForSuite } from './server.ts';
import { bytesOf } from './wire.ts';

/** Slow and vanishing clients: the server serves the others, and frees the sockets. */
const manyPins = Array.from({ length: 900 }, (_, i) => `${i}-${'x'.repeat(400)}`);
const server = serveForSuite(
  (folder) =>
    importSaves(folder, [
      'ann pasta basil',
      'ann pasta tomato',
      ...manyPins.map((pin) => `ben large ${pin}`),
      'ben large start',
    ]),
  {
    serving: { lightWorkMax: Infinity },
    limits: { headersMsMax: 2_000, requestMsMax: 3_000, idleMsMax: 400, stalledMsMax: 5_000, checkMs: 50 },
  },
);
/** Allows idle time for longer than it takes to connect 2,000 clients. */
const patient = serveForSuite((folder) => importSaves(folder, ['ann pasta basil']), {
  limits: { headersMsMax: 60_000, requestMsMax: 60_000 },
});

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** A raw client; `heard` collects what it receives. */
function client(url: string = server.url): { socket: Socket; heard: () => string; closed: Promise<void> } {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString()));
  // A reset is one way to be disconnected.
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return { socket, heard: () => text, closed };
}

function requestBytes(body: object): Buffer {
  const bytes = Buffer.from(JSON.stringify(body));
  return bytesOf({
    method: 'POST',
    target: '/v1/recommendations',
    headers: [
      ['Host', 'localhost'],
      ['Content-Type', 'application/json'],
      ['Content-Length', String(bytes.length)],
    ],
    body: bytes,
  });
}

const query = [{ pin: 'basil' }];
const longWalk = (randomSeed: number): object => ({
  query,
  algorithm: 'pixie',
  params: { steps: 10_000_000 },
  randomSeed,
});

/** Occupies all slots of the only worker for a second or more. */
function occupy(): Promise<RankedOutcome[]>[] {
  return [1, 2].map((slot) =>
    server.graphs.recommendBatch({
      requests: [1, 2, 3].map((i) => recommendationRequest.parse(longWalk(10 * slot + i))),
    }),
  );
}

async function expectReady(): Promise<void> {
  expect((await server.get('/readyz')).status).toBe(200);
  expect((await server.post('/v1/recommendations', { query })).status).toBe(200);
}

/** Waits far longer than it takes: only a socket that is never freed fails. */
async function expectFreed(): Promise<void> {
  await expect.poll(() => server.connections()).toBe(0);
  const faults = server.faults;
  expect(faults).toEqual([]);
}

async function drip(socket: Socket, bytes: Buffer): Promise<void> {
  for (const byte of bytes) {
    if (!socket.writable) return;
    socket.write(Buffer.from([byte]));
    await pause(40);
  }
}

describe('a client that sends slowly', () => {
  test.each([
    ['its headers', (bytes: Buffer) => bytes.subarray(0, 0)],
    ['its body', (bytes: Buffer) => bytes.subarray(0, bytes.indexOf('\r\n\r\n') + 4)],
  ])('disconnects a client that sends %s slowly, and serves others meanwhile', async (_what, atOnce) => {
    const bytes = requestBytes({
      query,
      exclude: { pins: Array.from({ length: 100 }, (_, i) => `pin ${i}`) },
    });
    const { socket, heard, closed } = client();
    const head = atOnce(bytes);
    socket.write(head);
    const dripping = drip(socket, bytes.subarray(head.length));
    await expectReady();
    await closed;
    await dripping;
    expect(heard()).toMatch(/^HTTP\/1\.1 408 /);
    await expectFreed();
  });
});

describe('a client that vanishes', () => {
  test('forgets a client that vanishes in the middle of its body', async () => {
    const bytes = requestBytes(longWalk(1));
    const clients = Array.from({ length: 50 }, () => client());
    for (const { socket } of clients) socket.write(bytes.subarray(0, bytes.length - 5));
    await pause(50);
    for (const [i, { socket }] of clients.entries()) {
      if (i % 2 === 0) socket.destroy();
      else socket.resetAndDestroy();
    }
    await expectReady();
    expect([server.graphs.queue.running, server.graphs.queue.length]).toEqual([0, 0]);
    await expectFreed();
  });

  test('a client that vanishes while its request waits frees its place in the queue', async () => {
    const busy = occupy();
    const { socket } = client();
    socket.write(requestBytes({ query }));
    await expect.poll(() => server.graphs.queue.length, { interval: 5 }).toBe(1);
    socket.destroy();
    await expect.poll(() => server.graphs.queue.length, { interval: 5 }).toBe(0);
    // Both slots are still occupied: the request left the queue before it started.
    expect(server.graphs.queue.running).toBe(2);
    await Promise.all(busy);
    expect(server.graphs.queue.running).toBe(0);
    await expectReady();
    await expectFreed();
  });

  test('a client that vanishes during its walk delays no other', async () => {
    const { socket } = client();
    socket.write(requestBytes(longWalk(3)));
    await expect.poll(() => server.graphs.queue.running, { interval: 5 }).toBe(1);
    socket.destroy();
    await expectReady();
    await expect.poll(() => server.graphs.queue.running).toBe(0);
    await expectFreed();
  });
});

describe('a client that does not read', () => {
  test('disconnects a client that does not read, and does not run its further requests', async () => {
    const large = requestBytes({ query: [{ pin: 'start' }], limit: 900, algorithm: 'paths' });
    const { socket } = client();
    socket.pause();
    // Over 20 MB of responses: more than the buffers of both ends hold.
    socket.write(Buffer.concat(Array.from({ length: 50 }, () => large)));
    await expect.poll(() => server.connections()).toBeGreaterThan(0);
    await expectReady();
    await expectFreed();
    const walked = server.log.filter(({ route }) => route === '/v1/recommendations');
    expect(walked.length).toBeGreaterThan(0);
    expect(server.graphs.queue.running + server.graphs.queue.length).toBe(0);
  });
});

describe('many idle clients', () => {
  const count = 2_000;
  const filesMax = execSync('ulimit -n', { shell: '/bin/sh' }).toString().trim();
  // Both ends are in this process.
  const isPossible = filesMax === 'unlimited' || Number(filesMax) > 2 * count + 500;
  test.skipIf(!isPossible)(`${count} connections without a request leave the server ready`, async () => {
    const clients: ReturnType<typeof client>[] = [];
    // In steps of 200: the system's accept queue is short.
    while (clients.length < count) {
      const some = Array.from({ length: 200 }, () => client(patient.url));
      await Promise.all(some.map(({ socket }) => new Promise((resolve) => socket.once('connect', resolve))));
      clients.push(...some);
      await expect.poll(() => patient.connections()).toBeGreaterThanOrEqual(clients.length);
    }
    expect((await patient.get('/readyz')).status).toBe(200);
    for (const { socket } of clients) socket.destroy();
    await expect.poll(() => patient.connections()).toBeLessThan(2);
    expect((await patient.get('/readyz')).status).toBe(200);
  });

  test('disconnects 100 idle clients in time', async () => {
    const closed = Array.from({ length: 100 }, () => client().closed);
    await expect(Promise.all(closed)).resolves.toHaveLength(100);
    await expectFreed();
  });
});
