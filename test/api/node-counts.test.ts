import { describe, expect, test } from 'vitest';
import { NodeCounts } from '../../api/index.ts';
import { Store } from '../../graph-data/index.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';
import { CountedTurns } from './counted-turns.ts';
import { serveForSuite } from './server.ts';

describe('counts of a node', () => {
  const fill = ['ann pasta basil', 'ann pasta tomato', 'ann ann basil', 'ben ben basil'];
  const server = serveForSuite((folder) => importSaves(folder, fill), { isLoaded: false });
  const counts = async (): Promise<unknown[]> => {
    const paths = ['pins/basil', 'boards/pasta', 'users/ann'];
    return Promise.all(paths.map(async (path) => (await server.get(`/v1/${path}`)).body.counts as unknown));
  };

  test('counts are the same from rows, from the graph and after writes of this and of another process', async () => {
    const first = [{ boards: 3, saves: 3 }, { pins: 2 }, { boards: 2, saves: 3 }];
    expect(server.graphs.exactGraph).toBeUndefined();
    expect(await counts()).toEqual(first);
    await server.loadGraph();
    expect(server.graphs.exactGraph).toBeDefined();
    expect(await counts()).toEqual(first);
    const saves = ['basil', 'mint'].map((pin) => ({ user: 'ann', board: 'new', pin }));
    await server.post('/v1/saves', saves);
    expect(server.graphs.exactGraph).toBeDefined();
    expect(await counts()).toEqual([{ boards: 4, saves: 4 }, { pins: 2 }, { boards: 3, saves: 5 }]);
    await importSaves(server.folder, ['ann pasta mint', 'cem cem basil']);
    expect(server.graphs.exactGraph).toBeUndefined();
    expect(await counts()).toEqual([{ boards: 5, saves: 5 }, { pins: 3 }, { boards: 3, saves: 6 }]);
  });

  test('rows are counted in slices, which leave turns of the event loop to others', async () => {
    const folder = temporaryDataFolder();
    await importSaves(
      folder,
      Array.from({ length: 12 }, (_, i) => `u b${i} hub`),
    );
    const store = Store.open(folder);
    const turns = new CountedTurns(setImmediate);
    const counted = new NodeCounts(store, { exactGraph: undefined }, turns, { rows: 5, boards: 4 });
    expect(await counted.savesOf('pins', 0)).toBe(12);
    expect(turns.count).toBe(2);
    expect(await counted.ofUser(0)).toEqual({ boards: 12, saves: 12 });
    expect(turns.count).toBe(5);
    store.close();
  });
});
