import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { activeVersion, buildSnapshot, openDataFolder, rollbackSnapshot } from '../../graph-data/index.ts';
import { createLog } from '../../api/index.ts';
import { importSaves } from '../data-folders.ts';
import { openServer, serveForSuite } from './server.ts';

/** A rollback stands until an operator activates a snapshot: no build undoes it. */
const server = serveForSuite((folder) => importSaves(folder, ['ann pasta basil', 'ann pasta tomato']), {
  isLoaded: false,
  isRebuilt: true,
  settings: { swapOverlapMin: 0, snapshotsKept: 100 },
});

const activate = async (version: string, body: object = {}) =>
  server.post(`/v1/snapshots/${version}/activate`, body);
const build = async (body: object = {}) => {
  const { id } = (await server.post('/v1/snapshots', body)).body;
  await expect.poll(async () => (await server.get(`/v1/jobs/${id}`)).body.state).toBe('done');
  return (await server.get(`/v1/jobs/${id}`)).body.result;
};
const jobs = async (): Promise<object[]> => (await server.get('/v1/jobs')).body.jobs;
const pinned = async (): Promise<string[]> => {
  const { snapshots } = (await server.get('/v1/snapshots')).body;
  return snapshots.flatMap((each: { pinned: boolean; version: string }) => (each.pinned ? each.version : []));
};
const metric = async (name: string): Promise<string | undefined> =>
  new RegExp(`^${name} (\\d)$`, 'm').exec((await server.get('/metrics')).body)?.[1];
const warnings = (): string[] => server.log.flatMap(({ level, msg }) => (level === 40 ? [msg] : []));
/** Longer than a server takes to notice that a new graph is due. */
const tick = async () => wait(2_500);

let [first, second] = ['', ''];
let imports = 0;

/** As a bulk import by another process: no graph of before can be brought up to date. */
const importMore = async () => importSaves(server.folder, [`bulk${++imports} board${imports} olive`]);

/** Waits until the server has built another snapshot than this one by itself, and serves it. */
const rebuilt = async (from: string): Promise<string> => {
  await expect.poll(() => server.graphs.version).not.toBe(from);
  await expect.poll(async () => (await jobs())[0]).toMatchObject({ state: 'done' });
  return server.graphs.version!;
};

beforeAll(async () => {
  first = activeVersion(server.folder)!;
  await server.graphs.start();
});

beforeEach(async () => {
  const from = server.graphs.version!;
  await importMore();
  second = await rebuilt(from);
});

describe('a rollback', () => {
  test('a rollback past an import stays, through further imports and a restart, until another activation', async () => {
    const { body } = await activate(first);
    expect(body).toMatchObject({ version: first, previous: second, pinned: true });
    const before = (await jobs()).length;
    await importMore();
    await tick();
    expect(await jobs()).toHaveLength(before);
    expect([server.graphs.version, activeVersion(server.folder)]).toEqual([first, first]);
    expect(await pinned()).toEqual([first]);
    expect(await metric('pinwalk_snapshot_pinned')).toBe('1');
    expect(await metric('pinwalk_rebuild_held')).toBe('1');
    expect(warnings()).toEqual([expect.stringContaining(`snapshot ${first} is pinned`)]);
    // Saves are still accepted, and durable.
    const save = { user: 'ann', board: 'pasta', pin: 'later' };
    expect((await server.post('/v1/saves', save)).status).toBe(201);
    const log = createLog('silent', { write: () => {} });
    const restarted = await openServer({ folder: openDataFolder(server.folder.root), log });
    expect(await restarted.service.start()).toMatchObject({ version: first, pinned: true });
    await tick();
    expect(restarted.service.graphs).toMatchObject({ version: first, isHeld: true });
    await restarted.close();

    expect((await activate(second)).body).toMatchObject({ version: second, pinned: false });
    // What is due is built now.
    await rebuilt(second);
    expect(await pinned()).toEqual([]);
    expect(await metric('pinwalk_rebuild_held')).toBe('0');
    expect((await server.get('/v1/pins/basil/related?algorithm=paths')).body.items).toContainEqual(
      expect.objectContaining({ pin: 'later' }),
    );
  });

  test('a rollback by the command, in another process, is pinned as well', async () => {
    const back = rollbackSnapshot(server.folder);
    await expect.poll(() => server.graphs.version).toBe(back);
    await tick();
    expect(server.graphs).toMatchObject({ version: back, pinned: back });
    await activate(second, { pin: false });
  });

  test('a build beside a pinned snapshot is served only when forced', async () => {
    await activate(first);
    const held = await build();
    expect(held.swap).toBeNull();
    expect(server.graphs.version).toBe(first);
    const forced = await build({ force: true });
    expect(forced.swap).toMatchObject({ previous: first, pinned: false });
    expect(await pinned()).toEqual([]);
  });

  test('the same call releases the pin of the served snapshot, or pins the newest one', async () => {
    await activate(first);
    expect((await activate(first, { pin: false })).body).toMatchObject({ version: first, pinned: false });
    const newest = await rebuilt(first);
    expect((await activate(newest, { pin: true })).body).toMatchObject({ previous: newest, pinned: true });
    await importMore();
    await tick();
    expect(server.graphs.version).toBe(newest);
    expect((await activate(newest)).body.pinned).toBe(false);
    await rebuilt(newest);
  });

  test('a build that began before a rollback by another process does not undo it', async () => {
    expect((await server.post('/v1/saves', { user: 'ann', board: 'pasta', pin: 'thyme' })).status).toBe(201);
    const { version } = await buildSnapshot(server.folder, () => 0);
    const swapping = server.graphs.swap(version, { pin: false, isOfBuild: true });
    rollbackSnapshot(server.folder);
    const active = activeVersion(server.folder);
    await expect(swapping).rejects.toMatchObject({ code: 'conflict' });
    await expect.poll(() => server.graphs.version).toBe(active);
    await activate(version);
  });
});
