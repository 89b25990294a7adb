import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { readNamedSplits, recommendLists } from '../../api/offline/evaluate/index.ts';
import { openGraph, recommend } from '../../api/library/index.ts';
import { offlineModels, readNestedSplits } from '../../api/offline/evaluate/index.ts';
import { countStoredTrials, planSweep, readSweep, runSweep } from '../../api/offline/tune/index.ts';
import { tunePresets } from '../../api/offline/tune-presets/index.ts';
import {
  nextBelow,
  nextUnit,
  nodeCount,
  randomStream,
  resolvePipeline,
  settingsNamed,
  sharedInt32Array,
} from '../../engine/index.ts';
import {
  type Interaction,
  TrialStore,
  activateModel,
  activateSnapshot,
  buildSnapshot,
  importFiles,
  openDataFolder,
  trainModel,
} from '../../graph-data/index.ts';
import { clickLog, writeInteractions } from '../click-log.ts';
import { temporaryDataFolder, temporaryFolder } from '../data-folders.ts';
import { pinwalk } from '../scripts/command.ts';

/** Lists that a model ranks, offline and as served. */

const files = temporaryFolder(afterAll);
const train = path.join(files, 'train.csv');
const heldOut = path.join(files, 'test.csv');
const folder = openDataFolder(path.join(files, 'data'));
const users = 36;
const [limit, dayMs] = [12, 86_400_000];
const training = {
  label: 'click',
  windowHours: 24,
  zone: 'UTC',
  randomSeed: 1,
  codeVersion: 'test',
} as const;
const log = clickLog(900);
/** A user's first held-out save is at noon of one of six days, while the log goes on. */
const midnightOf = (user: number): number => Date.UTC(2026, 8, 28 + (user % 6));

beforeAll(async () => {
  const stream = randomStream(14);
  const rows = new Map<string, string>();
  for (let user = 0; user < users; user++) {
    for (let i = 0; i < 9; i++) {
      const pin = nextUnit(stream) < 0.8 ? (user % 2) * 20 + nextBelow(stream, 20) : nextBelow(stream, 40);
      const day = new Date(Date.UTC(2026, 7, 1 + nextBelow(stream, 50))).toISOString();
      rows.set(`u${user},p${1 + pin}`, day);
    }
  }
  writeFileSync(train, `user,pin,savedAt\n${[...rows].map(([pair, day]) => `${pair},${day}\n`).join('')}`);
  const late = Array.from({ length: users }, (_, user) => `u${user},new${user},${new Date(midnightOf(user) + dayMs / 2).toISOString()}\n`); // prettier-ignore
  writeFileSync(heldOut, `user,pin,savedAt\n${late.join('')}`);
  // A walk draws by the numbers of nodes. An evaluation numbers them by key: with the pins first, so does this folder.
  const pinFile = path.join(files, 'pins.csv');
  writeFileSync(
    pinFile,
    `pin,title\n${Array.from({ length: 40 }, (_, pin) => `p${pin + 1},Pin\n`).join('')}`,
  );
  await importFiles(folder, [pinFile, train], {});
  activateSnapshot(folder, (await buildSnapshot(folder, () => 0)).version, { force: true });
  writeInteractions(folder, log);
  activateModel(folder, trainModel(folder, { ...training, learner: 'ftrl' }).version);
});

afterEach(() => void vi.useRealTimers());

const changes = { model: 'click', modelCandidates: 25 };

/** Keys of the lists that an evaluation makes, by user. */
async function offlineLists(threads = 1): Promise<string[][]> {
  using named = await readNamedSplits({ train, test: heldOut }, 1, () => {});
  const { names } = named;
  const [split] = named.splits;
  const boards = Int32Array.from({ length: users }, (_, board) => board);
  const { algorithm, params } = settingsNamed('feed')!;
  const { pins } = await recommendLists(split!, boards, resolvePipeline({ algorithm, params: { ...params, ...changes } }), {
    k: limit,
    randomSeed: 1,
    threads,
    queryPins: Infinity,
    models: offlineModels(folder.root, names, nodeCount(split!.train.pinToBoard)),
    servedAs: 'feed',
  }); // prettier-ignore
  return Array.from(boards, (board) =>
    [...pins.subarray(board * limit, (board + 1) * limit)].filter((pin) => pin >= 0).map((pin) => names.pin(pin).key),
  ); // prettier-ignore
}

describe('lists ranked by a model', () => {
  test('evaluation makes the lists that are served at that moment, for every user, on any number of threads', async () => {
    const lists = await offlineLists();
    const plain = new Set<string>();
    for (let day = 0; day < 6; day++) {
      vi.useFakeTimers({ toFake: ['Date'], now: midnightOf(day) });
      using graph = openGraph(folder.root);
      for (let user = day; user < users; user += 6) {
        const query = [{ user: `u${user}` }];
        const { items, model } = recommend(graph, { query, limit, algorithm: 'feed', ...changes });
        expect(model!.asOf).toBe(new Date(midnightOf(user)).toISOString());
        expect(lists[user]).toEqual(items.map(({ pin }) => pin));
        plain.add(String(recommend(graph, { query, limit }).items.map(({ pin }) => pin).join() === lists[user]!.join())); // prettier-ignore
      }
      vi.useRealTimers();
    }
    expect([...plain]).toContain('false');
    expect(await offlineLists(3)).toEqual(lists);
  });

  test('interactions after a held-out save change no list; earlier ones do', async () => {
    const before = await offlineLists();
    const clicks = (at: number): Interaction[] =>
      Array.from({ length: 400 }, (_, i) => ['impression', 'click'].map((kind) => ({ kind, user: `v${i}`, pin: `p${1 + (i % 3)}`, at: at + i }))).flat(); // prettier-ignore
    writeInteractions(folder, clicks(midnightOf(5) + dayMs / 2));
    expect(await offlineLists()).toEqual(before);
    writeInteractions(folder, clicks(midnightOf(0) - dayMs));
    expect(await offlineLists()).not.toEqual(before);
  });

  test('refuses unmeasurable settings, and names the measurable ones', async () => {
    const run = (...args: string[]) => pinwalk('evaluate', '--algorithms', 'feed', '--k', '5', ...args);
    const params = ['--params', '{"model":"click"}', '--data', folder.root];
    const noTimes = await run('--train', train, '--columns', 'user,pin,-', '--hold-out', '0.2', ...params);
    expect(noTimes).toMatchObject({ code: 2 });
    expect(noTimes.stderr).toContain('some held-out saves have no time');
    const unknown = await run(
      '--hold-out-latest',
      '0.1',
      '--params',
      '{"model":"buy"}',
      '--data',
      folder.root,
    );
    expect(unknown.stderr).toContain('there is no active model of "buy": train one');
    const trees = trainModel(folder, { ...training, label: 'click', learner: 'trees' }).version;
    const online = trainModel(folder, { ...training, learner: 'ftrl' }).version;
    activateModel(folder, trees);
    const seen = await run('--hold-out-latest', '0.1', ...params);
    expect(seen.stderr).toMatch(/has learned from interactions up to 2026-10-.*hold out later ones, or activate a model that learns online/su); // prettier-ignore
    activateModel(folder, online);
  });
});

test('a sweep tries models, keeps its trials, and measures again with another log', async () => {
  const file = path.join(files, 'sweep.yaml');
  writeFileSync(
    file,
    'saves: { data: data, holdOutLatest: 0.1 }\nvalidation: { holdOutLatest: 0.1 }\nsearch: { method: grid }\nk: 5\nspace:\n  - { algorithm: feed, params: { model: ["", click], steps: 2000 } }\n',
  );
  const sweep = readSweep(file, folder.root);
  using splits = await readNestedSplits(sweep.saves, sweep.validation, 1, () => {});
  using store = TrialStore.open(path.join(files, 'results.db'));
  const models = offlineModels(folder.root, splits.names, nodeCount(splits.test.train.pinToBoard));
  const kept = () => countStoredTrials(sweep, splits, planSweep(sweep, splits), store, models);
  const { settings } = await runSweep(sweep, splits, { store, threads: 1, models });
  const [first, second] = settings.map(({ figures }) => figures.ndcg);
  expect(first).not.toBe(second);
  expect(kept()).toBe(2);
  writeInteractions(folder, [{ kind: 'impression', user: 'u1', pin: 'p1', at: Date.UTC(2026, 9, 20) }]);
  expect(kept()).toBe(1);
});

test('tune chooses a model that predicts saves', async () => {
  const other = temporaryDataFolder();
  const [people, pinCount, start] = [240, 200, Date.UTC(2026, 8, 1)];
  const random = randomStream(5);
  // At first people save anything, in the end every eighth pin; these are what they have clicked all the time.
  const saves = Array.from({ length: people }, (_, user) =>
    [...new Set(Array.from({ length: 24 }, (__, i) => (i < 20 ? nextBelow(random, pinCount) : 8 * nextBelow(random, pinCount / 8))))]
      .map((pin, i) => [user, pin, start + (10 + i) * dayMs] as const),
  ).flat(); // prettier-ignore
  const rows = Array.from({ length: 6_000 }, (_, i): Interaction[] => {
    const [pin, at] = [nextBelow(random, pinCount), start + i * 60_000];
    const of = { user: `u${nextBelow(random, people)}`, pin: `p${pin}` };
    const shown: Interaction = { ...of, kind: 'impression', at };
    return nextUnit(random) < (pin % 8 === 0 ? 0.5 : 0.02) ? [shown, { ...of, kind: 'click', at: at + 1_000 }] : [shown];
  }).flat(); // prettier-ignore
  writeInteractions(other, rows);
  activateModel(other, trainModel(other, { ...training, learner: 'ftrl' }).version);
  const boardToUser = sharedInt32Array(people);
  for (let user = 0; user < people; user++) boardToUser[user] = user;
  const nameOf = (letter: string) => (index: number) => ({ key: `${letter}${index}` });
  const names = { board: nameOf('b'), pin: nameOf('p'), user: nameOf('u') };
  const { results } = await tunePresets(
    {
      boards: Int32Array.from(saves, ([user]) => user),
      pins: Int32Array.from(saves, ([, pin]) => pin),
      savedAt: Float64Array.from(saves, ([, , time]) => time),
      pinCount,
      boardToUser,
      userCount: people,
    },
    {
      presets: ['feed'],
      seconds: 40,
      randomSeed: 1,
      threads: 1,
      now: () => 0,
      models: { ...offlineModels(other.root, names, pinCount), labels: ['click'] },
    },
  );
  expect(results).toMatchObject([{ outcome: 'chosen', changes: { model: 'click' } }]);
  const { byDefault, chosen } = results[0]!.confirmation!.ndcg;
  expect(chosen).toBeGreaterThan(1.3 * byDefault);
});
