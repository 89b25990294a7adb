import { describe, expect, test } from 'vitest';
import { recommendationRequest } from '../../api/contract/index.ts';
import { Recommender } from '../../api/recommend/index.ts';
import { assertGraph } from '../../engine/graph/assert-graph.ts';
import { LiveGraph, sizeOf, withReserve } from '../../engine/index.ts';
import { openDatabase } from '../../graph-data/database/index.ts';
import {
  type LoadedSnapshot,
  Store,
  buildSnapshot,
  importRows,
  loadSnapshot,
  syntheticRows,
} from '../../graph-data/index.ts';
import { temporaryDataFolder } from '../data-folders.ts';

const reserve = { slots: 5_000, pins: 7, boards: 5, users: 3 };

/** A snapshot, the same with a reserve, and a recommender for each. */
async function loaded() {
  const folder = temporaryDataFolder();
  const rows = syntheticRows({ pins: 300, boards: 150, saves: 1_500, topics: 5 });
  await importRows(folder, [{ name: 'synthetic', rows }]);
  const { version } = await buildSnapshot(folder, () => performance.now(), { analysis: true });
  const still = loadSnapshot(folder, version);
  const live = loadSnapshot(folder, version, { reserve: () => reserve });
  const store = Store.open(folder);
  const recommender = new Recommender({ store, folder, now: () => 0, wallClock: () => 0 });
  // All but the work: room for new nodes is scanned too.
  const recommend = (snapshot: LoadedSnapshot, request: object) => {
    const result = recommender.recommend(snapshot, recommendationRequest.parse(request));
    return { ...result, stats: { ...result.stats, work: 0 } };
  };
  const keyOf = (pin: number) => store.nodeAt('pins', pin)!.key;
  return { folder, version, still, live, store, recommend, keyOf };
}

describe('a snapshot that is loaded with a reserve', () => {
  test('a snapshot loaded with a reserve equals the stored one, with room behind it', async () => {
    const { still, live, store } = await loaded();
    store.close();
    expect(live.graph).toEqual(withReserve(still.graph, reserve));
    assertGraph(live.graph);
    expect({ ...live, graph: null }).toEqual({ ...still, graph: null });
    expect(still.graph.writes).toBeUndefined();
    const writer = new LiveGraph(live.graph, live.header.counts);
    expect(writer.size).toEqual(sizeOf(still.graph));
    expect(writer.remaining).toEqual(reserve);
  });

  test('an invalid reserve is refused', async () => {
    const { folder, version, store } = await loaded();
    store.close();
    expect(() => loadSnapshot(folder, version, { reserve: () => ({ ...reserve, pins: -1 }) })).toThrow(
      expect.objectContaining({ code: 'invalid-parameter', field: 'reserve' }),
    );
  });

  test('recommendations are the same with and without a reserve', async () => {
    const { still, live, store, recommend, keyOf } = await loaded();
    const query = [{ pin: keyOf(3) }, { pin: keyOf(40) }];
    for (const request of [
      { query },
      { query, diversity: 0.6, hubCorrection: 0.5, limit: 30 },
      { query, algorithm: 'feed', diversity: 1 },
      { query, target: 'boards', limit: 100 },
      { query, target: 'users', limit: 100 },
      { query: [{ user: store.nodeAt('users', 5)!.key }], limit: 100 },
      { query, algorithm: 'popular' },
      { query, algorithm: 'popular', target: 'users' },
    ]) {
      expect(recommend(live, request)).toEqual(recommend(still, request));
    }
    store.close();
  });

  test('a pin added after the build, without PageRank and community, is recommended', async () => {
    const { folder, still, live, store, recommend, keyOf } = await loaded();
    const { pins, boards, users } = live.header.counts;
    const writer = new LiveGraph(live.graph, live.header.counts);
    // The response takes their keys from the database.
    const database = openDatabase(folder);
    database.prepare('INSERT INTO users (id, key) VALUES (?, ?)').run(users, 'new user');
    database.prepare('INSERT INTO boards (id, key, owner) VALUES (?, ?, ?)').run(boards, 'new board', users);
    database.prepare('INSERT INTO pins (id, key) VALUES (?, ?)').run(pins, 'new pin');
    database.close();
    const query = [{ pin: keyOf(3) }];
    const request = { query, diversity: 0.6, hubCorrection: 0.5, limit: 300, explain: true };
    const keys = (snapshot: LoadedSnapshot) => recommend(snapshot, request).items.map(({ pin }) => pin);
    expect(keys(live)).not.toContain('new pin');
    expect(recommend(live, { query: [{ board: 'new board' }] }).fallback).toBe('cold-start');

    writer.addBoard(boards, users);
    writer.addSave(boards, 3);
    writer.addSave(boards, pins);
    expect(keys(live)).toContain('new pin');
    expect(keys(still)).not.toContain('new pin');
    const owners = recommend(live, { query, target: 'users', limit: 500 }).items.map(({ user }) => user);
    expect(owners).toContain('new user');
    const backwards = recommend(live, { query: [{ pin: 'new pin' }], limit: 1 });
    expect(backwards.items[0]!.pin).toBe(keyOf(3));
    store.close();
  });
});
