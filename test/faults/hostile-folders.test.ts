import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { openDatabase } from '../../graph-data/database/index.ts';
import {
  type DataFolder,
  activateSnapshot,
  buildSnapshot,
  openDataFolder,
  openDatabaseReadOnly,
} from '../../graph-data/index.ts';
import { importSaves, temporaryDataFolder, temporaryFolder } from '../data-folders.ts';
import { storedSaves } from '../graph-data/plain-saves.ts';
import { type RealServer, killServer, launchServer, request, startServer } from './real-server.ts';

/** The real server on a full or read-only disk, beside other processes, and after the clock is set back. */
const servers: RealServer[] = [];
afterEach(async () => Promise.all(servers.splice(0).map(killServer)));

async function start(data: DataFolder): Promise<RealServer> {
  const server = await startServer(data.root);
  servers.push(server);
  return server;
}

async function kill(server: RealServer): Promise<string> {
  await killServer(server);
  return (await server.ended).stderr;
}

async function fill(data: DataFolder): Promise<void> {
  await importSaves(data, ['ann pasta basil', 'ann pasta tomato', 'ben salad tomato', 'ben salad olive']);
  activateSnapshot(data, (await buildSnapshot(data, () => 0)).version);
}

/** A file system of its own; without one, the test is skipped. */
interface Disk {
  readonly folder: string;
  /** Remounts it with the options `how`. */
  readonly remount: (how: string) => Promise<void>;
  /** Mounts it again, as after a restart of the machine. */
  readonly renew: () => void;
}

function mountDisk(context: TestContext, mebibytes: number): Disk {
  const root = temporaryFolder();
  const [image, folder] = [path.join(root, 'image'), path.join(root, 'disk')];
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { stdio: 'pipe' });
  writeFileSync(image, '');
  truncateSync(image, mebibytes * 2 ** 20);
  mkdirSync(folder);
  const mount = () => void run('mount', '-o', 'loop', image, folder);
  try {
    run('mkfs.ext4', '-q', '-m', '0', image);
    mount();
  } catch {
    context.skip('needs mkfs.ext4, and the right to mount');
  }
  const unmount = () => void run('umount', '--lazy', folder);
  onTestFinished(unmount);
  return {
    folder,
    // When a server was killed, its check of the database has files open for another moment.
    remount: async (how) =>
      vi.waitFor(() => void run('mount', '-o', `remount,${how}`, folder), { timeout: 300_000 }),
    renew: () => {
      unmount();
      mount();
    },
  };
}

const near = async ({ url }: RealServer, pin: string): Promise<string[]> => {
  const { status, body } = await request(`${url}/v1/pins/${pin}/related?algorithm=paths`);
  expect(status).toBe(200);
  return body.items.map((item: { pin: string }) => item.pin);
};
const save = ({ url }: RealServer, pin: string) =>
  request(`${url}/v1/saves`, { user: 'ann', board: 'pasta', pin });

async function jobEnded({ url }: RealServer, id: string): Promise<{ state: string; problem: unknown }> {
  const job = async () => (await request(`${url}/v1/jobs/${id}`)).body;
  await expect.poll(async () => (await job()).state).not.toBe('running');
  return job();
}

function storedPins(data: DataFolder): string[] {
  const database = openDatabaseReadOnly(data)!;
  try {
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    return storedSaves(database).map((row) => row.split(' ')[2]!);
  } finally {
    database.close();
  }
}

test('on a full disk, reads continue, writes are refused, none is lost, and they succeed once there is room', async (context) => {
  const disk = mountDisk(context, 32);
  const data = openDataFolder(path.join(disk.folder, 'data'));
  await fill(data);
  let server = await start(data);
  const ballast = path.join(disk.folder, 'ballast');
  const { bavail, bsize } = statfsSync(disk.folder);
  writeFileSync(ballast, Buffer.alloc(bavail * bsize - 2 ** 20));
  const answered: string[] = [];
  let refusal: unknown;
  for (let i = 0; refusal === undefined; i++) {
    const batch = Array.from({ length: 200 }, (_, j) => `${'long-'.repeat(20)}${i}-${j}`);
    const saves = batch.map((pin) => ({ user: 'cem', pin }));
    const { status, body } = await request(`${server.url}/v1/saves`, saves);
    if (status === 201) answered.push(...batch);
    else refusal = body;
  }
  expect(refusal).toMatchObject({
    status: 503,
    code: 'storage-unavailable',
    detail: expect.stringContaining('the disk is full') as string,
  });
  expect(answered.length).toBeGreaterThan(0);
  expect(await near(server, 'basil')).toContain('tomato');
  const build = await request(`${server.url}/v1/snapshots`, { force: true });
  expect(await jobEnded(server, build.body.id)).toMatchObject({
    state: 'failed',
    problem: { code: 'conflict', detail: expect.stringContaining('the disk is not full') as string },
  });
  expect(await near(server, 'basil')).toContain('tomato');

  expect(await kill(server)).toContain('writing failed');
  server = await start(data);
  expect(await near(server, 'basil')).toContain('tomato');
  expect(await near(server, answered.at(-1)!)).toContain(answered[0]);
  rmSync(ballast);
  expect((await save(server, 'garlic')).status).toBe(201);
  expect(await near(server, 'basil')).toContain('garlic');
  await kill(server);
  expect(storedPins(data)).toEqual(expect.arrayContaining([...answered, 'garlic']));
  expect(await near(await start(data), 'garlic')).toContain('basil');
});

describe('a disk that is read-only', () => {
  const refused = {
    status: 503,
    body: { code: 'storage-unavailable', detail: expect.stringContaining('cannot be written') as string },
  };

  test('on a disk that turns read-only, reads continue, writes are refused, and none is lost', async (context) => {
    const disk = mountDisk(context, 32);
    const data = openDataFolder(path.join(disk.folder, 'data'));
    await fill(data);
    let server = await start(data);
    expect((await save(server, 'garlic')).status).toBe(201);
    // The system does this when the disk fails, whatever files are open.
    await disk.remount('abort');
    expect(await save(server, 'leek')).toMatchObject(refused);
    expect(await near(server, 'basil')).toEqual(expect.arrayContaining(['tomato', 'garlic']));
    expect(await near(server, 'basil')).not.toContain('leek');
    const build = await request(`${server.url}/v1/snapshots`, { force: true });
    expect((await jobEnded(server, build.body.id)).state).toBe('failed');
    expect(await near(server, 'garlic')).toContain('basil');
    await kill(server);
    disk.renew();
    server = await start(data);
    expect(await near(server, 'garlic')).toContain('basil');
    expect((await save(server, 'leek')).status).toBe(201);
    await kill(server);
    expect(storedPins(data).toSorted()).toEqual(['basil', 'garlic', 'leek', 'olive', 'tomato', 'tomato']);
  });

  test('on a read-only disk, a server starts with the files that a kill has left, or reports why it cannot', async (context) => {
    const disk = mountDisk(context, 32);
    const data = openDataFolder(path.join(disk.folder, 'data'));
    await fill(data);
    let server = await start(data);
    expect((await save(server, 'garlic')).status).toBe(201);
    await kill(server);
    await disk.remount('ro');
    server = await start(data);
    expect(await near(server, 'basil')).toEqual(expect.arrayContaining(['tomato', 'garlic']));
    expect(await save(server, 'leek')).toMatchObject(refused);
    await kill(server);
    await disk.remount('rw');
    // A database that was closed properly has no log and index beside it, which SQLite would have to create to read it.
    openDatabase(data).close();
    await disk.remount('ro');
    const { code, stderr } = await launchServer(data.root).ended;
    expect([code, stderr]).toEqual([1, expect.stringContaining('make sure that the folder is writable')]);
    await disk.remount('rw');
    server = await start(data);
    expect(await near(server, 'garlic')).toContain('basil');
    expect((await save(server, 'leek')).status).toBe(201);
  });
});

describe('a data folder that another process uses', () => {
  test('a server starts and serves a data folder while another process writes to it', async () => {
    const data = temporaryDataFolder();
    await fill(data);
    const other = openDatabase(data);
    other.exec('BEGIN IMMEDIATE');
    const server = await start(data);
    expect(await near(server, 'basil')).toContain('tomato');
    const refused = await save(server, 'garlic');
    expect(refused).toMatchObject({
      status: 503,
      body: { detail: expect.stringContaining('another process is writing') as string },
    });
    other.exec('ROLLBACK');
    other.close();
    expect((await save(server, 'garlic')).status).toBe(201);
    expect(await near(server, 'basil')).toContain('garlic');
  });

  test('two servers on a data folder: a write to either reaches both graphs within moments', async () => {
    const data = temporaryDataFolder();
    await fill(data);
    const [one, two] = [await start(data), await start(data)];
    const pins = Array.from({ length: 40 }, (_, i) => `new${i}`);
    const answers = await Promise.all(pins.map(async (pin, i) => save(i % 2 === 0 ? one : two, pin)));
    expect(answers.map(({ status }) => status)).toEqual(pins.map(() => 201));
    for (const server of [one, two]) {
      const inGraph = async () => (await request(`${server.url}/v1/boards/pasta/saves?limit=100`)).body.saves;
      expect(await inGraph()).toHaveLength(42);
      await expect
        .poll(
          async () =>
            (await request(`${server.url}/v1/pins/basil/related?algorithm=paths&limit=100`)).body.items,
        )
        .toHaveLength(42);
    }
  });
});

test('after the clock is set back, writes and reads work as before', async () => {
  const data = temporaryDataFolder();
  await fill(data);
  const clock = path.join(data.root, '..', 'clock');
  const setClock = (hours: number): void => writeFileSync(clock, String(hours * 3_600_000));
  setClock(0);
  const startWithClock = async (): Promise<RealServer> => {
    process.env['PINWALK_TEST_CLOCK'] = clock;
    process.env['NODE_OPTIONS'] = `--import=${path.join(import.meta.dirname, 'moved-clock.ts')}`;
    try {
      return await start(data);
    } finally {
      delete process.env['NODE_OPTIONS'];
    }
  };
  let server = await startWithClock();
  const send = async (pin: string): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${server.url}/v1/saves`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': pin },
      body: JSON.stringify({ user: 'ann', board: 'pasta', pin }),
    });
    return { status: response.status, body: await response.json() };
  };
  const first = await send('garlic');
  expect(first).toMatchObject({ status: 201, body: { added: 1 } });
  const page = await request(`${server.url}/v1/recommendations`, { query: [{ pin: 'basil' }], limit: 1 });

  setClock(-30);
  expect(await send('garlic')).toEqual(first);
  expect(await send('leek')).toMatchObject({ status: 201, body: { added: 1 } });
  const { saves } = (await request(`${server.url}/v1/users/ann/saves`)).body;
  const times = new Map<string, number>(
    saves.map(({ pin, savedAt }: { pin: string; savedAt: string }) => [pin, Date.parse(savedAt)]),
  );
  // Stored as given: the later save has the earlier time.
  expect((times.get('garlic')! - times.get('leek')!) / 3_600_000).toBeCloseTo(30, 1);
  expect(await near(server, 'basil')).toEqual(expect.arrayContaining(['garlic', 'leek']));
  const next = await request(`${server.url}/v1/recommendations/${page.body.recommendationId}/next`, {});
  expect(next.status).toBe(200);
  const feed = await request(`${server.url}/v1/users/ann/feed?algorithm=paths`);
  expect(feed.body.items.map(({ pin }: { pin: string }) => pin)).toEqual(['olive']);
  const build = await request(`${server.url}/v1/snapshots`, { force: true });
  expect((await jobEnded(server, build.body.id)).state).toBe('done');
  expect((await request(`${server.url}/v1/graph`)).body).toMatchObject({ liveSaves: 0 });
  await kill(server);

  setClock(-60);
  server = await startWithClock();
  expect(await send('garlic')).toEqual(first);
  expect((await save(server, 'salt')).status).toBe(201);
  const expected = ['tomato', 'garlic', 'leek', 'salt'];
  expect(await near(server, 'basil')).toEqual(expect.arrayContaining(expected));
  setClock(0);
  expect(await near(server, 'basil')).toEqual(expect.arrayContaining(expected));
  expect((await save(server, 'oil')).status).toBe(201);
  expect(storedPins(data)).toEqual(expect.arrayContaining(['basil', ...expected, 'oil']));
});
