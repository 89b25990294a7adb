import { describe, expect, test } from 'vitest';
import { importSaves } from '../data-folders.ts';
import { serveForSuite } from './server.ts';

/** Thirty boards about one pin, each with two pins of its own, beside a board that the walk cannot reach. */
const saves = [
  ...Array.from({ length: 30 }, (_, i) =>
    [`u${i} b${i} middle`, `u${i} b${i} near`, `u${i} b${i} own${i}`].slice(0, i < 20 ? 3 : 2),
  ).flat(),
  'far away island',
  'far away beach',
];
const server = serveForSuite((folder) => importSaves(folder, saves), { settings: { stepsMax: 1_000_000 } });
const request = { query: [{ pin: 'middle' }], limit: 5 };

interface Way {
  readonly nodes: readonly number[];
  readonly walked: number;
}

describe('POST /v1/walks', () => {
  test('POST /v1/walks returns the items of POST /v1/recommendations', async () => {
    const walk = (await server.post('/v1/walks', request)).body;
    const withReasons = { ...request, explain: true, fields: ['title'] };
    const list = (await server.post('/v1/recommendations', withReasons)).body;
    const items = walk.items.map(({ rank, pin, score, reason }: Record<string, unknown>) => {
      return { rank, pin, score, reason, fields: {} };
    });
    expect(items).toEqual(list.items);
    expect(walk.algorithm).toEqual(list.algorithm);
    expect(walk.steps.walked + walk.steps.second).toBe(list.stats.steps);
    expect(walk.convergence).toHaveLength(16);
    expect(walk.convergence.at(-1).overlap).toBe(1);
  });

  test('POST /v1/walks draws stored saves, and paths along them from a query pin to each item', async () => {
    const { nodes, edges, items, edgesLeftOut } = (await server.post('/v1/walks', request)).body;
    const known = new Set(saves.map((save) => save.split(' ').slice(1).join(' ')));
    const saveOf = (pin: number, board: number): string => `${nodes[board].key} ${nodes[pin].key}`;
    expect(edges.length).toBeGreaterThan(60);
    expect(edgesLeftOut).toBe(0);
    for (const [pin, board] of edges) expect(known).toContain(saveOf(pin, board));
    expect(new Set(edges.map(String)).size).toBe(edges.length);
    for (const { pin, node, ways } of items as { pin: string; node: number; ways: Way[] }[]) {
      expect(nodes[node]).toMatchObject({ kind: 'pin', key: pin });
      expect(ways.length).toBeGreaterThan(0);
      for (const { nodes: way, walked } of ways) {
        expect(walked).toBeGreaterThan(0);
        expect(nodes[way[0]!].key).toBe('middle');
        expect(way.at(-1)).toBe(node);
        for (let i = 1; i < way.length; i++) {
          const [pinAt, boardAt] = i % 2 === 1 ? [way[i - 1]!, way[i]!] : [way[i]!, way[i - 1]!];
          expect(known).toContain(saveOf(pinAt, boardAt));
          expect(edges).toContainEqual([pinAt, boardAt]);
        }
      }
    }
    expect(items[0].visits).toBeGreaterThan(0);
    expect(nodes.find(({ key }: { key: string }) => key === 'near').visits).toBe(items[0].visits);
    expect(nodes.map(({ key }: { key: string }) => key)).not.toContain('island');
  });

  test('POST /v1/walks draws at most the requested nodes, the query and the items first', async () => {
    const { nodes, items } = (await server.post('/v1/walks?nodes=10', { ...request, limit: 3 })).body;
    expect(nodes).toHaveLength(10);
    expect(nodes[0]).toMatchObject({ kind: 'pin', key: 'middle' });
    expect(items.map(({ node }: { node: number }) => node)).toEqual([1, 2, 3]);
    const many = (await server.post('/v1/walks?nodes=2001', request)).body;
    expect(many).toMatchObject({ code: 'invalid-request', errors: [{ pointer: '/nodes' }] });
  });

  test('POST /v1/walks draws boards, and users by the boards that the walk passed', async () => {
    const boards = (await server.post('/v1/walks', { ...request, target: 'boards' })).body;
    expect(boards.nodes[boards.items[0].node]).toMatchObject({ kind: 'board', key: boards.items[0].board });
    expect(boards.items[0].ways[0].nodes.at(-1)).toBe(boards.items[0].node);
    const users = (await server.post('/v1/walks', { ...request, target: 'users' })).body;
    expect(users.items[0].node).toBeNull();
    const last = users.nodes[users.items[0].ways[0].nodes.at(-1)];
    expect(last).toMatchObject({ kind: 'board', key: users.items[0].user.replace('u', 'b') });
  });

  test('POST /v1/walks is repeatable', async () => {
    const first = await server.post('/v1/walks', request);
    const second = await server.post('/v1/walks', request);
    const timeless = (body: object): object => Object.assign({}, body, { stats: undefined });
    expect(timeless(second.body)).toEqual(timeless(first.body));
  });

  test('POST /v1/walks refuses more than a tenth of the steps of other requests, and algorithms that do not walk', async () => {
    const withSteps = (steps: number): object => ({ ...request, algorithm: 'pixie', params: { steps } });
    expect((await server.post('/v1/walks', withSteps(100_000))).status).toBe(200);
    const tooMany = (await server.post('/v1/walks', withSteps(100_001))).body;
    expect(tooMany).toMatchObject({ code: 'invalid-request', errors: [{ pointer: '/params/steps' }] });
    const exact = (await server.post('/v1/walks', { ...request, algorithm: 'paths' })).body;
    expect(exact).toMatchObject({ code: 'invalid-request', errors: [{ pointer: '/algorithm' }] });
  });
});
