import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  type ImportReport,
  DataError,
  findDataset,
  importFiles,
  openDatabaseReadOnly,
} from '../../graph-data/index.ts';
import { temporaryDataFolder, temporaryFolder } from '../data-folders.ts';

type DatasetOptions = Parameters<typeof findDataset>[1];

/** A folder of made-up files in a published form. */
function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = path.join(temporaryFolder(), 'set');
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content);
  return folder;
}

interface Imported {
  readonly kind: string;
  readonly unused: readonly string[];
  readonly report: ImportReport;
  /** "user board pin" of every save, with its time if it has one. */
  readonly saves: readonly string[];
  readonly rows: (sql: string) => unknown[];
}

async function importSet(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: DatasetOptions = {},
): Promise<Imported> {
  const found = await findDataset(folderOf(files), options);
  const folder = temporaryDataFolder();
  const report = await importFiles(folder, found.sources);
  const rows = (sql: string): unknown[] => {
    const database = openDatabaseReadOnly(folder)!;
    try {
      return database.prepare(sql).all();
    } finally {
      database.close();
    }
  };
  const saves = rows(
    `SELECT users.key AS user, boards.key AS board, pins.key AS pin, savedAt FROM saves
     JOIN boards ON boards.id = board JOIN users ON users.id = owner JOIN pins ON pins.id = pin
     ORDER BY user, board, pin`,
  ) as { user: string; board: string; pin: string; savedAt: number | null }[];
  return {
    kind: found.kind,
    unused: found.unused,
    report,
    saves: saves.map(({ user, board, pin, savedAt }) =>
      [user, board, pin, ...(savedAt === null ? [] : [savedAt])].join(' '),
    ),
    rows,
  };
}

const ratings = `userId,movieId,rating,timestamp
1,10,4.0,1000000000
1,20,3.5,1000000001
1,30,5.0,1000000002
2,10,4.5,1000000003
2,20,bad,1000000004
2,30,0.5,1000000005
`;
const movies = `movieId,title,genres
10,"Boat, The (1981)",Drama|War
20,Plain (1999),(no genres listed)
30,"Say ""Yes"" (2001)",Comedy
`;
const tags = `userId,movieId,tag,timestamp
1,10,at sea,1000000010
1,20, at sea ,1000000011
2,10,"slow, but good",1000000012
2,30,,1000000013
2,30
`;

test('MovieLens: good ratings are a board per user, each tag is a board, movies have titles and genres', async () => {
  const set = await importSet({
    'ratings.csv': ratings,
    'movies.csv': movies,
    'tags.csv': tags,
    'links.csv': 'movieId,imdbId,tmdbId\n',
    'README.txt': 'read me',
  });
  expect(set.kind).toBe('movielens');
  expect(set.unused).toEqual(['README.txt', 'links.csv']);
  expect(set.saves).toEqual([
    '1 1 10 1000000000000',
    '1 1 30 1000000002000',
    '1 1/at sea 10 1000000010000',
    '1 1/at sea 20 1000000011000',
    '2 2 10 1000000003000',
    '2 2/slow, but good 10 1000000012000',
  ]);
  expect(set.rows(`SELECT key, title FROM boards WHERE title IS NOT NULL ORDER BY key`)).toEqual([
    { key: '1/at sea', title: 'at sea' },
    { key: '2/slow, but good', title: 'slow, but good' },
  ]);
  expect(set.rows('SELECT key, title, attributes FROM pins ORDER BY key')).toEqual([
    { key: '10', title: 'Boat, The (1981)', attributes: '{"genres":["Drama","War"]}' },
    { key: '20', title: 'Plain (1999)', attributes: null },
    { key: '30', title: 'Say "Yes" (2001)', attributes: '{"genres":["Comedy"]}' },
  ]);
  const [rated, tagged, titled] = set.report.files;
  expect(rated).toMatchObject({ kind: 'saves', read: 4, new: 3, rejected: 1, leftOut: 2 });
  expect(rated!.firstRejects).toEqual([{ line: 6, reason: 'rating is not a number' }]);
  expect(readFileSync(rated!.rejectsFile!, 'utf8')).toContain('2,20,bad,1000000004');
  expect(tagged).toMatchObject({ read: 5, new: 3, rejected: 2 });
  expect(titled).toMatchObject({ kind: 'boards', new: 2, rejected: 0 });
  expect(titled).not.toHaveProperty('leftOut');
});

test('MovieLens: minRating and tags change what is imported', async () => {
  const files = { 'ratings.csv': ratings, 'movies.csv': movies, 'tags.csv': tags };
  const set = await importSet(files, { minRating: 0.5, tags: false });
  expect(set.saves.map((save) => save.slice(0, 6))).toEqual([
    '1 1 10',
    '1 1 20',
    '1 1 30',
    '2 2 10',
    '2 2 30',
  ]);
  expect(set.unused).toEqual(['tags.csv']);
});

test('MovieLens: reads the old form, u.data with tabs and u.item with bars in Latin-1', async () => {
  const flags = (...genres: number[]) =>
    Array.from({ length: 19 }, (_, i) => Number(genres.includes(i))).join('|');
  const item = (id: number, title: string, ...genres: number[]) =>
    `${id}|${title}|01-Jan-1995||http://movie/${id}|${flags(...genres)}\n`;
  const set = await importSet({
    'u.data': '1\t7\t5\t881250949\n1\t8\t3\t881250950\n2\t7\t4\t881250951\n',
    'u.item': Buffer.from(
      item(7, 'Misérables, Les (1995)', 8, 12) + item(8, 'unknown', 0) + '9|cut off\n',
      'latin1',
    ),
    'u.user': '1|24|M|technician|85711\n',
  });
  expect(set.saves).toEqual(['1 1 7 881250949000', '2 2 7 881250951000']);
  expect(set.rows('SELECT key, title, url, attributes FROM pins ORDER BY key')).toEqual([
    {
      key: '7',
      title: 'Misérables, Les (1995)',
      url: 'http://movie/7',
      attributes: '{"genres":["Drama","Musical"]}',
    },
    { key: '8', title: 'unknown', url: 'http://movie/8', attributes: null },
  ]);
  expect(set.report.files[1]!.firstRejects).toEqual([{ line: 3, reason: '2 fields, not 24' }]);
});

test('MovieLens: refuses a file with another header', async () => {
  const found = await findDataset(folderOf({ 'ratings.csv': 'user,film,stars\n1,2,3\n' }));
  await expect(importFiles(temporaryDataFolder(), found.sources)).rejects.toThrow(
    /ratings\.csv: its header lacks userId, movieId, rating, timestamp/,
  );
});

test('LightGCN: each line has a user and their pins, and held-out files are ignored by default', async () => {
  const files = { 'train.txt': '0 5 6 7 \n1\n2 6\n', 'test.txt': '0 8\n1 5\n' };
  const set = await importSet(files);
  expect(set.kind).toBe('lightgcn');
  expect(set.saves).toEqual(['0 0 5', '0 0 6', '0 0 7', '2 2 6']);
  expect(set.unused).toEqual(['test.txt']);
  expect((await importSet(files, { heldOut: true })).saves).toEqual([
    '0 0 5',
    '0 0 6',
    '0 0 7',
    '0 0 8',
    '1 1 5',
    '2 2 6',
  ]);
});

test('a split has two or three columns, gzip or plain, with or without a header', async () => {
  const two = await importSet({
    'train.tsv.gz': gzipSync('a\tx\na\ty\n'),
    'test.tsv.gz': gzipSync('a\tz\n'),
  });
  expect([two.kind, ...two.saves]).toEqual(['split', 'a a x', 'a a y']);
  const three = await importSet({ 'train.csv': 'a,b,x\na,c,x\n', 'notes.md': '' });
  expect([three.kind, ...three.saves]).toEqual(['split', 'a b x', 'a c x']);
  const headed = await importSet({ 'my_train.tsv': 'item\tuser\nx\ta\n' });
  expect(headed.saves).toEqual(['a a x']);
});

test('playlists without users: each list is a board of its own user, and followers are ignored', async () => {
  const set = await importSet({ 'list_item.tsv': '3\tx\n3\ty\n4\tx\n', 'user_list_train.tsv': '9\t3\n' });
  expect(set.kind).toBe('playlists');
  expect(set.unused).toEqual(['user_list_train.tsv']);
  expect(set.saves).toEqual(['3 3 x', '3 3 y', '4 4 x']);
});

test('playlists of users: lists of one name stay separate and have it as title', async () => {
  const set = await importSet({ 'user_list_item.csv': 'user,list,item\nann,mix,x\nben,mix,x\nben,,y\n' });
  expect(set.saves).toEqual(['ann ann/mix x', 'ben ben/mix x']);
  expect(set.rows('SELECT title FROM boards')).toEqual([{ title: 'mix' }, { title: 'mix' }]);
  expect(set.report.files.map(({ rejected }) => rejected)).toEqual([1, 0]);
});

test('tables: saves.csv, with attributes in other files', async () => {
  const set = await importSet({
    'saves.csv': 'user,board,pin\na,b,x\n',
    'pins.jsonl': '{"pin":"x","title":"X"}\n',
    'boards.csv': 'board,title\nb,Best\n',
  });
  expect([set.kind, ...set.saves]).toEqual(['tables', 'a b x']);
  expect(set.rows('SELECT title FROM pins')).toEqual([{ title: 'X' }]);
  expect(set.rows('SELECT title FROM boards')).toEqual([{ title: 'Best' }]);
});

describe('findDataset', () => {
  const faultOf = async (files: Record<string, string>, options: DatasetOptions = {}) => {
    const error: unknown = await findDataset(folderOf(files), options).catch((fault: unknown) => fault);
    expect(error).toBeInstanceOf(DataError);
    expect((error as DataError).code).toBe('dataset-unknown');
    return (error as DataError).message;
  };

  test('findDataset reports the found and the expected files', async () => {
    const message = await faultOf({ 'a.bin': '', 'b.md': '' });
    expect(message).toMatch(/it contains a\.bin, b\.md\. Expected:\n {2}movielens: ratings\.csv/);
    expect(await faultOf({})).toMatch(/it contains nothing/);
    expect(await faultOf({ 'train.txt': '0 1\n' }, { kind: 'movielens' })).toMatch(
      /Expected:\n {2}movielens: [^\n]*$/,
    );
    expect(await faultOf({ 'train.txt': '' })).toMatch(/train\.txt is empty/);
  });

  test('findDataset refuses a missing folder and a file', async () => {
    await expect(findDataset('nowhere-at-all')).rejects.toThrow(/there is no folder nowhere-at-all/);
    const file = path.join(folderOf({ 'x.csv': '' }), 'x.csv');
    await expect(findDataset(file)).rejects.toThrow(/is a file: name its folder, or use pinwalk import/);
  });

  test('findDataset uses the given kind instead of the first that fits', async () => {
    const files = { 'list_item.tsv': '3\tx\n', 'train.tsv': 'a\tx\n' };
    expect((await importSet(files)).kind).toBe('playlists');
    expect((await importSet(files, { kind: 'split' })).saves).toEqual(['a a x']);
  });

  test('importing a data set again changes nothing', async () => {
    const found = await findDataset(
      folderOf({ 'ratings.csv': ratings, 'movies.csv': movies, 'tags.csv': tags }),
    );
    const folder = temporaryDataFolder();
    const first = await importFiles(folder, found.sources);
    const second = await importFiles(folder, found.sources);
    expect(second.graph).toEqual(first.graph);
    expect(second.files.map((file) => file.new)).toEqual([0, 0, 0, 0]);
  });
});
