import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Problem, evaluate, openGraph, recommend, walk } from 'pinwalk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildSnapshot, activateSnapshot, importFiles, openDataFolder } from '../../graph-data/index.ts';
import { temporaryFolder } from '../data-folders.ts';
import { serveForSuite } from '../api/server.ts';

const root = path.join(import.meta.dirname, '../..');
const folder = temporaryFolder(afterAll);
const five = path.join(folder, 'five');

beforeAll(async () => {
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
  const saves = path.join(folder, 'saves.csv');
  writeFileSync(saves, /```csv\n([^`]*)```/.exec(readme)![1]!);
  const data = openDataFolder(five);
  await importFiles(data, [saves]);
  activateSnapshot(data, (await buildSnapshot(data, () => 0)).version);
});

describe('docs/library.md', () => {
  const page = readFileSync(path.join(root, 'docs/library.md'), 'utf8');
  const examples = [...page.matchAll(/```ts\n([^`]*?(?:`[^`]+`[^`]*?)*)```\n\n```text\n([^`]*)```/g)];

  test('docs/library.md has four examples', () => {
    expect(examples).toHaveLength(4);
  });

  // As for a user: another folder, with the package linked into its node_modules.
  test.each(examples.map(([, code, output], i) => [i + 1, code!, output!] as const))(
    'example %i of docs/library.md runs unchanged and prints the documented output',
    (place, code, output) => {
      mkdirSync(path.join(folder, 'node_modules'), { recursive: true });
      if (place === 1) symlinkSync(root, path.join(folder, 'node_modules/pinwalk'));
      const file = path.join(folder, `example-${place}.mts`);
      writeFileSync(file, code);
      const { stdout, stderr, status } = spawnSync(process.execPath, [file], {
        cwd: folder,
        encoding: 'utf8',
      });
      expect({ stdout, stderr, status }).toEqual({ stdout: output, stderr: '', status: 0 });
    },
  );
});

describe('the library in a script', () => {
  const server = serveForSuite(async (data) => {
    await importFiles(data, [path.join(folder, 'saves.csv')]);
  });

  /**
   * Without what differs between responses: the id, the times, and the work, because a live graph has room for new pins,
   * so that a list longer than this small graph looks further.
   */
  const withoutTimes = (response: object) =>
    JSON.parse(
      JSON.stringify(response, (name, value: unknown) =>
        ['recommendationId', 'walkMs', 'queueMs', 'work'].includes(name) ? undefined : value,
      ),
    ) as unknown;

  test.each([
    { query: [{ pin: 'basil' }] },
    { query: [{ pin: 'basil', weight: 2 }, { pin: 'flour' }, { pin: 'no' }], explain: true, randomSeed: 5 },
    { query: [{ user: 'ann' }], target: 'boards' as const, limit: 1 },
    {
      query: [{ board: 'bread' }],
      algorithm: 'paths' as const,
      params: { x: 0.7 },
      exclude: { saved: false },
    },
    {
      query: [{ pin: 'basil' }],
      diversity: 0.5,
      minRelevance: 0.2,
      fields: ['title'],
      algorithm: 'ppr' as const,
    },
  ])('recommend returns what REST returns: %j', async (request) => {
    using graph = openGraph(server.folder.root);
    const { body, status } = await server.post('/v1/recommendations', request);
    expect(status).toBe(200);
    const recommended = recommend(graph, request);
    expect(withoutTimes(recommended)).toEqual(withoutTimes(body));
    expect(Object.keys(recommended).toSorted()).toEqual(Object.keys(body).toSorted());
  });

  test('the library throws the problems of REST', async () => {
    using graph = openGraph(five);
    const wrong = { query: [{ pin: 'basil', weight: -1 }], limit: 0 };
    const { body } = await server.post('/v1/recommendations', wrong);
    try {
      recommend(graph, wrong);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(Problem);
      expect((error as Problem).code).toBe('invalid-request');
      expect((error as Problem).errors).toEqual(body.errors);
    }
    expect(() => recommend(graph, { query: [{ pin: 'no' }] })).toThrow(/does not have "no"/);
  });

  test('walk returns the items of recommend', () => {
    using graph = openGraph(five);
    const request = { query: [{ pin: 'basil' }], explain: true, fields: ['title'] };
    const { result } = walk(graph, request);
    expect(result.items).toEqual(recommend(graph, request).items);
  });

  test('an open graph has counts, stays on its snapshot, and can be closed twice', async () => {
    const graph = openGraph(five);
    expect(graph.counts).toEqual({ users: 3, boards: 3, pins: 5, saves: 9 });
    const before = graph.version;
    const data = openDataFolder(five);
    const more = path.join(folder, 'more.csv');
    writeFileSync(more, 'user,board,pin\ndan,pizza,basil\ndan,pizza,flour\n');
    await importFiles(data, [more]);
    activateSnapshot(data, (await buildSnapshot(data, () => 0)).version, { force: true });
    expect(recommend(graph, { query: [{ pin: 'basil' }] }).graphVersion).toBe(before);
    using newer = openGraph(five);
    expect(newer.counts.saves).toBe(11);
    using older = openGraph(five, { snapshot: before });
    expect(older.counts.saves).toBe(9);
    graph.close();
    graph.close();
    expect(() => recommend(graph, { query: [{ pin: 'basil' }] })).toThrow(/this graph is closed/);
  });

  test('evaluate reports all faults of its input at once', async () => {
    const paths = { name: 'paths', algorithm: 'paths' as const, params: { x: 9, nothing: 1 } };
    const input = { train: 'no.csv', holdOut: 2, folds: 2, algorithms: ['magic', 'paths', paths], k: 0 };
    const fault = await evaluate(input).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(Problem);
    const faults = (fault as Problem).errors.map(({ pointer, detail }) => `${pointer} ${detail}`);
    expect(faults).toEqual([
      expect.stringMatching(/^\/holdOut must be below 1$/),
      expect.stringMatching(/^\/algorithms\/2\/params\/x 9 is not a number in/),
      expect.stringMatching(/^\/algorithms\/2\/params\/nothing there is no such parameter/),
      '/algorithms contains a duplicate name',
      expect.stringMatching(/^\/k must be at least 1$/),
      expect.stringMatching(/^\/algorithms\/0 there is no algorithm or preset "magic"; there are pixie, /),
      '/folds conflicts with holdOut: set only one split option',
      '/train no.csv does not exist',
    ]);
  });

  test('openGraph reports a missing snapshot, and a missing folder', () => {
    expect(() => openGraph(openDataFolder(path.join(folder, 'empty')).root)).toThrow(
      /run pinwalk build first/,
    );
    expect(() => openGraph(path.join(folder, 'mistyped'))).toThrow(/there is no data folder .*mistyped/);
    expect(() => openGraph(five, { snapshot: '0123456789abcdef' })).toThrow(/there is no snapshot/);
  });
});
