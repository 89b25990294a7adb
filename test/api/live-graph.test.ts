import { describe, expect, test } from 'vitest';
import { GraphFollower, reserveFor } from '../../api/runtime/serving/graph-follower.ts';
import { LiveGraph, checkReserve, saveCount, sizeOf, withReserve } from '../../engine/index.ts';
import {
  SaveWriter,
  Store,
  activateSnapshot,
  buildSnapshot,
  loadActiveSnapshot,
} from '../../graph-data/index.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';
import { smallGraph } from '../graphs.ts';
import { CountedTurns } from './counted-turns.ts';
import { serveForSuite } from './server.ts';

/** A write affects the next recommendation, and survives a restart. */
const saves = [
  'ann pasta basil',
  'ann pasta tomato',
  'ben salad tomato',
  'ben salad olive',
  'cem bread flour',
];
const server = serveForSuite((folder) => importSaves(folder, saves), {
  isRebuilt: true,
  settings: { swapOverlapMin: 0 },
});

const save = (user: string, board: string, pin: string): object => ({ user, board, pin });
const post = (body: unknown) => server.post('/v1/saves', body);
const remove = (body: unknown) =>
  server.get('/v1/saves', {
    method: 'DELETE',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const answer = async (pin: string, algorithm = 'paths') =>
  (await server.get(`/v1/pins/${pin}/related?algorithm=${algorithm}&limit=50`)).body;
const items = async (pin: string, algorithm?: string): Promise<string[]> =>
  (await answer(pin, algorithm)).items.map((item: { pin: string }) => item.pin);

describe('a save', () => {
  test('recommendations follow a save, and its removal, as soon as they are acknowledged', async () => {
    expect(await items('flour')).not.toContain('basil');
    expect((await post(save('cem', 'bread', 'basil'))).status).toBe(201);
    expect((await items('flour'))[0]).toBe('basil');
    expect((await items('flour', 'pixie'))[0]).toBe('basil');
    expect((await remove(save('cem', 'bread', 'basil'))).status).toBe(200);
    expect(await items('flour')).not.toContain('basil');
  });

  test('a save adds pins, boards and users that the build did not have', async () => {
    expect((await post([save('dan', 'cake', 'flour'), save('dan', 'cake', 'sugar')])).status).toBe(201);
    expect((await items('sugar'))[0]).toBe('flour');
    expect((await items('flour', 'related'))[0]).toBe('sugar');
    const users = await server.post('/v1/recommendations', { query: [{ pin: 'sugar' }], target: 'users' });
    expect(users.body.items.map((item: { user: string }) => item.user)).toContain('dan');
    const { liveSaves, reserveLeft } = (await server.get('/v1/graph')).body;
    expect(liveSaves).toBe(2);
    expect(reserveLeft).toBeGreaterThan(0.99);
    expect(reserveLeft).toBeLessThan(1);
  });

  test('removing a pin removes its saves from the graph', async () => {
    await post([save('eve', 'tea', 'mint'), save('eve', 'tea', 'honey')]);
    expect(await items('mint')).toContain('honey');
    expect((await server.get('/v1/pins/honey', { method: 'DELETE' })).status).toBe(200);
    expect(await items('mint')).not.toContain('honey');
  });

  test('every request after a write sees it, despite identical requests that began before', async () => {
    for (let i = 0; i < 20; i++) {
      const before = Promise.all([answer('olive'), answer('olive')]);
      await post(save('ben', 'salad', `new ${i}`));
      expect(await items('olive')).toContain(`new ${i}`);
      await before;
    }
  });
});

describe('the graph that was written to', () => {
  const everything = async (): Promise<Record<string, unknown>> => {
    const pins = ['basil', 'tomato', 'olive', 'flour', 'sugar', 'mint'];
    const found = await Promise.all(pins.map(async (pin) => [pin, (await items(pin)).toSorted()] as const));
    return Object.fromEntries(found);
  };

  test('a changed graph is the same after a restart and after a build', async () => {
    const before = await everything();
    const { version } = server.graphs;
    await server.loadGraph();
    expect(server.graphs.version).toBe(version);
    expect(await everything()).toEqual(before);
    const built = await buildSnapshot(server.folder, () => performance.now());
    activateSnapshot(server.folder, built.version, { force: true });
    await server.loadGraph();
    expect(server.graphs).toMatchObject({ version: built.version, liveSaves: 0 });
    expect(await everything()).toEqual(before);
  });

  test('the server rebuilds the graph once after an import by another process', async () => {
    const jobs = async (): Promise<object[]> => (await server.get('/v1/jobs')).body.jobs;
    expect(await jobs()).toEqual([]);
    const { version } = server.graphs;
    await importSaves(server.folder, ['flo soup leek', 'flo soup basil']);
    await post(save('ann', 'pasta', 'garlic'));
    await post(save('ann', 'pasta', 'salt'));
    await expect.poll(jobs).toMatchObject([{ kind: 'build', state: 'done' }]);
    expect(server.graphs.version).not.toBe(version);
    expect(await items('leek')).toContain('basil');
    expect(await items('basil')).toContain('salt');
    await post(save('flo', 'soup', 'salt'));
    expect((await items('leek')).toSorted()).toEqual(expect.arrayContaining(['basil', 'salt']));
    expect(await jobs()).toHaveLength(1);
  });
});

describe('a graph that catches up', () => {
  test('a small graph takes 400,000 saves on new boards before a new one is due', () => {
    const size = sizeOf(smallGraph);
    const reserve = reserveFor({ ...size, saves: saveCount(smallGraph) });
    const live = new LiveGraph(withReserve(smallGraph, reserve), size);
    for (let i = 0; i < 400_000; i++) {
      const board = size.boards + Math.floor(i / 10);
      if (i % 10 === 0) live.addBoard(board, board);
      if (live.addSave(board, (i * 7_919) % 45_000) === 'full') expect.fail(`full after ${i} saves`);
    }
    const left = Object.entries(live.remaining).map(
      ([of, room]) => room / reserve[of as keyof typeof reserve],
    );
    expect(Math.min(...left)).toBeGreaterThan(0.25);
  });

  test('the reserve beside 300 million saves fits', () => {
    const counts = { saves: 300e6, pins: 60e6, boards: 30e6, users: 15e6 };
    const reserve = reserveFor(counts);
    checkReserve(reserve, counts);
    expect(reserve.slots).toBeGreaterThan(counts.saves);
    expect(reserve.pins).toBe(30e6);
  });

  test('many changes are applied in slices, which leave turns of the event loop to others', async () => {
    const folder = temporaryDataFolder();
    await importSaves(folder, ['ann pasta basil']);
    activateSnapshot(folder, (await buildSnapshot(folder, () => performance.now())).version);
    const snapshot = loadActiveSnapshot(folder, () => {}, { reserve: reserveFor });
    const changes = Array.from({ length: 3_000 }, (_, i) => {
      return { kind: 'save' as const, user: 'ann', board: `b${i}`, pin: 'hub' };
    });
    const writer = SaveWriter.open(folder, { busyMs: 0 });
    writer.apply([{ changes, time: 0 }]);
    const store = Store.open(folder);
    const turns = new CountedTurns(setImmediate);
    const onFault = (fault: string): void => expect.fail(fault);
    const follower = new GraphFollower(snapshot, { database: store.database, turns, onFault });
    await follower.catchUp();
    // A change for each board and save, and one for the pin.
    expect([follower.liveSaves, follower.exactGraph, turns.count]).toEqual([3_000, snapshot.graph, 6]);
    writer.apply([{ changes: [{ kind: 'removePin', key: 'hub' }], time: 0 }]);
    expect(follower.exactGraph).toBeUndefined();
    // A second call waits for the same.
    await Promise.all([follower.catchUp(), follower.catchUp()]);
    expect([follower.liveSaves, follower.exactGraph, turns.count]).toEqual([0, snapshot.graph, 9]);
    writer.close();
    store.close();
  });
});
