import { describe, expect, test } from 'vitest';
import { keepTuned, tunePresets } from '../../api/offline/tune-presets/index.ts';
import {
  type LinearBuildParams,
  type TimedSaves,
  linearBuildParams,
  nextBelow,
  randomStream,
  resolveParams,
  sharedInt32Array,
} from '../../engine/index.ts';
import { addPreset, readPresets, removePreset, tunedPresetsOf } from '../../graph-data/index.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';
import { pinwalk } from '../scripts/command.ts';
import { serveForSuite } from './server.ts';

const userCount = 240;

/** Saves of users with one board each, by the pin that a user saves at a moment. */
function savesOf(pinAt: (user: number, moment: number) => number): TimedSaves {
  const rows = Array.from({ length: userCount }, (_, user) => {
    const pins = new Map(Array.from({ length: 24 }, (__, moment) => [pinAt(user, moment), moment] as const));
    return [...pins].map(([pin, moment]) => [user, pin, moment * 86_400_000] as const);
  }).flat();
  const boardToUser = sharedInt32Array(userCount);
  for (let user = 0; user < userCount; user++) boardToUser[user] = user;
  return {
    boards: Int32Array.from(rows, ([user]) => user),
    pins: Int32Array.from(rows, ([, pin]) => pin),
    savedAt: Float64Array.from(rows, ([, , time]) => time),
    pinCount: Math.max(...rows.map(([, pin]) => pin)) + 1,
    boardToUser,
    userCount,
  };
}

/** People who move on: from one circle of pins to another, and the next pins are of the last one. */
const movers = (): TimedSaves => {
  const random = randomStream(3);
  const circles = Array.from({ length: userCount }, () => [nextBelow(random, 12), nextBelow(random, 12)]);
  return savesOf((user, moment) => circles[user]![moment < 18 ? 0 : 1]! * 20 + nextBelow(random, 20));
};
/** People who save all pins of one circle, in different orders: what is left of it is found by any setting. */
const complete = (): TimedSaves => savesOf((user, moment) => (user % 10) * 24 + ((moment + user) % 24));
/** People who save at random: nothing can be better than anything else. */
const aimless = (): TimedSaves => {
  const random = randomStream(4);
  return savesOf(() => nextBelow(random, 240));
};

const tune = (saves: TimedSaves, given: Partial<Parameters<typeof tunePresets>[1]> = {}) =>
  tunePresets(saves, {
    presets: ['feed'],
    seconds: 40,
    randomSeed: 1,
    threads: 1,
    now: () => 0,
    ...given,
  });
/** A clock on which every look takes half a minute. */
const slowly = (): (() => number) => {
  let time = 0;
  return () => (time += 30_000);
};

describe('tuning', () => {
  test('tuning finds a lever that matters, and gives the same report on another number of threads', async () => {
    const report = await tune(movers());
    const [feed] = report.results;
    expect(feed).toMatchObject({
      preset: 'feed',
      outcome: 'chosen',
      isExact: false,
      users: { chose: 120, confirmed: 120 },
    });
    expect(feed!.changes['orderDecay'] ?? feed!.changes['halfLifeDays']).toBeLessThan(180);
    expect(feed!.confirmation!.ndcg.interval.low).toBeGreaterThan(0);
    expect(feed!.confirmation!.ndcg.chosen).toBeGreaterThan(1.2 * feed!.confirmation!.ndcg.byDefault);
    expect(JSON.stringify(await tune(movers(), { threads: 2 }))).toBe(JSON.stringify(report));
  });

  test('exact scores take the place of the walk where they are better and cost no more, by option', async () => {
    const { results } = await tune(movers(), { exact: true });
    expect(results).toMatchObject([{ outcome: 'chosen', isExact: true }]);
    // A third of the chance of a wrong choice each: the walk with the levers found, exact scores with them and without.
    expect(results[0]!.confirmation!.confidence).toBeCloseTo(1 - 0.05 / 3, 9);
  });

  test('exact scores take the place of the walk where they are as good, by option', async () => {
    const { results } = await tune(complete(), { exact: true });
    expect(results).toMatchObject([{ outcome: 'chosen', isExact: true, changes: {} }]);
    expect(results[0]!.confirmation).toMatchObject({ confidence: 0.95, ndcg: { difference: 0, chosen: 1 } });
    expect((await tune(complete())).results).toMatchObject([{ outcome: 'default', isExact: false }]);
    // As good as the interval can tell: where nothing can be found, it tells too little.
    const { results: unclear } = await tune(aimless(), { exact: true });
    expect(unclear).toMatchObject([{ outcome: 'default' }]);
  });

  test('the work that the choice of levers leaves confirms them on more users', async () => {
    // Nothing is chosen for ideas: they take the levers of feed, as every user has one board.
    const { results } = await tune(movers(), { presets: ['feed', 'ideas'], seconds: 2 });
    const ideas = results.find(({ preset }) => preset === 'ideas')!;
    expect(ideas.users).toEqual({ chose: 0, confirmed: 120 });
  });

  test('tuning keeps the default where nothing matters', async () => {
    const { results } = await tune(aimless());
    expect(results).toMatchObject([{ outcome: 'default' }]);
  });

  test('tuning that the clock ends says so, and keeps the default', async () => {
    const { results } = await tune(movers(), { now: slowly() });
    expect(results).toMatchObject([{ outcome: 'default', confirmation: null, ended: 'clock' }]);
  });

  test('recency is tuned where saves have times, the share of item weights where the snapshot has some', async () => {
    const leversOf = async (saves: TimedSaves, linear?: LinearBuildParams): Promise<string[]> => {
      const { results } = await tune(saves, { now: slowly(), linear });
      return Object.keys(results[0]!.levers).filter((name) => /Share|orderDecay/.test(name));
    };
    const timeless = { ...movers(), savedAt: new Float64Array(movers().pins.length).fill(NaN) };
    const linear = resolveParams<LinearBuildParams>(linearBuildParams, {});
    expect(await leversOf(movers())).toEqual(['orderDecay']);
    expect(await leversOf(movers(), linear)).toEqual(['linearShare', 'orderDecay']);
    expect(await leversOf(timeless)).toEqual([]);
  });

  test('tuning refuses saves of too few users', async () => {
    const saves = movers();
    const few = { ...saves, savedAt: saves.savedAt.subarray(0, 999), pins: saves.pins.subarray(0, 999) };
    await expect(tune({ ...few, boards: saves.boards.subarray(0, 999) })).rejects.toThrow(
      /too few users to tune on: .*200 users or boards.*import more saves/,
    );
  });
});

describe('a tuned preset', () => {
  const server = serveForSuite((folder) =>
    importSaves(folder, ['ann pasta basil', 'ann pasta tomato', 'ben salad tomato', 'ben salad egg']),
  );
  const change = { algorithm: 'pixie', params: { steps: 777 } } as const;
  const interval = { low: 0.01, high: 0.03 };
  const metric = { byDefault: 0.1, chosen: 0.12, difference: 0.02, interval };
  const report = (outcome: 'chosen' | 'default', isExact = false) => ({
    ...({
      k: 20,
      metric: 'ndcg',
      randomSeed: 1,
      seconds: 120,
      heldOut: 'random',
      share: 0.1,
      tooFew: [],
    } as const),
    results: [
      {
        ...({
          preset: 'feed',
          outcome,
          users: { chose: 9, confirmed: 9 },
          attempts: [],
          ended: null,
        } as const),
        levers: { popularityDiscount: 0.15 },
        changes: { popularityDiscount: 0.3 },
        isExact,
        confirmation: { confidence: 0.98, ndcg: metric, recall: metric },
      },
    ],
  });
  const feed = async (): Promise<Record<string, unknown>> => {
    const { body } = await server.get('/v1/users/ann/feed');
    return body.algorithm;
  };

  test('a tuned feed serves the feed of users, with its evidence in the file, until it is removed', async () => {
    expect(await feed()).toMatchObject({ preset: 'feed', params: { popularityDiscount: 0.15 } });
    keepTuned(server.folder, report('chosen'), 'v1');
    const tuned = { name: 'pixie', preset: 'feed', params: { popularityDiscount: 0.3, steps: 100_000 } };
    await expect.poll(feed).toMatchObject(tuned);
    expect(tunedPresetsOf(server.folder)).toEqual(['feed']);
    const { stdout } = await pinwalk('presets', 'list', '--data', server.folder.root);
    expect(stdout).toMatch(/^feed +own +pixie .*popularityDiscount 0\.3/m);
    expect(stdout.match(/^feed /gm)).toHaveLength(1);
    // A later tuning that finds the default best.
    keepTuned(server.folder, report('default'), 'v2');
    await expect.poll(feed).toMatchObject({ params: { popularityDiscount: 0.15 } });
  });

  test('a feed of exact scores leaves boards and users to the built-in walk', async () => {
    keepTuned(server.folder, report('chosen', true), 'v3');
    await expect.poll(feed).toMatchObject({ name: 'paths', preset: 'feed', params: { x: 0.8, z: 0.3 } });
    const { status, body } = await server.get('/v1/users/ann/boards');
    expect(status).toBe(200);
    expect(body.algorithm).toMatchObject({ name: 'pixie', preset: 'feed' });
    const graph = await server.get('/v1/graph');
    expect(graph.body.presets).toMatchObject({ feed: { algorithm: 'paths', params: { z: 0.3 } } });
    removePreset(server.folder, 'feed');
  });

  test('a feed that somebody made by hand stays where tuning finds the default best', () => {
    addPreset(server.folder, 'feed', change);
    keepTuned(server.folder, report('default'), 'v1');
    expect(readPresets(server.folder).get('feed')).toMatchObject({ params: { steps: 777 } });
    removePreset(server.folder, 'feed');
  });
});

describe('pinwalk tune', () => {
  test('pinwalk tune reports each fault with its remedy', async () => {
    const folder = temporaryDataFolder();
    await importSaves(folder, ['ann pasta basil', 'ann pasta tomato', 'ben salad tomato']);
    const run = (...args: string[]) => pinwalk(...args, '--data', folder.root);
    expect(await run('tune')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/run pinwalk build first/),
    });
    expect(await run('tune', '--seconds', '0')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/Not an integer in \[10, 86400\]: measuring takes time; 120 suits/),
    });
    expect(await run('build', '--no-activate', '--tune')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/leave out --no-activate/),
    });
    expect((await run('build')).code).toBe(0);
    expect(await run('tune')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/too few users to tune on/),
    });
  });
});
