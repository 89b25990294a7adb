import { describe, expect, test } from 'vitest';
import type { DataFolder, LoadedSnapshot } from '../../graph-data/index.ts';
import { importSaves } from '../data-folders.ts';
import { serveForSuite } from './server.ts';

const fill = (folder: DataFolder) =>
  importSaves(folder, [
    'ann b1 p1',
    'ann b1 p2',
    'ann b1 p3',
    'ben b2 p1',
    'ben b3 p1',
    'cem b4 p9',
    'cem b4 p8',
  ]);
const server = serveForSuite(fill);
const withoutGraph = serveForSuite(fill, { isLoaded: false });

/** Number of distinct communities of pins and boards, by level. */
function communitiesIn({ communities }: LoadedSnapshot): number[] {
  const { levels, pins, boards } = communities!;
  return Array.from({ length: levels }, (_, level) => {
    const ofLevel = [pins, boards].flatMap((side) =>
      [...side].filter((_community, i) => Math.floor((i * levels) / side.length) === level),
    );
    return new Set(ofLevel).size;
  });
}

describe('GET /v1/graph', () => {
  test('describes the served graph, and how far the database is ahead of it', async () => {
    const response = await server.get('/v1/graph');
    expect(response.status).toBe(200);
    expect(response.body).toEqual({
      version: server.graphs.snapshot.version,
      builtAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      state: 'ready',
      counts: { users: 3, boards: 4, pins: 5, saves: 7 },
      degrees: {
        pins: { p50: 1, p90: 3, p99: 3, max: 3 },
        boards: { p50: 1, p90: 3, p99: 3, max: 3 },
      },
      // Two adjacencies, owners of boards, PageRank, and three levels of communities.
      bytes: 8 * 5 + 4 * 7 + 8 * 4 + 4 * 7 + 4 * 4 + 4 * 5 + 12 * 5 + 12 * 4,
      communities: communitiesIn(server.graphs.snapshot),
      liveSaves: 0,
      presets: {},
      reserveLeft: 1,
      addedSinceBuild: 0,
    });
    await importSaves(server.folder, ['dan b5 p1', 'ann b1 p1']);
    // A user, a board and a save; the other save existed.
    expect((await server.get('/v1/graph')).body).toMatchObject({ addedSinceBuild: 3, liveSaves: 0 });
  });

  test('GET /v1/graph needs a graph', async () => {
    expect(await withoutGraph.get('/v1/graph')).toMatchObject({
      status: 503,
      body: { code: 'graph-not-ready' },
    });
  });
});
