import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readNamedSplits, recommendLists } from '../../api/offline/evaluate/index.ts';
import { openGraph, recommend } from '../../api/library/index.ts';
import { nextBelow, nextUnit, randomStream, resolvePipeline } from '../../engine/index.ts';
import { importFiles } from '../../graph-data/index.ts';
import { temporaryFolder } from '../data-folders.ts';
import { pinwalk } from '../scripts/command.ts';
import { serveForSuite } from './server.ts';

/** One request through every door: each has to give the same list. */

const folder = temporaryFolder(afterAll);
const train = path.join(folder, 'train.csv');
const found = path.join(folder, 'test.csv');
const pinFile = path.join(folder, 'pins.csv');
const users = 80;
const limit = 12;
const algorithm = 'pixie';
const params = { steps: 4_000, restartProbability: 0.5, lastHop: 'spread', popularityDiscount: 0.1 };
const levers = { hubCorrection: 0.4, diversity: 0.3, halfLifeDays: 20, orderDecay: 0.8, minRelevance: 0.05 };

writeSaves();
const server = serveForSuite(async (data) => {
  // A walk draws by the numbers of nodes. An evaluation numbers them by key: with the pins first, so does this folder.
  await importFiles(data, [pinFile, train], {});
});

/** Four tastes of fifteen pins; pin 0 is everybody's. The saves of a user are some days apart. */
function writeSaves(): void {
  const stream = randomStream(14);
  const rows = new Map<string, string>();
  for (let user = 0; user < users; user++) {
    rows.set(`u${user},p0`, '2026-01-01');
    for (let i = 0; i < 9; i++) {
      const taste = nextUnit(stream) < 0.85 ? user % 4 : nextBelow(stream, 4);
      const day = new Date(Date.UTC(2026, 1, 1 + nextBelow(stream, 90))).toISOString();
      rows.set(`u${user},p${1 + taste * 15 + nextBelow(stream, 15)}`, day);
    }
  }
  writeFileSync(train, `user,pin,savedAt\n${[...rows].map(([pair, day]) => `${pair},${day}\n`).join('')}`);
  const pins = [...new Set([...rows.keys()].map((pair) => pair.split(',')[1]!))];
  const byKey = pins.toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
  writeFileSync(pinFile, `pin,title\n${byKey.map((pin) => `${pin},Pin\n`).join('')}`);
  writeFileSync(
    found,
    `user,pin\n${Array.from({ length: users }, (_, user) => `u${user},new${user}\n`).join('')}`,
  );
}

/** Evaluates one point of a sweep and makes it a preset of the data folder, as an analyst does. */
async function promote(): Promise<void> {
  const file = path.join(folder, 'sweep.yaml');
  const point = JSON.stringify({ algorithm, params: { ...params, ...levers } });
  writeFileSync(
    file,
    `saves: { train: train.csv, holdOut: 0.2 }\nvalidation: { holdOut: 0.2 }\nsearch: { method: grid }\nspace: [${point}]\nk: 5\n`,
  );
  const { code } = await pinwalk('sweep', file, '--promote', 'home', '--data', server.folder.root);
  expect(code).toBe(0);
}

interface Listed {
  readonly items: readonly { readonly pin?: string; readonly score: number }[];
}
const pinsOf = ({ items }: Listed): string[] => items.map(({ pin }) => pin!);
const queried = ['u0', 'u1', 'u17', 'u42', 'u79'];

describe('one request', () => {
  beforeAll(promote);

  test.each(queried)(
    'a request by %s has one list over REST, library, command, evaluation and a promoted preset',
    async (user) => {
      const query = [{ user }];
      const { body } = await server.post('/v1/recommendations', {
        query,
        limit,
        algorithm,
        params,
        ...levers,
      });
      const rest = pinsOf(body);
      expect(rest).toHaveLength(limit);

      const preset = await server.post('/v1/recommendations', { query, limit, algorithm: 'home' });
      expect(pinsOf(preset.body)).toEqual(rest);
      expect(preset.body.algorithm).toEqual({ ...body.algorithm, preset: 'home' });
      const shorthand = await server.get(`/v1/users/${user}/feed?limit=${limit}&algorithm=home`);
      expect(pinsOf(shorthand.body)).toEqual(rest);

      using graph = openGraph(server.folder.root);
      expect(pinsOf(recommend(graph, { query, limit, algorithm, params, ...levers }))).toEqual(rest);

      const given = ['--params', JSON.stringify({ ...params, ...levers }), '--limit', String(limit)];
      const args = [
        '--user',
        user,
        '--algorithm',
        algorithm,
        ...given,
        '--json',
        '--data',
        server.folder.root,
      ];
      const command = await pinwalk('recommend', ...args);
      expect(pinsOf(JSON.parse(command.stdout))).toEqual(rest);
    },
  );

  test('REST and evaluation return the same list for every user', async () => {
    using named = await readNamedSplits({ train, test: found }, 1, () => {});
    const [split] = named.splits;
    const boards = Int32Array.from({ length: users }, (_, board) => board);
    const pipeline = resolvePipeline({ algorithm, params: { ...params, ...levers } });
    const options = { k: limit, randomSeed: 1, threads: 1, queryPins: Infinity };
    const { pins } = await recommendLists(split!, boards, pipeline, options);
    using graph = openGraph(server.folder.root);
    for (const board of boards) {
      const query = [{ user: named.names.board(board).key }];
      const list = [...pins.subarray(board * limit, (board + 1) * limit)].filter((pin) => pin >= 0);
      const served = pinsOf(recommend(graph, { query, limit, algorithm: 'home' }));
      expect(list.map((pin) => named.names.pin(pin).key)).toEqual(served);
    }
  });

  test.each(Object.keys(levers))('the list depends on %s: without it, another one results', async (lever) => {
    using graph = openGraph(server.folder.root);
    const neutral = { hubCorrection: 0, diversity: 0, halfLifeDays: 1e6, orderDecay: 1, minRelevance: 0.9 };
    const changed = { [lever]: neutral[lever as keyof typeof neutral] };
    const lists = (change: object): string[] =>
      queried.map((user) =>
        pinsOf(recommend(graph, { query: [{ user }], limit, algorithm: 'home', ...change })).join(),
      );
    expect(lists(changed)).not.toEqual(lists({}));
  });
});
