import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, expect, test } from 'vitest';
import {
  type DataFolder,
  activateSnapshot,
  buildSnapshot,
  importFiles,
  openDataFolder,
  openDatabaseReadOnly,
} from '../../graph-data/index.ts';
import { importSaves, temporaryFolder, writeInput } from '../data-folders.ts';
import { pinwalkAlone } from '../scripts/command.ts';
import { type RealServer, killServer, launchServer, startServer } from './real-server.ts';

/** Writer and replicas in processes of their own. */

const root = temporaryFolder(afterAll);
const servers: RealServer[] = [];
afterEach(async () => Promise.all(servers.splice(0).map(killServer)));

let names = 0;
const newName = (): string => path.join(root, `folder-${++names}`);

async function serve(folder: string, ...flags: string[]): Promise<RealServer> {
  const server = await startServer(folder, ...flags);
  servers.push(server);
  return server;
}

async function newWriter(): Promise<{ folder: DataFolder; writer: RealServer; published: string }> {
  const folder = openDataFolder(newName());
  const saves = Array.from({ length: 3_000 }, (_, i) => `u${i % 50} b${(i * 7) % 200} p${(i * 13) % 300}`);
  // A board belongs to one user.
  await importSaves(
    folder,
    saves.map((text) =>
      text.replace(/^\S+ b(\d+)/, (_, board: string) => `u${Number(board) % 50} b${board}`),
    ),
  );
  await importFiles(folder, [writeInput(folder, 'pins.csv', 'pin,title,price\np1,First,2\np2,Second,3\n')]);
  activateSnapshot(folder, (await buildSnapshot(folder, () => 0)).version);
  const writer = await serve(folder.root);
  const published = newName();
  await publishFrom(folder, published);
  return { folder, writer, published };
}

async function publishFrom(folder: DataFolder, published: string): Promise<void> {
  const { code, stderr } = await pinwalkAlone('publish', published, '--data', folder.root);
  expect(code, stderr).toBe(0);
}

const send = async (server: RealServer, method: string, at: string, body?: unknown): Promise<Response> => {
  const headers = { 'content-type': 'application/json' };
  const sent = await fetch(server.url + at, {
    method,
    redirect: 'manual',
    ...(body !== undefined && { headers, body: JSON.stringify(body) }),
  });
  expect(sent.status, await sent.clone().text()).toBeLessThan(400);
  return sent;
};
const tokenOf = (response: Response): string => response.headers.get('pinwalk-position')!;

async function read(server: RealServer, at: string, token?: string): Promise<Response> {
  return fetch(server.url + at, token === undefined ? {} : { headers: { 'pinwalk-position': token } });
}

/** Waits until a server has a position: on a busy machine, a read gives up earlier. */
async function reaches(server: RealServer, token: string): Promise<void> {
  await expect.poll(async () => (await read(server, '/v1/graph', token)).status).toBe(200);
}

/** The responses of a server to the same requests, without what names a response and its times. */
async function answersOf(server: RealServer, token: string): Promise<string[]> {
  const answers: string[] = [];
  const take = async (response: Response): Promise<void> => {
    const text = await response.text();
    answers.push(
      `${response.status} ${text
        .replace(/"recommendationId":"[^"]+",/, '')
        .replaceAll(/"(walkMs|queueMs)":[\d.]+/g, '"$1":0')
        .replace(/"requestId":"[^"]+"/, '')}`,
    );
  };
  await reaches(server, token);
  // A server indexes texts with its first search.
  const search = async (): Promise<string> => (await read(server, '/v1/search?q=first', token)).text();
  await expect.poll(search).toContain('"index":"ready"');
  for (let i = 0; i < 20; i++) {
    const body = {
      query: [{ pin: `p${i * 13}` }, { user: `u${i}` }, { pin: `new ${i}` }],
      ...(i % 3 === 0 ? { algorithm: 'paths' } : { randomSeed: i }),
      ...(i % 4 === 0 && { explain: true, fields: ['title', 'price'] }),
      ...(i % 5 === 0 && { target: 'boards' }),
      limit: 50,
    };
    await take(
      await fetch(`${server.url}/v1/recommendations`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'pinwalk-position': token },
        body: JSON.stringify(body),
      }),
    );
  }
  const paths = ['/v1/pins/p1', '/v1/boards/b7', '/v1/users/u1', '/v1/users/u1/feed?randomSeed=4'];
  const searches = ['/v1/search?q=first', '/v1/popular?limit=40', '/v1/boards/b7/saves', '/v1/interests'];
  for (const at of [...paths, ...searches, '/v1/pins/gone', '/v1/pins/p13/saves']) {
    await take(await read(server, at, token));
  }
  return answers;
}

/** Changes of every kind, several commits of them at once. Returns the position of the last. */
async function change(writer: RealServer): Promise<string> {
  const saves = Array.from({ length: 60 }, (_, i) => ({
    user: `u${i % 50}`,
    board: i % 9 === 0 ? `new board ${i}` : `b${i % 50}`,
    pin: i % 4 === 0 ? `new ${i / 4}` : `p${(i * 31) % 300}`,
    ...(i % 7 === 0 && { savedAt: '2026-01-02T03:04:05.678Z', weight: 0.1 + i }),
  }));
  await Promise.all(saves.map(async (save) => send(writer, 'POST', '/v1/saves', save)));
  const gone = Array.from({ length: 30 }, (_, i) => ({
    user: `u${i}`,
    board: `b${i}`,
    pin: `p${(i * 13) % 300}`,
  }));
  await Promise.all(gone.map(async (save) => send(writer, 'DELETE', '/v1/saves', save)));
  await send(writer, 'PUT', '/v1/pins/p1', { title: 'First of all', attributes: { price: 5 } });
  await send(writer, 'PUT', '/v1/boards/b7', { title: 'Seventh' });
  await send(writer, 'PUT', '/v1/users/u1', { attributes: { language: 'en' } });
  await send(writer, 'DELETE', `/v1/pins/p26`);
  await send(writer, 'PUT', '/v1/pins/gone', { title: 'Gone' });
  await send(writer, 'DELETE', '/v1/pins/gone');
  return tokenOf(await send(writer, 'POST', '/v1/saves', saves));
}

test('writer and replica answer with the same bytes at the same position, also after the replica was killed', async () => {
  const { folder: source, writer, published } = await newWriter();
  // Some changes come from the publication, some from the log.
  const early = await change(writer);
  const flags = ['--follow', published, '--writer-url', writer.url];
  const folder = newName();
  const replica = await serve(folder, ...flags);
  expect(await answersOf(replica, early)).toEqual(await answersOf(writer, early));
  const killed = change(writer);
  await wait(30);
  replica.child.kill('SIGKILL');
  await replica.ended;
  await killed;
  const late = await change(writer);
  const again = await serve(folder, ...flags);
  const answers = await answersOf(writer, late);
  expect(new Set(answers).size).toBeGreaterThan(20);
  expect(await answersOf(again, late)).toEqual(answers);
  expect(rowsOf(folder)).toEqual(rowsOf(source.root));
  again.child.kill('SIGKILL');
  await again.ended;
  // As after a power failure: commits in the middle of the log are lost, and its index.
  const log = path.join(folder, 'pinwalk.db-wal');
  const bytes = readFileSync(log);
  writeFileSync(log, bytes.fill(0, bytes.length >> 2, bytes.length >> 1));
  rmSync(path.join(folder, 'pinwalk.db-shm'));
  const anew = await serve(folder, ...flags);
  await reaches(anew, late);
  expect(rowsOf(folder)).toEqual(rowsOf(source.root));
});

/** All rows but those of indexes, with the log. */
function rowsOf(folder: string): unknown {
  const database = openDatabaseReadOnly(openDataFolder(folder))!;
  const tables = ['users', 'boards', 'pins', 'saves', 'source', 'keys'].map(
    (table) => `SELECT * FROM ${table}`,
  );
  const log = 'SELECT position, kind, a, b, mark FROM events ORDER BY position';
  const rows = [...tables, log].map((select) => database.prepare(select).all());
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(database.pragma('foreign_key_check')).toEqual([]);
  database.close();
  return rows;
}

test('a replica takes no writes, starts anew by itself after an import, and erases whom its writer erases', async () => {
  const { folder: source, writer, published } = await newWriter();
  await send(writer, 'POST', '/v1/saves', { user: 'secret-person', board: 'secret-board', pin: 'p1' });
  await publishFrom(source, published);
  const folder = newName();
  const replica = await serve(
    folder,
    '--follow',
    published,
    '--writer-url',
    writer.url,
    '--log-level',
    'info',
  );
  const { port } = new URL(replica.url);
  const redirected = await send(replica, 'POST', '/v1/saves?x=1', { user: 'u1', pin: 'p2' });
  expect(redirected.status).toBe(307);
  expect(redirected.headers.get('location')).toBe(`${writer.url}/v1/saves?x=1`);
  await expect.poll(async () => (await read(replica, '/readyz')).status).toBe(200);

  const files = (): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter((file) => readFileSync(file).includes('secret-'));
  expect(files()).not.toEqual([]);
  await send(writer, 'DELETE', '/v1/users/secret-person');
  await expect.poll(files, { interval: 200 }).toEqual([]);
  expect((await read(replica, '/v1/users/secret-person')).status).toBe(404);

  const imported = writeInput(source, 'more.jsonl', '{"user":"u1","board":"b1","pin":"imported"}\n');
  expect((await pinwalkAlone('import', imported, '--data', source.root)).code).toBe(0);
  // Nothing reaches beyond the import, until it is published.
  await wait(300);
  expect((await read(replica, '/v1/pins/imported')).status).toBe(404);
  await publishFrom(source, published);
  const status = async (): Promise<number> =>
    fetch(`http://127.0.0.1:${port}/v1/pins/imported`).then(
      (response) => response.status,
      () => 0,
    );
  await expect.poll(status, { interval: 200 }).toBe(200);
  const token = tokenOf(await send(writer, 'POST', '/v1/saves', { user: 'u1', board: 'b1', pin: 'after' }));
  // Both build graphs with the import first.
  const seen = async (): Promise<string> => (await read(replica, '/v1/boards/b1/saves', token)).text();
  await expect.poll(seen, { interval: 200 }).toContain('"after"');
});

test('a folder is served as what it is', async () => {
  const { folder: source, writer, published } = await newWriter();
  const folder = newName();
  const flags = ['--follow', published, '--writer-url', writer.url];
  const replica = await serve(folder, ...flags);
  replica.child.kill('SIGTERM');
  expect((await replica.ended).code).toBe(0);
  writer.child.kill('SIGTERM');
  await writer.ended;
  const asWriter = await launchServer(folder).ended;
  expect(asWriter).toMatchObject({ code: 2, stderr: expect.stringContaining('replica.json') });
  const overData = await launchServer(source.root, ...flags).ended;
  expect(overData).toMatchObject({ code: 2, stderr: expect.stringContaining('data of its own') });
  const nameless = await launchServer(newName(), '--follow', published).ended;
  expect(nameless).toMatchObject({ code: 2, stderr: expect.stringContaining('--writer-url') });
  const bucket = await pinwalkAlone('publish', 's3://bucket/pinwalk', '--data', source.root);
  expect(bucket).toMatchObject({ code: 2, stderr: expect.stringContaining('mount the bucket') });
  const fromBucket = await launchServer(newName(), '--follow', 's3://bucket/pinwalk').ended;
  expect(fromBucket).toMatchObject({ code: 2, stderr: expect.stringContaining('mount the bucket') });
  const fromFile = await launchServer(newName(), '--follow', `${published}/LATEST.json`).ended;
  expect(fromFile).toMatchObject({ code: 2, stderr: expect.stringContaining('is a file') });
  // A replica without its writer serves what it has.
  const alone = await serve(folder, ...flags, '--lag-ms-max', '100');
  expect((await read(alone, '/v1/pins/p1/related')).status).toBe(200);
  expect(await (await read(alone, '/readyz')).json()).toMatchObject({ code: 'replica-behind' });
});
