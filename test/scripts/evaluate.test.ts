import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { timeLeft } from '../../scripts/output.ts';
import { temporaryFolder } from '../data-folders.ts';
import { pinwalk } from './command.ts';

const folder = temporaryFolder(afterAll);
const file = (name: string, rows: string[]): string => {
  writeFileSync(path.join(folder, name), `${rows.join('\n')}\n`);
  return path.join(folder, name);
};
// Users a and b share two pins; b also has z, to be recommended to a. c shares nothing with them.
const train = file('train.tsv', ['a\tx', 'a\ty', 'b\tx', 'b\ty', 'b\tz', 'c\tv', 'c\tw', 'd\tv']);
const found = file('test.tsv', ['a\tz', 'd\tw', 'd\tx', 'newcomer\tx']);

const evaluate = async (...args: string[]) => {
  const { code, stdout, stderr } = await pinwalk('evaluate', '--train', train, ...args, '--threads', '1');
  return { code, stderr, result: stdout.startsWith('{') ? JSON.parse(stdout) : stdout };
};

describe('evaluate', () => {
  test('evaluate reports the metrics of each algorithm, as computed by hand', async () => {
    const names = ['pixie', 'paths', 'ppr', 'itemknn', 'popular'];
    const { code, result } = await evaluate(
      '--test',
      found,
      '--algorithms',
      names.join(','),
      '--k',
      '2',
      '--json',
    );
    expect(code).toBe(0);
    expect(result.k).toBe(2);
    expect(result.results.map(({ algorithm }: { algorithm: string }) => algorithm)).toEqual(names);
    const [, paths] = result.results;
    // a finds z, its only pin; d finds w, one of its two. The newcomer has no known pins.
    // Five pins on four boards: x and y are on a and b, z on b, v on c and d, w on c.
    const ndcg = (1 + 1 / (1 + 1 / Math.log2(3))) / 2;
    expect(paths).toEqual({
      name: 'paths',
      algorithm: 'paths',
      params: expect.objectContaining({ x: 1, y: 1, sharpening: 0, halfLifeDays: 180 }),
      users: 2,
      recall: 0.75,
      precision: 1 / 2,
      ndcg: expect.closeTo(ndcg, 12),
      map: (1 + 1 / 2) / 2,
      mrr: 1,
      hitRate: 1,
      f1: expect.closeTo((2 / 3 + 2 / 4) / 2, 12),
      coverage: 2 / 5,
      // Two of five pins were recommended once each: the sum of (2 i − 6) over i = 4, 5, divided by 4 · 2.
      gini: 6 / 8,
      novelty: 2,
      diversity: 0,
      popularity: 1,
      longTail: 1,
      byActivity: [
        {
          pins: { from: 1, to: 1 },
          users: 1,
          recall: 0.5,
          ndcg: expect.any(Number),
          hitRate: 1,
          // With one user, every resample is that user.
          intervals: { recall: { low: 0.5, high: 0.5 }, ndcg: expect.anything() },
        },
        {
          pins: { from: 2, to: 2 },
          users: 1,
          recall: 1,
          ndcg: 1,
          hitRate: 1,
          intervals: { recall: { low: 1, high: 1 }, ndcg: { low: 1, high: 1 } },
        },
      ],
      byPopularity: [
        { pins: 2, saves: { from: 2, to: 2 }, heldOut: 1, found: 0, recommended: 0 },
        { pins: 1, saves: { from: 2, to: 2 }, heldOut: 0, found: 0, recommended: 0 },
        { pins: 2, saves: { from: 1, to: 1 }, heldOut: 2, found: 1, recommended: 1 },
      ],
      intervals: expect.objectContaining({
        recall: { low: 0.5, high: 1 },
        mrr: { low: 1, high: 1 },
        ndcg: { low: expect.closeTo(2 * ndcg - 1, 12), high: 1 },
      }),
      seconds: expect.any(Number),
      msPerQueryP50: expect.any(Number),
      msPerQueryP99: expect.any(Number),
    });
    expect(result).toMatchObject({
      randomSeed: 1,
      confidence: 0.95,
      resamples: 2000,
      negatives: null,
      data: { folds: 1, boards: 4, pins: 5, saves: 8, heldOut: 3 },
    });
    // Ten pairs of five algorithms, in seven metrics.
    expect(result.differences).toHaveLength(70);
    expect(result.differences[0]).toEqual({
      a: 'pixie',
      b: 'paths',
      metric: 'recall',
      mean: 0,
      interval: { low: 0, high: 0 },
      detectable: { difference: 0, share: 0 },
      p: 1,
      pHolm: 1,
    });
  });

  test('evaluate --negatives warns that sampled negatives can change the winner', async () => {
    const args = ['--test', found, '--algorithms', 'paths', '--k', '1', '--json'];
    const { result: all, stderr: quiet } = await evaluate(...args);
    expect(quiet).not.toMatch(/can name another winner/);
    expect(all.results[0].recall).toBe(0.75);
    const { code, stderr, result } = await evaluate(...args, '--negatives', '1');
    expect(code).toBe(0);
    expect(stderr).toMatch(/can name another winner \(Krichene and Rendle/);
    expect(result.negatives).toBe(1);
  });

  test('evaluate --negatives ranks held-out pins among the sampled ones only', async () => {
    // Only p0 is more popular than p1 and new to w; the other pins are as popular as p1, and rank behind it.
    const rows = [...Array(30).keys()].flatMap((i) => [`u${i}\tp0`, `u${i}\tp2`, `u${i}\tq${i}`]);
    const saves = file('negatives.tsv', ['v\tp1', 'v\tp2', 'w\tp2', ...rows]);
    const find = file('negatives-test.tsv', ['w\tp1']);
    const recall = async (...args: string[]) => {
      const { stdout } = await pinwalk(
        'evaluate',
        '--train',
        saves,
        '--test',
        find,
        '--algorithms',
        'popular',
        '--k',
        '1',
        '--json',
        ...args,
      );
      return JSON.parse(stdout).results[0].recall;
    };
    expect(await recall()).toBe(0);
    // One of 31 others is drawn, usually not p0.
    const bySeed = await Promise.all(
      ['1', '2', '3', '4'].map((seed) => recall('--negatives', '1', '--random-seed', seed)),
    );
    expect(Math.max(...bySeed)).toBe(1);
    expect(await recall('--negatives', '31')).toBe(0);
  });

  test('evaluate --seeds measures the stability of lists', async () => {
    const rows = Array.from({ length: 600 }, (_, i) => `u${i % 30}\tp${(i * 7 + (i % 11)) % 97}`);
    const saves = file('stable.tsv', rows);
    const args = [
      '--train',
      saves,
      '--hold-out',
      '0.2',
      '--seeds',
      '3',
      '--k',
      '5',
      '--json',
      '--threads',
      '1',
    ];
    const { stdout } = await pinwalk('evaluate', ...args, '--params', '{"feed":{"steps":50}}');
    const { results } = JSON.parse(stdout);
    const [pixie, paths] = results;
    expect(paths.stability).toEqual({
      seeds: 3,
      overlap: 1,
      recall: Array(3).fill(paths.recall),
      ndcg: Array(3).fill(paths.ndcg),
    });
    expect(pixie.stability.overlap).toBeGreaterThan(0.1);
    expect(pixie.stability.overlap).toBeLessThan(0.95);
    expect(pixie.stability.recall[0]).toBe(pixie.recall);
    expect(new Set(pixie.stability.ndcg).size).toBe(3);
  });

  test('evaluate --params takes parameters for all algorithms, by algorithm, or from a file', async () => {
    const resolved = async (params: string) => {
      const args = ['--test', found, '--algorithms', 'paths', '--params', params, '--json'];
      return (await evaluate(...args)).result.results[0].params;
    };
    expect(await resolved('{"x":0.5}')).toMatchObject({ x: 0.5, sharpening: 0 });
    expect(await resolved('{"paths":{"x":0.4},"ppr":{"residualMax":0.1}}')).toMatchObject({ x: 0.4 });
    expect(await resolved(file('params.json', ['{"z":0.3}']))).toMatchObject({ z: 0.3, x: 1 });
  });

  test('evaluate --hold-out gives the same metrics on any number of threads', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => `u${i % 30}\tp${(i * 7) % 41}`);
    const saves = file('saves.tsv', rows);
    const figures = async (threads: string) => {
      const args = ['--train', saves, '--hold-out', '0.2', '--threads', threads, '--json'];
      const { stdout } = await pinwalk('evaluate', ...args);
      return JSON.parse(stdout).results.map(({ recall, ndcg, users }: Record<string, number>) => [
        recall,
        ndcg,
        users,
      ]);
    };
    expect(await figures('1')).toEqual(await figures('2'));
  });

  test.each([
    [10, 0.25, '30 s left'],
    [100, 0.5, '1 min 40 s left'],
    [7_200, 0.4, '3 h 0 min left'],
    [5, 1, '0 s left'],
    [5, 0, 'time left unknown'],
  ])('timeLeft after %d s with a share of %d done is: %s', (seconds, share, text) => {
    expect(timeLeft(seconds, share)).toBe(text);
  });

  test('evaluate prints tables', async () => {
    const { result } = await evaluate('--test', found, '--algorithms', 'paths');
    expect(result).toMatch(
      /^Train: 8 saves, 4 boards, 5 pins; held out: 3 saves of 2 users; all pins ranked; k 20/,
    );
    expect(result).toMatch(/^recall@20 +0\.7500 \[0\.5000, 1\.0000\]$/m);
    expect(result).toMatch(/^1 pins, 1 user +0\.5000 \//m);
    expect(result).not.toMatch(/NaN|undefined/);
    const { result: two } = await evaluate('--test', found, '--algorithms', 'paths,popular');
    expect(two).toMatch(/^paths − popular +recall@20 +[+−]/m);
  });

  test.each([
    [['--test', found, '--algorithms', 'magic'], /there is no algorithm or preset "magic"; there are pixie/],
    [
      ['--test', found, '--algorithms', 'paths', '--params', '{"steps":5}'],
      /steps: there is no such parameter/,
    ],
    [['--test', found, '--algorithms', 'paths', '--params', '{"x":"1"}'], /x: "1" is not a number/],
    [['--test', found, '--params', 'nowhere.json'], /Neither JSON nor a JSON file/],
    [['--test', found, '--params', '[1]'], /Neither JSON|Not an object/],
    [['--test', found, '--k', '0'], /Not an integer in \[1, 1000\]/],
    [['--test', found, '--algorithms', 'paths,paths'], /"paths" is listed twice/],
    [['--test', found, '--params', '{"paths":{},"pathes":{}}'], /there is no algorithm or preset "pathes"/],
    [['--test', found, '--params', '{"paths":1}'], /paths needs an object/],
    [['--test', found, '--negatives', '0'], /Not an integer of at least 1/],
    [[], /no split option: use one of --test FILE, --hold-out SHARE/],
    [['--test', found, '--hold-out', '0.1'], /--test FILE and --hold-out SHARE exclude each other/],
    [['--hold-out', '1'], /Not between 0 and 1/],
  ])('evaluate refuses %j as wrong usage', async (args, message) => {
    const { code, stderr } = await evaluate(...args);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  test.each([
    [[path.join(folder, 'none.tsv')], /no such file/],
    [[file('broken.tsv', ['a\tx', 'a\t'])], /line 2: pin is missing/],
    [[file('empty.tsv', [''])], /contains no saves|none of its columns/],
    [[file('strangers.tsv', ['X\tx', 'Y\ty'])], /no user has pins in both parts/],
  ])('evaluate reports the fault of %j', async ([test_], message) => {
    const { code, stderr } = await evaluate('--test', test_!);
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
  });

  test('evaluate reports a missing data folder, and a missing train file', async () => {
    const none = path.join(folder, 'nowhere');
    const { code, stderr } = await pinwalk('evaluate', '--data', none, '--hold-out', '0.1');
    expect(stderr).toMatch(/there is no data folder .*nowhere: use --train FILE/);
    expect(code).toBe(2);
    const alone = await pinwalk('evaluate', '--test', found);
    expect(alone.stderr).toMatch(/--test FILE needs --train FILE/);
  });
});
