import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { openDatabase } from '../../graph-data/database/index.ts';
import {
  type DataFolder,
  activateSnapshot,
  activeVersion,
  buildSnapshot,
  openDatabaseReadOnly,
  pointTo,
} from '../../graph-data/index.ts';
import { snapshotFile } from '../../graph-data/snapshot/snapshot-file.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';
import { type RealServer, killServer, launchServer, request, startServer } from './real-server.ts';

/** The real server over damaged or restored files. */
let server: RealServer | undefined;
afterEach(async () => killServer(server));

async function filledFolder(): Promise<DataFolder> {
  const data = temporaryDataFolder();
  await importSaves(data, ['ann pasta basil', 'ann pasta tomato', 'ben salad tomato', 'ben salad olive']);
  await buildAndActivate(data);
  return data;
}

const buildAndActivate = async (data: DataFolder): Promise<string> => {
  const { version } = await buildSnapshot(data, () => 0);
  activateSnapshot(data, version, { force: true });
  return version;
};

async function start(data: DataFolder): Promise<string> {
  server = await startServer(data.root);
  return server.url;
}

/** The check of the database ends with the server, a moment later; here at once, since a test damages the files then. */
async function kill(): Promise<{ stderr: string }> {
  const { child, ended } = server!;
  const children = `/proc/${child.pid}/task/${child.pid}/children`;
  const checks = existsSync(children) ? readFileSync(children, 'utf8').split(' ').map(Number) : [];
  child.kill('SIGKILL');
  for (const pid of checks.filter((each) => each > 0)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
  return ended;
}

const near = async (url: string, pin: string): Promise<string[]> => {
  const { status, body } = await request(`${url}/v1/pins/${pin}/related?algorithm=paths`);
  expect(status).toBe(200);
  return body.items.map((item: { pin: string }) => item.pin);
};
const save = (url: string, pin: string) => request(`${url}/v1/saves`, { user: 'ann', board: 'pasta', pin });

/** Saves batches of a thousand pins with long names; returns the acknowledged batches, and the refusal. */
async function saveUntilRefused(url: string): Promise<{ answered: number; refusal: unknown }> {
  for (let answered = 0; answered < 1_000; answered++) {
    const batch = Array.from({ length: 1_000 }, (_, i) => {
      return { user: 'cem', board: `c${answered}`, pin: `${'long '.repeat(20)}${answered} ${i}` };
    });
    const { status, body } = await request(`${url}/v1/saves`, batch);
    if (status !== 201) return { answered, refusal: body };
  }
  throw new Error('nothing was refused');
}

function storedBoards(data: DataFolder): Map<string, number> {
  const database = openDatabaseReadOnly(data)!;
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  const rows = database
    .prepare<[], [string, number]>(
      `SELECT key, (SELECT count(*) FROM saves WHERE board = boards.id) FROM boards WHERE key LIKE 'c%'`,
    )
    .raw()
    .all();
  database.close();
  return new Map(rows);
}

describe('writing', () => {
  // A limit on file sizes: SQLite gets the same kind of error from it as from a full disk or a quota.
  test.skipIf(!existsSync('/usr/bin/prlimit'))(
    'stops when no file may grow, and goes on when they may again, without a restart',
    async () => {
      const data = await filledFolder();
      const url = await start(data);
      const limit = (bytes: string): Buffer =>
        execFileSync('prlimit', ['--pid', String(server!.child.pid), `--fsize=${bytes}:`]);
      limit(String(3 * 2 ** 20));
      const { answered, refusal } = await saveUntilRefused(url);
      expect(refusal).toMatchObject({ status: 503, code: 'storage-unavailable' });
      expect(answered).toBeGreaterThan(0);
      expect(await near(url, 'basil')).toContain('tomato');
      expect((await request(`${url}/v1/users/cem/saves`)).status).toBe(200);
      expect([...storedBoards(data)]).toEqual(Array.from({ length: answered }, (_, i) => [`c${i}`, 1_000]));
      limit('unlimited');
      expect((await save(url, 'garlic')).status).toBe(201);
      expect(await near(url, 'basil')).toContain('garlic');
      expect((await kill()).stderr).toContain('writing failed');
      expect(await near(await start(data), 'garlic')).toContain('basil');
      expect([...storedBoards(data)].every(([, saves]) => saves === 1_000)).toBe(true);
    },
  );

  test('writes fail while another process writes, and succeed afterwards', async () => {
    const data = await filledFolder();
    const url = await start(data);
    const other = openDatabase(data);
    other.exec('BEGIN IMMEDIATE');
    const { status, body } = await save(url, 'garlic');
    expect([status, body.code]).toEqual([503, 'storage-unavailable']);
    expect(body.detail).toContain('another process is writing');
    expect(await near(url, 'basil')).toContain('tomato');
    other.exec('ROLLBACK');
    other.close();
    expect((await save(url, 'garlic')).status).toBe(201);
    expect(await near(url, 'basil')).toContain('garlic');
  });

  test('writes to a database with damaged pages are refused, and the graph in memory is still served', async () => {
    const data = await filledFolder();
    const other = openDatabase(data);
    const page = other
      .prepare<[], number>(`SELECT rootpage FROM sqlite_master WHERE name = 'saves'`)
      .pluck()
      .get()!;
    other.close();
    const file = openSync(data.database, 'r+');
    writeSync(file, Buffer.alloc(4096, 0xa5), 0, 4096, (page - 1) * 4096);
    const url = await start(data);
    const { status, body } = await save(url, 'garlic');
    expect([status, body.code]).toEqual([503, 'storage-unavailable']);
    expect(body.detail).toContain('damaged');
    expect(await near(url, 'basil')).toContain('tomato');
    expect((await kill()).stderr).toContain('restore it from a backup');
  });
});

test.skipIf(!existsSync('/proc/self/cmdline'))(
  'a server that is killed leaves no check of its database, and its files stay as they were',
  async () => {
    const data = await filledFolder();
    const check = await startWithStoppedCheck(data);
    expect((await save(server!.url, 'garlic')).status).toBe(201);
    // Not its check as well.
    await killServer(server);
    const log = readFileSync(`${data.database}-wal`);
    // Whoever opens the database creates this file.
    rmSync(`${data.database}-shm`);
    process.kill(check, 'SIGCONT');
    await expect.poll(() => stateOf(check)).toMatch(/^Z?$/);
    expect(existsSync(`${data.database}-shm`)).toBe(false);
    expect(readFileSync(`${data.database}-wal`).equals(log)).toBe(true);
  },
);

/** Starts a server whose check stops itself before it runs anything, and returns the check. */
async function startWithStoppedCheck(data: DataFolder): Promise<number> {
  const stopped = pathToFileURL(path.join(import.meta.dirname, 'stopped-check.ts')).href;
  vi.stubEnv('NODE_OPTIONS', `${process.env['NODE_OPTIONS'] ?? ''} --import=${stopped}`);
  try {
    server = await startServer(data.root);
  } finally {
    vi.unstubAllEnvs();
  }
  const isCheck = (pid: string): boolean =>
    commandOf(Number(pid)).includes('check-process') && commandOf(Number(pid)).includes(data.root);
  const find = (): string | undefined =>
    readdirSync('/proc').find((name) => Number(name) > 0 && isCheck(name));
  const check = Number(await vi.waitUntil(find, { timeout: 300_000, interval: 5 }));
  onTestFinished(() => {
    if (isCheck(String(check))) process.kill(check, 'SIGKILL');
  });
  await expect.poll(() => stateOf(check)).toBe('T');
  return check;
}

/** T when the process is stopped, Z or empty when it has ended. */
function stateOf(pid: number): string {
  return / (\w) /.exec(readOf(pid, 'stat').replace(/.*\)/s, ''))?.[1] ?? '';
}

const commandOf = (pid: number): string => readOf(pid, 'cmdline');

/** What the system says about a process; nothing when it has ended. */
function readOf(pid: number, name: 'cmdline' | 'stat'): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

describe('a server starts', () => {
  test('a server refuses a truncated write-ahead log, and starts without its loss: no transaction is partial, and graph and database agree', async () => {
    for (const share of [0.7, 0]) {
      const data = await filledFolder();
      let url = await start(data);
      for (let i = 0; i < 10; i++) expect((await save(url, `new${i}`)).status).toBe(201);
      await kill();
      const log = `${data.database}-wal`;
      truncateSync(log, Math.floor(statSync(log).size * share));
      const { code, stderr } = await launchServer(data.root).ended;
      expect([code, stderr]).toEqual([1, expect.stringContaining('acknowledged writes cannot be read')]);
      truncateSync(log, Number(/truncate -s (\d+)/.exec(stderr)![1]));
      rmSync(`${data.database}-shm`);
      url = await start(data);
      const { saves } = (await request(`${url}/v1/boards/pasta/saves?limit=100`)).body;
      const pins: string[] = saves.map((each: { pin: string }) => each.pin);
      // A prefix of the writes is left.
      const kept = pins.length - 2;
      expect(pins.toSorted()).toEqual(
        ['basil', 'tomato', ...Array.from({ length: kept }, (_, i) => `new${i}`)].toSorted(),
      );
      expect(kept).toBeLessThan(10);
      // Olives are on another board, with the tomatoes.
      expect([...(await near(url, 'basil')), 'basil'].toSorted()).toEqual([...pins, 'olive'].toSorted());
      expect((await save(url, 'garlic')).status).toBe(201);
      expect(await near(url, 'garlic')).toContain('basil');
      await kill();
    }
  });

  test('a server without its snapshot starts with the one before and all saves since', async () => {
    const data = await filledFolder();
    const first = activeVersion(data)!;
    let url = await start(data);
    expect((await save(url, 'garlic')).status).toBe(201);
    await kill();
    const second = await buildAndActivate(data);
    rmSync(snapshotFile(data, second));
    url = await start(data);
    expect((await request(`${url}/v1/graph`)).body).toMatchObject({ version: first, liveSaves: 1 });
    expect(await near(url, 'garlic')).toContain('basil');
    expect((await kill()).stderr).toContain(second);
  });

  test('a server whose snapshot is ahead of its database, as after restoring a backup, starts and rebuilds it', async () => {
    const data = await filledFolder();
    openDatabase(data).close();
    const backup = readFileSync(data.database);
    let url = await start(data);
    expect((await save(url, 'garlic')).status).toBe(201);
    await kill();
    const ahead = await buildAndActivate(data);
    for (const end of ['', '-wal', '-shm']) rmSync(data.database + end, { force: true });
    writeFileSync(data.database, backup);
    url = await start(data);
    await expect.poll(async () => (await request(`${url}/v1/graph`)).body.version).not.toBe(ahead);
    expect((await request(`${url}/v1/pins/garlic`)).status).toBe(404);
    expect(await near(url, 'basil')).toEqual(['tomato', 'olive']);
    expect((await save(url, 'leek')).status).toBe(201);
    expect(await near(url, 'basil')).toContain('leek');
  });

  test('a server neither starts with nor swaps to the snapshot of another database', async () => {
    const data = await filledFolder();
    const own = activeVersion(data)!;
    const other = temporaryDataFolder();
    await importSaves(other, ['eve tea mint', 'eve cake sugar', 'dan cakes flour', 'dan cakes sugar']);
    const foreign = await buildAndActivate(other);
    copyFileSync(snapshotFile(other, foreign), snapshotFile(data, foreign));
    pointTo(data, foreign);
    const url = await start(data);
    expect((await request(`${url}/v1/graph`)).body).toMatchObject({ version: own });
    expect(await near(url, 'basil')).toContain('tomato');
    const { status, body } = await request(`${url}/v1/snapshots/${foreign}/activate`, { force: true });
    expect([status, body.code]).toEqual([409, 'conflict']);
    expect((await save(url, 'garlic')).status).toBe(201);
    expect(await near(url, 'garlic')).toContain('basil');
    expect((await kill()).stderr).toContain('built from another database');
  });
});
