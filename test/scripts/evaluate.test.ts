import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../data-folders.ts';
import { pinwalk } from './command.ts';

const folder = temporaryFolder(afterAll);
const file = (name: string, rows: string[]): string => {
  writeFileSync(path.join(folder, name), `${rows.join('\n')}\n`);
  return path.join(folder, name);
};
// Users a and b share two pins; b also has z, which a should be recommended. c has nothing in common with them.
const train = file('train.tsv', ['a\tx', 'a\ty', 'b\tx', 'b\ty', 'b\tz', 'c\tv', 'c\tw', 'd\tv']);
const found = file('test.tsv', ['a\tz', 'd\tw', 'd\tx', 'newcomer\tx']);

const evaluate = async (...args: string[]) => {
  const { code, stdout, stderr } = await pinwalk('evaluate', '--train', train, ...args, '--threads', '1');
  return { code, stderr, result: stdout.startsWith('{') ? JSON.parse(stdout) : stdout };
};

describe('evaluate', () => {
  test('measures each algorithm as the contract says, by hand-computed figures', async () => {
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
    // a finds z, its only pin; d finds w, one of its two. The newcomer has nothing to start from.
    expect(paths).toEqual({
      algorithm: 'paths',
      params: expect.objectContaining({ x: 0.8, y: 1, sharpening: 1 }),
      users: 2,
      recall: 0.75,
      ndcg: expect.closeTo((1 + 1 / (1 + 1 / Math.log2(3))) / 2, 12),
      f1: expect.any(Number),
      hitRate: 1,
      coverage: 2 / 5,
      seconds: expect.any(Number),
      msPerQueryP50: expect.any(Number),
      msPerQueryP99: expect.any(Number),
    });
  });

  test('takes parameters for all, by algorithm, or from a file', async () => {
    const ask = async (params: string) => {
      const args = ['--test', found, '--algorithms', 'paths', '--params', params, '--json'];
      return (await evaluate(...args)).result.results[0].params;
    };
    expect(await ask('{"x":0.5}')).toMatchObject({ x: 0.5, sharpening: 0 });
    expect(await ask('{"paths":{"x":0.4},"ppr":{"residualMax":0.1}}')).toMatchObject({ x: 0.4 });
    expect(await ask(file('params.json', ['{"z":0.3}']))).toMatchObject({ z: 0.3, x: 1 });
  });

  test('holds out a seeded share, and gives the same figures on any number of threads', async () => {
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

  test('prints a table for people', async () => {
    const { result } = await evaluate('--test', found, '--algorithms', 'paths');
    expect(result).toMatch(/^algorithm +users +recall@20/);
    expect(result).toMatch(/^paths +2 +0\.7500/m);
  });

  test.each([
    [['--test', found, '--algorithms', 'magic'], /There is no "magic"/],
    [
      ['--test', found, '--algorithms', 'paths', '--params', '{"steps":5}'],
      /steps: there is no such parameter/,
    ],
    [['--test', found, '--algorithms', 'paths', '--params', '{"x":"1"}'], /x: "1" is not a number/],
    [['--test', found, '--params', 'nowhere.json'], /Neither JSON nor a file/],
    [['--test', found, '--params', '[1]'], /Neither JSON|Not an object/],
    [['--test', found, '--k', '0'], /whole number/],
    [[], /either --test FILE or --hold-out/],
    [['--test', found, '--hold-out', '0.1'], /either --test FILE or --hold-out/],
    [['--hold-out', '1'], /share: 1 is not between 0 and 1/],
  ])('refuses %j as wrong use', async (args, message) => {
    const { code, stderr } = await evaluate(...args);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  test.each([
    [[path.join(folder, 'none.tsv')], /no such file/],
    [[file('broken.tsv', ['a\tx', 'a\t'])], /line 2: pin is missing/],
    [[file('empty.tsv', [''])], /holds no saves|none of its columns/],
  ])('names the fault of %j', async ([test_], message) => {
    const { code, stderr } = await evaluate('--test', test_!);
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
  });
});
