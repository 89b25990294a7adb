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

  test('has four examples', () => {
    expect(examples).toHaveLength(4);
  });

  // As a user has it: a folder of theirs, with the package linked into node_modules.
  test.each(examples.map(([, code, output], i) => [i + 1, code!, output!] as const))(
    'example %i runs as it stands and prints what the page says',
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

test("the examples' types are sound in a project of their own, which has none of our settings but those named", () => {
  const user = path.join(folder, 'typed');
  mkdirSync(path.join(user, 'node_modules'), { recursive: true });
  symlinkSync(root, path.join(user, 'node_modules/pinwalk'));
  symlinkSync(path.join(root, 'node_modules/@types'), path.join(user, 'node_modules/@types'));
  const page = readFileSync(path.join(root, 'docs/library.md'), 'utf8');
  for (const [i, example] of [...page.matchAll(/```ts\n([\s\S]*?)\n```/g)].entries()) {
    writeFileSync(path.join(user, `example-${i}.mts`), example[1]!);
  }
  writeFileSync(path.join(user, 'wrong.mts'), "import { openGraph } from 'pinwalk';\nopenGraph(5);\n");
  const compilerOptions = {
    module: 'nodenext',
    allowImportingTsExtensions: true,
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    target: 'es2024',
    lib: ['es2024', 'esnext.disposable'],
    types: ['node'],
  };
  writeFileSync(path.join(user, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.mts'] }));
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', user], { encoding: 'utf8', cwd: user });
  expect(stdout.trim().split('\n')).toEqual([expect.stringMatching(/^wrong\.mts\(2,11\): error TS2345/)]);
});

describe('in a script', () => {
  const server = serveForSuite(async (data) => {
    await importFiles(data, [path.join(folder, 'saves.csv')]);
  });

  /** Without what differs from answer to answer: its id, and the times it took. */
  const withoutTimes = (answer: object) =>
    JSON.parse(
      JSON.stringify(answer, (name, value: unknown) =>
        ['recommendationId', 'walkMs', 'queueMs'].includes(name) ? undefined : value,
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
  ])('recommend answers what REST answers: %j', async (request) => {
    using graph = openGraph(server.folder.root);
    const { body, status } = await server.post('/v1/recommendations', request);
    expect(status).toBe(200);
    const answer = recommend(graph, request);
    expect(withoutTimes(answer)).toEqual(withoutTimes(body));
    expect(Object.keys(answer).toSorted()).toEqual(Object.keys(body).toSorted());
  });

  test('faults are those of REST', async () => {
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

  test('walk has the answer of recommend', () => {
    using graph = openGraph(five);
    const request = { query: [{ pin: 'basil' }], explain: true, fields: ['title'] };
    const { result } = walk(graph, request);
    expect(result.items).toEqual(recommend(graph, request).items);
  });

  test('an open graph tells what it holds, stays on its snapshot, and is closed once', async () => {
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

  test('evaluate tells every fault of a question at once', async () => {
    const paths = { name: 'paths', algorithm: 'paths' as const, params: { x: 9, nothing: 1 } };
    const question = { train: 'no.csv', holdOut: 2, folds: 2, algorithms: ['magic', 'paths', paths], k: 0 };
    const fault = await evaluate(question).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(Problem);
    const told = (fault as Problem).errors.map(({ pointer, detail }) => `${pointer} ${detail}`);
    expect(told).toEqual([
      expect.stringMatching(/^\/holdOut .*<1$/),
      expect.stringMatching(/^\/algorithms\/2\/params\/x x: 9 is not a number in/),
      expect.stringMatching(/^\/algorithms\/2\/params\/nothing nothing: there is no such parameter/),
      '/algorithms has a name twice',
      expect.stringMatching(/^\/k .*>=1$/),
      expect.stringMatching(/^\/algorithms\/0 there is no algorithm or preset "magic"; there are pixie, /),
      '/folds there is holdOut already: a split is made in one way',
      '/train there is no no.csv',
    ]);
  });

  test('what cannot be opened is told', () => {
    expect(() => openGraph(path.join(folder, 'empty'))).toThrow(/run pinwalk build first/);
    expect(() => openGraph(five, { snapshot: '0123456789abcdef' })).toThrow(/there is no snapshot/);
  });
});
