import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterAll, expect, test } from 'vitest';
import { temporaryFolder } from '../data-folders.ts';
import { pinwalk } from './command.ts';

const folder = temporaryFolder(afterAll);
const at = (name: string): string => path.join(folder, name);
const text = (name: string): string => readFileSync(at(name), 'utf8');
/** The order of users does not depend on that of the file's rows. */
const sorted = (name: string): string[] => text(name).trimEnd().split('\n').toSorted();
// Users "a b" and c share two pins; c also has "5% z", to be recommended to "a b". d and e share v.
const rows = ['a b\tx', 'a b\ty', 'c\tx', 'c\ty', 'c\t5% z', 'd\tv', 'd\tw', 'e\tv'];
writeFileSync(at('train.tsv'), `${rows.join('\n')}\n`);
writeFileSync(at('test.tsv'), 'a b\t5% z\ne\tw\ne\tx\n');
const evaluate = (...args: string[]) =>
  pinwalk('evaluate', '--train', at('train.tsv'), '--k', '2', '--threads', '1', ...args);

test('evaluate writes the metrics and the list of each user as CSV and Parquet', async () => {
  const { code, stdout } = await evaluate(
    '--test',
    at('test.tsv'),
    '--algorithms',
    'paths,popular',
    '--params',
    '{"backfill":false}',
    '--per-user',
    at('users.csv'),
    '--lists',
    at('lists.parquet'),
  );
  expect(code).toBe(0);
  expect(stdout).toContain(`Written: ${at('users.csv')}, ${at('lists.parquet')}`);
  expect(text('users.csv')).toMatch(/^setting,user,known,heldOut,recall,precision,ndcg,map,mrr,hitRate,f1\n/);
  const ofPaths = sorted('users.csv').filter((line) => line.startsWith('paths,'));
  expect(ofPaths).toEqual([
    `paths,a b,2,1,1,0.5,1,1,1,1,${2 / 3}`,
    `paths,e,1,2,0.5,0.5,${1 / (1 + 1 / Math.log2(3))},0.5,1,1,0.5`,
  ]);
  expect(sorted('users.csv')).toHaveLength(5);
  const lists = await parquetReadObjects({ file: await asyncBufferFromFile(at('lists.parquet')) });
  expect(lists.filter(({ setting }) => setting === 'paths')).toEqual(
    expect.arrayContaining([
      { setting: 'paths', fold: 1n, user: 'a b', rank: 1n, pin: '5% z', isHit: true },
      { setting: 'paths', fold: 1n, user: 'e', rank: 1n, pin: 'w', isHit: true },
    ]),
  );
});

test('evaluate writes TREC runs, one a setting, and judgements, with white space and % escaped', async () => {
  const { code } = await evaluate(
    '--test',
    at('test.tsv'),
    '--algorithms',
    'paths,popular',
    '--params',
    '{"backfill":false}',
    '--lists',
    at('lists.run'),
    '--qrels',
    at('held-out.qrels'),
  );
  expect(code).toBe(0);
  expect(sorted('lists.paths.run')).toEqual(['a%20b Q0 5%25%20z 1 2 paths', 'e Q0 w 1 2 paths']);
  expect(sorted('lists.popular.run')[0]).toMatch(/^a%20b Q0 \S+ 1 2 popular$/);
  expect(existsSync(at('lists.run'))).toBe(false);
  expect(sorted('held-out.qrels')).toEqual(['a%20b 0 5%25%20z 1', 'e 0 w 1', 'e 0 x 1']);
});

test('evaluate refuses TREC files of folds and files of unknown form before it reads anything', async () => {
  const folds = await evaluate('--folds', '2', '--lists', at('folds.run'));
  expect(folds.code).toBe(2);
  expect(folds.stderr).toContain('--folds evaluates each user several times, which TREC files cannot hold');
  const unknown = await evaluate('--folds', '2', '--per-user', at('users.xlsx'));
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain('end it with .csv, .tsv, .jsonl');
});

test('with folds, the lists name the fold and the metrics are means over folds', async () => {
  const { code } = await evaluate(
    '--folds',
    '2',
    '--algorithms',
    'popular',
    '--lists',
    at('folds.jsonl'),
    '--per-user',
    at('folds.tsv'),
  );
  expect(code).toBe(0);
  const lists = text('folds.jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { fold: number });
  expect(new Set(lists.map(({ fold }) => fold))).toEqual(new Set([1, 2]));
  expect(text('folds.tsv').split('\n')[0]).toContain('setting\tuser\tknown\theldOut');
});
