import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../data-folders.ts';
import { pinwalk } from './command.ts';

const folder = temporaryFolder(afterAll);
const data = path.join(folder, 'data');

function setOf(name: string, files: Readonly<Record<string, string>>): string {
  const root = path.join(folder, name);
  mkdirSync(root);
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(root, file), text);
  return root;
}

const movielens = setOf('ml-tiny', {
  'ratings.csv':
    'userId,movieId,rating,timestamp\n1,10,4,964982701\n1,20,5,964982702\n2,10,5,964982703\n2,20,1,964982704\n2,30,x,964982705\n',
  'movies.csv': 'movieId,title,genres\n10,Ten (1979),Drama\n20,Twenty (1999),Comedy|War\n',
  'tags.csv': 'userId,movieId,tag,timestamp\n1,10,funny,964982706\n',
  'links.csv': 'movieId,imdbId,tmdbId\n',
});
const split = setOf('tiny-split', { 'train.txt': '0 1 2\n', 'test.txt': '0 3\n' });
const tables = setOf('tiny-tables', { 'train.tsv': 'u\tx\tp\nu\ty\tp\n' });

describe('pinwalk dataset', () => {
  test('dataset list prints every form and its files', async () => {
    const { stdout, code } = await pinwalk('dataset', 'list');
    expect(code).toBe(0);
    for (const line of [/^npm /m, /^movielens +ratings\.csv.*u\.data/m, /^lightgcn +train\.txt/m]) {
      expect(stdout).toMatch(line);
    }
    const { datasets } = JSON.parse((await pinwalk('dataset', 'list', '--json')).stdout);
    expect(datasets.map(({ name }: { name: string }) => name)).toEqual([
      'npm',
      'movielens',
      'playlists',
      'lightgcn',
      'split',
      'tables',
    ]);
  });

  test('dataset import detects the form of a folder, prints its files, and imports a graph that can be built and queried', async () => {
    const { stdout, code } = await pinwalk('dataset', 'import', movielens, '--data', data);
    expect(stdout.replaceAll(`${folder}/`, '')).toMatch(
      /^ml-tiny is movielens: ratings\.csv, tags\.csv, movies\.csv\n {2}not used: links\.csv\n {2}ratings of at least 4 are saves\nml-tiny\/ratings\.csv \(saves\): 4 read, 3 new, 0 duplicate, 1 rejected\n {2}1 row left out\n {2}line 6: rating is not a number\n/,
    );
    expect(stdout).toMatch(/The database holds 2 users, 3 boards, 2 pins, 4 saves\.\n$/);
    expect(code).toBe(0);
    await pinwalk('build', '--data', data);
    const result = await pinwalk(
      'recommend',
      '--user',
      '2',
      '--fields',
      'title,genres',
      '--json',
      '--data',
      data,
    );
    expect(JSON.parse(result.stdout).items[0]).toMatchObject({
      pin: '20',
      fields: { title: 'Twenty (1999)', genres: ['Comedy', 'War'] },
    });
  });

  test('dataset import takes a form by name and its options, prints JSON, and imports nothing in a dry run', async () => {
    const other = path.join(folder, 'other');
    const json = async (...args: string[]) =>
      JSON.parse((await pinwalk('dataset', 'import', ...args, '--json', '--data', other)).stdout);
    const dry = await json('movielens', movielens, '--min-rating', '5', '--no-tags', '--dry-run');
    expect(dry).toMatchObject({
      kind: 'movielens',
      unused: ['links.csv', 'tags.csv'],
      graph: { boards: 2, saves: 2 },
    });
    expect(await json(split)).toMatchObject({ kind: 'lightgcn', unused: ['test.txt'], graph: { saves: 2 } });
    expect(await json('lightgcn', split, '--held-out')).toMatchObject({ unused: [], graph: { saves: 3 } });
    // By default, three columns are user, board, pin.
    const named = await json('split', tables, '--columns', 'user,-,pin');
    expect(named.files[0]).toMatchObject({ read: 2, new: 1, duplicate: 1 });
  });

  test.each<[RegExp, string[]]>([
    [/unknown command 'bogus'/, ['bogus']],
    [/missing required argument 'name'/, ['import']],
    [/there is no folder nowhere/, ['import', 'nowhere']],
    [/there is no data set "netflix"; the data sets are npm, movielens/, ['import', 'netflix', split]],
    [
      /movielens needs the folder of its files: pinwalk dataset import movielens FOLDER/,
      ['import', 'movielens'],
    ],
    [/is not a known data set: it contains test\.txt, train\.txt/, ['import', 'movielens', split]],
    [
      /movielens conflicts with --kind split: use one of the two/,
      ['import', 'movielens', movielens, '--kind', 'split'],
    ],
    [/Allowed choices are movielens/, ['import', split, '--kind', 'npm']],
    [/--min-rating applies to movielens; this is lightgcn/, ['import', split, '--min-rating', '3']],
    [/--no-tags applies to movielens; this is lightgcn/, ['import', split, '--no-tags']],
    [/--held-out applies to lightgcn and split; this is movielens/, ['import', movielens, '--held-out']],
    [/--columns applies to split and tables; this is movielens/, ['import', movielens, '--columns', 'a,b']],
    [/Not a number in \[0, 100\]/, ['import', movielens, '--min-rating', 'good']],
    [/folder does not apply to npm, which is fetched as a whole/, ['import', 'npm', split]],
    [/--dry-run does not apply to npm, which is fetched as a whole/, ['import', 'npm', '--dry-run']],
  ])('dataset refuses wrong usage with exit code 2: %s', async (message, args) => {
    const unused = path.join(folder, 'unused');
    const { code, stderr } = await pinwalk(
      'dataset',
      ...args,
      ...(args[0] === 'import' ? ['--data', unused] : []),
    );
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
    expect(existsSync(path.join(unused, 'pinwalk.db'))).toBe(false);
  });

  test('dataset import imports nothing if too many rows are faulty', async () => {
    const fresh = path.join(folder, 'refused');
    const { code, stderr } = await pinwalk(
      'dataset',
      'import',
      movielens,
      '--max-rejects',
      '0',
      '--data',
      fresh,
    );
    expect(stderr).toMatch(
      /more than 0 rows are faulty, the last at line 6 of .*ratings\.csv: rating is not a number/,
    );
    expect(code).toBe(1);
    expect((await pinwalk('build', '--data', fresh)).code).toBe(1);
  });
});
