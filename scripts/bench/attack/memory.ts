import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { type Socket, connect } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type DataFolder,
  activateSnapshot,
  buildSnapshot,
  createKey,
  importFiles,
  openDataFolder,
} from '../../../graph-data/index.ts';
import { thousands } from '../../output.ts';
import { startServer } from '../api/server-process.ts';
import { largestRequests, setCounter } from './largest-requests.ts';
import type { Outcome, Trial } from './trial.ts';

type Server = Awaited<ReturnType<typeof startServer>>;

const mebibyte = 2 ** 20;
const full = { requests: 50_000, bodies: 600, flatMiB: 128 };
/** A heap that has just begun to grow is not flat. */
const small = { requests: 12, bodies: 8, flatMiB: 768 };
/** Requests that are in flight at once. */
const clients = 4;
/** Of a server with two threads; docs/faults.md lists their parts. */
const peakMiB = 1_088;
const unfinishedMiB = 256;

/** One read key sends the largest legal requests, and bodies that do not end: memory must stay flat. */
export const memory: Trial = async ({ isSmall, folder }) => {
  const sizes = isSmall ? small : full;
  const data = openDataFolder(path.join(folder, 'data'));
  await fill(data, folder);
  const [key, other] = [1, 2].map(
    () => createKey(data, { scope: 'read' }, (bytes) => randomBytes(bytes), Date.now()).key,
  ) as [string, string];
  // No request of the attack is refused.
  const flags = [
    '--threads',
    '2',
    '--rate-limit-per-minute',
    '0',
    '--work-max-read',
    '0',
    '--queue-ms-max',
    '60000',
  ];
  // Each on a server of its own: memory that one leaves uncollected would hide or add to that of the others.
  return [
    ...(await onServer(data, flags, (server) => sendLargest(server, key, sizes))),
    await onServer(data, flags, (server) => sendUnfinished(server, { key, other }, sizes.bodies)),
  ];
};

async function onServer<Result>(
  { root }: DataFolder,
  flags: readonly string[],
  work: (server: Server) => Promise<Result>,
): Promise<Result> {
  const server = await startServer(root, flags);
  try {
    return await work(server);
  } finally {
    if (!Number.isNaN(server.residentBytes())) await server.stop();
  }
}

async function fill(data: DataFolder, folder: string): Promise<void> {
  const file = path.join(folder, 'saves.csv');
  const rows = Array.from({ length: 2_000 }, (_, i) => `u${i % 50},b${i % 50},p${(i * 7) % 300}`);
  writeFileSync(file, `user,board,pin\n${rows.join('\n')}\n`);
  await importFiles(data, [file]);
  activateSnapshot(data, (await buildSnapshot(data, () => performance.now())).version);
}

async function sendLargest(server: Server, key: string, sizes: typeof full): Promise<Outcome[]> {
  const { requests, flatMiB } = sizes;
  const agent = new Agent({ keepAlive: true });
  const before = inMiB(server.residentBytes());
  const early = Math.ceil(requests / 5);
  let earlyPeak = NaN;
  let sent = 0;
  let answered = 0;
  const client = async (): Promise<void> => {
    const kinds = largestRequests();
    while (sent < requests) {
      const i = sent++;
      // Filters reach the most memory for the least work of a worker.
      const kind = kinds[i % 2 === 0 ? 0 : ((i - 1) / 2) % kinds.length]!;
      setCounter(kind, i);
      if ((await post(server.port, key, kind.path, kind.body, agent)) === 200) answered++;
      if (i === early) earlyPeak = inMiB(server.peakBytes());
    }
  };
  await Promise.allSettled(Array.from({ length: clients }, client));
  agent.destroy();
  const peak = inMiB(server.peakBytes());
  const load = `${thousands(requests)} distinct requests of 1 MiB, one read key`;
  const isAlive = !Number.isNaN(peak) && answered >= 0.9 * requests;
  return [
    {
      name: 'memory/largest-requests',
      load,
      measured: isAlive
        ? `peak ${peak} MiB, ${before} before; ${thousands(answered)} answered`
        : `${thousands(answered)} answered, then the server was gone or refused`,
      bound: `${peakMiB} MiB`,
      held: isAlive && peak <= peakMiB,
    },
    {
      name: 'memory/flat',
      load,
      measured: `peak ${earlyPeak} MiB in the first ${thousands(early)}, ${peak} MiB in all`,
      bound: `${earlyPeak + flatMiB} MiB`,
      held: isAlive && peak <= earlyPeak + flatMiB,
    },
  ];
}

function inMiB(bytes: number): number {
  return Math.round(bytes / mebibyte);
}

async function sendUnfinished(
  server: Server,
  { key, other }: { readonly key: string; readonly other: string },
  bodies: number,
): Promise<Outcome> {
  const before = inMiB(server.residentBytes());
  const sockets: Socket[] = [];
  for (let i = 0; i < bodies; i++) sockets.push(await sendAllButLast(server.port, key));
  await pause(500);
  const query = Buffer.from('{"query":[{"pin":"p1"}]}');
  const status = await post(server.port, other, '/v1/recommendations', query, new Agent()).catch(
    () => 'none',
  );
  for (const socket of sockets) socket.destroy();
  const growth = inMiB(server.peakBytes()) - before;
  return {
    name: 'memory/unfinished-bodies',
    load: `${bodies} bodies of 1 MiB without their last byte, one read key`,
    measured: `${growth} MiB more; another key got ${status}`,
    bound: `${unfinishedMiB} MiB more; 200`,
    held: growth <= unfinishedMiB && status === 200,
  };
}

/** Sends a body of 1 MiB but for its last byte. */
async function sendAllButLast(port: number, key: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  // The server ends some of them.
  socket.on('error', () => {});
  socket.resume();
  const head = [
    'POST /v1/recommendations HTTP/1.1',
    'Host: 127.0.0.1',
    `Authorization: Bearer ${key}`,
    'Content-Type: application/json',
    `Content-Length: ${mebibyte}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  await new Promise((resolve) => socket.write(Buffer.alloc(mebibyte - 1, ' '), resolve));
  return socket;
}

function post(port: number, key: string, to: string, body: Buffer, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'content-length': body.length,
    };
    const options = { host: '127.0.0.1', port, path: to, method: 'POST', agent, headers };
    const sent = httpRequest(options, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode!));
      response.once('error', reject);
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
