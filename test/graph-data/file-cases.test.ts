import path from 'node:path';
import { expect, test } from 'vitest';
import { Store, findDataset, importFiles } from '../../graph-data/index.ts';
import { temporaryDataFolder, writeInput } from '../data-folders.ts';
import { counts, savesIn } from './imports.ts';

type Options = Parameters<typeof importFiles>[2];

const importCase = (files: readonly string[], options: Options = {}) => {
  const folder = temporaryDataFolder();
  const paths = files.map((file) => path.join(import.meta.dirname, 'cases', file));
  return { folder, report: importFiles(folder, paths, options) };
};

test.for<[string, number, RegExp[]]>([
  ['comment-lines/snap.tsv', 2, [/1 line of comments/, /first line \(0, 1\) was read as a row/]],
  ['comment-lines/konect.tsv', 2, [/2 lines of comments/, /first line \(1, 1\) was read as a row/]],
  ['excel-sep-line/two.csv', 2, []],
  ['excel-sep-line/three.csv', 2, []],
  ['header-becomes-save/orders.csv', 3, []],
  ['header-becomes-save/x.tsv', 2, []],
  ['hour-offset/pg.csv', 2, []],
  ['semicolons/plain.csv', 2, []],
  ['semicolons/quoted.csv', 2, []],
  ['space-after-comma/s.csv', 2, []],
  ['trailing-empty-columns/t.csv', 2, []],
  ['users-not-saves/ratings.csv', 4, []],
  ['evaluate-needs-format/x.inter', 4, []],
])('importFiles reads every save of %s', async ([file, saves, notes]) => {
  const { report } = importCase([file]);
  const [read] = (await report).files;
  expect(counts(read!)).toEqual([saves, saves, 0, 0]);
  expect(read!.kind).toBe('saves');
  expect(read!.notes).toEqual(notes.map((note) => expect.stringMatching(note) as string));
});

test('a quoted field of 150 lines is one field', async () => {
  const { report, folder } = importCase(['long-quoted-field/pins.csv']);
  expect(counts((await report).files[0]!)).toEqual([2, 2, 0, 0]);
  const store = Store.open(folder);
  expect(store.nodeAt('pins', 0)?.text?.split('\n').length).toBe(150);
  store.close();
});

test.each(['t.csv', 't.jsonl', 'year.parquet'])(
  'a year and a date without dashes are not times in %s',
  async (file) => {
    const { report } = importCase([`year-as-number/${file}`]);
    await expect(report).rejects.toThrow(/2 of 2 rows .*savedAt is neither an ISO 8601 date nor a Unix time/);
  },
);

test('a file without a usable row rolls back the whole import', async () => {
  const { report, folder } = importCase(['exit-1-but-kept/good.csv', 'exit-1-but-kept/useless.csv']);
  await expect(report).rejects.toThrow(
    /1 of 1 rows of .*useless\.csv cannot be used, the first at line 2: savedAt/,
  );
  expect(savesIn(folder)).toEqual([]);
});

test('--board-prefix separates lists from the own boards of users with the same keys', async () => {
  const folder = temporaryDataFolder();
  const file = (name: string): string =>
    path.join(import.meta.dirname, 'cases/board-ids-like-user-ids', name);
  await importFiles(folder, [file('likes.csv')]);
  await expect(importFiles(folder, [file('lists.csv')])).rejects.toThrow(/3 of 3 rows .*--board-prefix/);
  const { files } = await importFiles(folder, [file('lists.csv')], { boardPrefix: 'list ' });
  expect(counts(files[0]!)).toEqual([3, 3, 0, 0]);
  expect(savesIn(folder)).toContain('9 list 1 a');
});

test('a file with a user and an unknown id is refused with the columns to name, and nothing is stored', async () => {
  const folder = temporaryDataFolder();
  const file = writeInput(folder, 'ratings.csv', 'user_id,gadget_id,rating\n1,10,5\n1,11,3\n');
  await expect(importFiles(folder, [file])).rejects.toThrow(
    /user and gadget_id: which column is the pin is not known.*--columns user_id,pin,rating/,
  );
  expect(savesIn(folder)).toEqual([]);
});

test('columns of users, items and ratings are not read as user, board and pin', async () => {
  const folder = temporaryDataFolder();
  const { sources } = await findDataset(
    path.join(import.meta.dirname, 'cases/split-user-item-rating/sp'),
    {},
  );
  await expect(importFiles(folder, sources)).rejects.toThrow(
    /boards have several owners.*--columns user,pin,weight/,
  );
  expect(savesIn(folder)).toEqual([]);
});
