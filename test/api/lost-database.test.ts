import { copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { DatabaseCheck, createLog } from '../../api/index.ts';
import { openDatabase } from '../../graph-data/database/index.ts';
import { type DataFolder, activateSnapshot, buildSnapshot } from '../../graph-data/index.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';
import { type TestServer, openServer, serveForSuite } from './server.ts';

const fill = (folder: DataFolder) =>
  importSaves(folder, ['ann pasta basil', 'ann pasta tomato', 'ben salad tomato', 'ben salad olive']);
const save = (server: TestServer, pin: string) =>
  server.post('/v1/saves', { user: 'ann', board: 'pasta', pin });

/** Fills the root page of a table or index with garbage. */
function damage(folder: DataFolder, name: string): void {
  const database = openDatabase(folder);
  const page = database
    .prepare<[string], number>('SELECT rootpage FROM sqlite_schema WHERE name = ?')
    .pluck()
    .get(name)!;
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
  const bytes = readFileSync(folder.database);
  bytes.fill(0xa5, (page - 1) * 4096, page * 4096);
  writeFileSync(folder.database, bytes);
}

const unavailable = { status: 503, body: { code: 'storage-unavailable' } };
const notReady = {
  status: 503,
  body: { code: 'graph-not-ready', detail: expect.stringContaining('deleted or replaced') as string },
};

describe('a server whose data folder is moved away', () => {
  const server = serveForSuite(fill);

  test('refuses writes and is not ready until the folder is back; reads continue', async () => {
    expect((await save(server, 'garlic')).status).toBe(201);
    expect((await server.get('/readyz')).status).toBe(200);
    renameSync(server.folder.root, `${server.folder.root}-away`);
    expect(await save(server, 'leek')).toMatchObject(unavailable);
    expect(await server.get('/readyz')).toMatchObject(notReady);
    expect((await server.get('/v1/pins/basil/related?algorithm=paths')).status).toBe(200);
    expect(await save(server, 'leek')).toMatchObject(unavailable);
    renameSync(`${server.folder.root}-away`, server.folder.root);
    expect((await save(server, 'leek')).status).toBe(201);
    expect((await server.get('/readyz')).status).toBe(200);
  });
});

describe('a server whose database is replaced', () => {
  const server = serveForSuite(fill);

  test('refuses writes and swaps, is not ready, and keeps serving its graph', async () => {
    const { database } = server.folder;
    copyFileSync(database, `${database}.copy`);
    expect((await save(server, 'garlic')).status).toBe(201);
    renameSync(`${database}.copy`, database);
    expect(await save(server, 'leek')).toMatchObject(unavailable);
    expect(await server.get('/readyz')).toMatchObject(notReady);
    const { items } = (await server.get('/v1/pins/garlic/related?algorithm=paths')).body;
    expect(items.map(({ pin }: { pin: string }) => pin)).toContain('basil');
    const { version } = server.graphs;
    const job = (await server.post('/v1/snapshots', { force: true })).body;
    await expect.poll(async () => (await server.get(`/v1/jobs/${job.id}`)).body.state).toBe('failed');
    expect(server.graphs.version).toBe(version);
  });
});

describe('a server whose write-ahead log is deleted', () => {
  const server = serveForSuite(fill);

  test('refuses writes that would be lost after a kill', async () => {
    expect((await save(server, 'garlic')).status).toBe(201);
    rmSync(`${server.folder.database}-wal`);
    expect(await save(server, 'leek')).toMatchObject(unavailable);
    expect(await server.get('/readyz')).toMatchObject(notReady);
  });
});

describe('a server on a damaged database', () => {
  const server = serveForSuite(
    async (folder) => {
      await fill(folder);
      activateSnapshot(folder, (await buildSnapshot(folder, () => 0)).version);
      damage(folder, 'users_by_key');
    },
    { isBuilt: false, isLoaded: true },
  );

  test.each(['/v1/users/ann/saves', '/v1/users/ann/feed', '/v1/users/ann'])(
    'reports the storage, not itself, as the fault at %s',
    async (path) => expect(await server.get(path)).toMatchObject(unavailable),
  );

  test('still responds to what needs no damaged part', async () => {
    expect((await server.get('/v1/pins/basil/related?algorithm=paths')).status).toBe(200);
  });

  test('reports attributes that are no JSON as a fault of the storage', async () => {
    const database = openDatabase(server.folder);
    // The trigger reads the attributes, and would refuse the damage.
    database.exec('DROP TRIGGER pin_fields_update');
    database.exec(`UPDATE pins SET attributes = '{"a": 1' WHERE key = 'olive'`);
    database.close();
    expect(await server.get('/v1/pins/olive')).toMatchObject(unavailable);
  });
});

test('a server on a database whose pins cannot be read starts, says so and stays not ready', async () => {
  const folder = temporaryDataFolder();
  await fill(folder);
  activateSnapshot(folder, (await buildSnapshot(folder, () => 0)).version);
  damage(folder, 'pins');
  const lines: string[] = [];
  const log = createLog('error', { write: (line: string) => void lines.push(line) });
  const { service, url, close } = await openServer({ folder, log, onDue: () => true });
  try {
    expect(await service.start()).toBeUndefined();
    expect(lines.join('')).toContain('restore it from a backup');
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
  } finally {
    await close();
  }
});

describe.concurrent('the check of the database', () => {
  async function check(folder: DataFolder): Promise<readonly string[]> {
    let said: readonly string[] = [];
    const running = new DatabaseCheck({
      folder,
      now: () => performance.now(),
      wallClock: () => Date.now(),
      onFaults: (faults) => (said = faults),
      onFailure: (error) => {
        throw error;
      },
    });
    running.start();
    // Of the lowest priority, it waits for all other tests.
    const last = await vi.waitUntil(() => running.last, { timeout: 300_000 });
    running.close();
    expect(last.faults).toEqual(said);
    return said;
  }

  test('finds nothing in a sound database', async ({ onTestFinished }) => {
    const folder = temporaryDataFolder(onTestFinished);
    await fill(folder);
    expect(await check(folder)).toEqual([]);
  });

  test('finds campaigns that cannot be read', async ({ onTestFinished }) => {
    const folder = temporaryDataFolder(onTestFinished);
    await fill(folder);
    writeFileSync(`${folder.root}/campaigns.db`, 'x'.repeat(4_096));
    expect(await check(folder)).toEqual([expect.stringContaining('restore campaigns.db from a backup')]);
  });

  test.for(['saves', 'saves_by_pin', 'pins', 'users_by_key'])(
    'finds damage of %s',
    async (name, { onTestFinished }) => {
      const folder = temporaryDataFolder(onTestFinished);
      await fill(folder);
      damage(folder, name);
      expect((await check(folder)).length).toBeGreaterThan(0);
    },
  );

  test.for<readonly [string, string]>([
    ['a board of nobody', 'UPDATE boards SET owner = 99 WHERE id = 0'],
    ['attributes that are no JSON', `UPDATE users SET attributes = '{"a' WHERE id = 0`],
    ['ids that would be assigned again', 'UPDATE source SET nextPin = 1'],
    ['a change log of another length', 'UPDATE source SET position = position + 1'],
  ])('finds %s', async ([, sql], { onTestFinished }) => {
    const folder = temporaryDataFolder(onTestFinished);
    await fill(folder);
    const database = openDatabase(folder);
    database.exec(sql);
    database.close();
    expect((await check(folder)).length).toBeGreaterThan(0);
  });
});
