import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { Agent, type IncomingMessage, type RequestOptions, get as httpGet, request } from 'node:http';
import { type Socket, connect } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../graph-data/database/index.ts';
import { activateSnapshot, buildSnapshot } from '../../graph-data/index.ts';
import { importSaves, temporaryDataFolder, writeInput } from '../data-folders.ts';
import { commandEnv } from './command.ts';

/** Signals need a real process: these tests start the command. */

const main = path.join(import.meta.dirname, '../../scripts/main.js');
const folder = temporaryDataFolder(afterAll);
const serving: Serving[] = [];

interface Serving {
  readonly child: ChildProcess;
  readonly url: string;
  readonly log: () => Record<string, unknown>[];
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
}

beforeAll(async () => {
  await importSaves(folder, ['ann pasta basil', 'ann pasta tomato', 'ben salad tomato', 'ben salad egg']);
  activateSnapshot(folder, (await buildSnapshot(folder, () => performance.now())).version);
});

afterEach(async () => {
  for (const { child } of serving) child.kill('SIGKILL');
  await Promise.all(serving.splice(0).map(async ({ ended }) => ended));
});

async function serve(flags: string[] = [], nodeFlags: string[] = []): Promise<Serving> {
  // On a busy machine, requests wait for their turn and take longer than a stop does by default.
  const patience = ['--queue-ms-max', '60000', '--stop-seconds-max', '60'];
  const args = [main, 'serve', '--data', folder.root, '--port', '0', '--threads', '1', ...patience, ...flags];
  const child = spawn(process.execPath, [...nodeFlags, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: commandEnv(),
  });
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  const [text] = (await once(child.stdout, 'data')) as [Buffer];
  const url = /http:\S+/.exec(text.toString())![0];
  const log = (): Record<string, unknown>[] =>
    stderr
      .trim()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const one = { child, url, log, ended };
  serving.push(one);
  return one;
}

interface Got {
  readonly status: number | undefined;
  readonly connection: string | undefined;
  readonly body: string;
}

/** The response, or the code of the error. */
async function get(url: string, options: RequestOptions = { agent: false }): Promise<Got | string> {
  try {
    const sent = httpGet(url, options);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    let body = '';
    for await (const chunk of response) body += String(chunk);
    return { status: response.statusCode, connection: response.headers.connection, body };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

const walk = (url: string, seed: number, steps = 100_000): string =>
  `${url}/v1/pins/basil/related?algorithm=pixie&restartProbability=0&steps=${steps}&randomSeed=${seed}`;

/** Resolves when a worker runs a long walk; another one is requested if a busy machine saw it only when it had ended. */
async function longWalk(url: string): Promise<{ long: Promise<Got | string> }> {
  for (let seed = 1; ; seed++) {
    const long = get(walk(url, seed, 10_000_000));
    const over = long.then(() => undefined);
    let metrics: Got | string | undefined;
    do {
      metrics = await Promise.race([over, get(`${url}/metrics`)]);
      if (typeof metrics === 'object' && /^pinwalk_running 1$/m.test(metrics.body)) return { long };
    } while (metrics !== undefined);
    expect(await long).toMatchObject({ status: 200 });
  }
}

/** Sends a request without its body; resolves when the server waits for it. */
async function hang(url: string): Promise<void> {
  const headers = { 'Content-Type': 'application/json', 'Content-Length': 100, Expect: '100-continue' };
  const sent = request(`${url}/v1/recommendations`, { method: 'POST', headers });
  sent.on('error', () => {});
  sent.flushHeaders();
  await once(sent, 'continue');
}

async function connected(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  return socket;
}

describe('signals', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s under load cuts no response', async (signal) => {
    const { child, url, ended, log } = await serve();
    const agent = new Agent({ keepAlive: true, maxSockets: 16 });
    let isStopping = false;
    let seed = 0;
    const results: (Got | string)[] = [];
    const lastOfClients: (Got | string)[] = [];
    const clients = Array.from({ length: 16 }, async () => {
      for (;;) {
        const result = await get(walk(url, ++seed), { agent });
        results.push(result);
        if (typeof result === 'string' || (isStopping && result.connection === 'close')) {
          lastOfClients.push(result);
          return;
        }
      }
    });
    await expect.poll(() => results.length).toBeGreaterThan(100);
    isStopping = true;
    child.kill(signal);
    await Promise.all(clients);
    expect(await ended).toEqual({ code: 0, signal: null });
    const responses = results.filter((result) => typeof result !== 'string');
    for (const { status, body } of responses) {
      expect(status).toBe(200);
      expect(JSON.parse(body)).toMatchObject({ items: [{ pin: 'tomato' }, { pin: 'egg' }] });
    }
    // Responses in flight announced the end of the connection.
    expect(lastOfClients.some((last) => typeof last !== 'string' && last.connection === 'close')).toBe(true);
    // A request may meet the end of its idle connection; nothing else fails.
    for (const error of results.filter((result) => typeof result === 'string')) {
      expect(error).toMatch(/^(ECONNRESET|ECONNREFUSED|EPIPE)$/);
    }
    expect(log()).toEqual([]);
    agent.destroy();
  });

  test('SIGTERM waits until writes in flight are durable, and acknowledges them', async () => {
    const { child, url, ended, log } = await serve();
    const headers = { 'Content-Type': 'application/json', Expect: '100-continue' };
    const writes = Array.from({ length: 20 }, () => request(`${url}/v1/saves`, { method: 'POST', headers }));
    await Promise.all(
      writes.map(async (one) => {
        one.flushHeaders();
        await once(one, 'continue');
      }),
    );
    // Makes the writer wait.
    const other = openDatabase(folder);
    other.exec('BEGIN IMMEDIATE');
    const statuses = writes.map(async (one, i) => {
      one.end(JSON.stringify({ user: 'zoe', pin: `zucchini${i}` }));
      const [response] = (await once(one, 'response')) as [IncomingMessage];
      response.resume();
      return response.statusCode;
    });
    child.kill('SIGTERM');
    await expect.poll(async () => get(`${url}/healthz`)).toBe('ECONNREFUSED');
    other.exec('ROLLBACK');
    expect(await Promise.all(statuses)).toEqual(writes.map(() => 201));
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(log()).toEqual([]);
    const count = `SELECT count(*) FROM saves JOIN boards ON boards.id = board WHERE boards.key = 'zoe'`;
    expect(other.prepare(count).pluck().get()).toBe(20);
    other.close();
  });

  test('SIGTERM refuses new connections while requests in flight finish', async () => {
    const { child, url, ended } = await serve(['--log-level', 'info']);
    const idle = await connected(url);
    const closed = once(idle, 'close');
    const { long } = await longWalk(url);
    child.kill('SIGTERM');
    // An idle connection delays nothing.
    await closed;
    expect(await get(`${url}/healthz`)).toBe('ECONNREFUSED');
    expect(await long).toMatchObject({ status: 200, connection: 'close' });
    expect(await ended).toEqual({ code: 0, signal: null });
  });

  test('the deadline cuts hanging requests, logs their number, and exits with 1', async () => {
    const { child, url, ended, log } = await serve(['--stop-seconds-max', '0.3']);
    await hang(url);
    await hang(url);
    expect(await get(walk(url, 1))).toMatchObject({ status: 200 });
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 1, signal: null });
    expect(log()).toMatchObject([
      { level: 50, msg: 'not finished within 0.3 s: cutting the rest', cutRequests: 2, cutConnections: 2 },
    ]);
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('a second %s ends the process at once with %i', async (signal, code) => {
    const { child, url, ended } = await serve(['--stop-seconds-max', '3600']);
    await hang(url);
    child.kill('SIGTERM');
    await expect.poll(async () => get(`${url}/healthz`)).toBe('ECONNREFUSED');
    // Signals at the same time, as npm sends them, count as one.
    await new Promise((resolve) => setTimeout(resolve, 200));
    child.kill(signal);
    expect(await ended).toEqual({ code, signal: null });
  });

  test('two signals at the same time count as one', async () => {
    const { child, url, ended } = await serve();
    const { long } = await longWalk(url);
    // A stopped process gets both when it continues, however late this one sends the second.
    for (const signal of ['SIGSTOP', 'SIGINT', 'SIGTERM', 'SIGCONT'] as const) child.kill(signal);
    expect(await long).toMatchObject({ status: 200 });
    expect(await ended).toEqual({ code: 0, signal: null });
  });
});

describe('uncaught errors', () => {
  test.each([
    ['uncaughtException', `throw new Error('bang')`],
    ['unhandledRejection', `void Promise.reject(new Error('bang'))`],
  ])('%s is logged as fatal, requests in flight finish, and the exit code is 1', async (_kind, code) => {
    // A preloaded module throws, on a signal.
    const preload = writeInput(
      folder,
      `${_kind}.mjs`,
      `import { isMainThread } from 'node:worker_threads';
       if (isMainThread) process.on('SIGUSR2', () => { ${code}; });`,
    );
    const { child, url, ended, log } = await serve([], ['--import', preload]);
    const { long } = await longWalk(url);
    child.kill('SIGUSR2');
    expect(await long).toMatchObject({ status: 200, connection: 'close' });
    expect(await ended).toEqual({ code: 1, signal: null });
    expect(log()).toMatchObject([
      {
        level: 60,
        err: { type: 'Error', stack: expect.stringContaining('.mjs') },
        msg: 'uncaught error: stopping',
      },
    ]);
  });
});

test('serve applies the settings of a file', async () => {
  const file = path.join(folder.root, 'pinwalk.json');
  writeFileSync(file, JSON.stringify({ stepsMax: 500, threads: 2, logLevel: 'info' }));
  const { url, log } = await serve(['--config', file]);
  expect(await get(walk(url, 1, 501))).toMatchObject({ status: 400 });
  expect(await get(walk(url, 1, 500))).toMatchObject({ status: 200 });
  await expect.poll(() => log().filter(({ route }) => route !== undefined)).toHaveLength(2);
  // The flag overrides the file.
  expect(await get(`${url}/metrics`)).toMatchObject({ body: expect.stringMatching(/^pinwalk_threads 1$/m) });
});
