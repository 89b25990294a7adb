import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import { Store, importFiles, openDatabaseReadOnly } from '../../graph-data/index.ts';
import { temporaryDataFolder, writeInput } from '../data-folders.ts';
import { counts, importText } from './imports.ts';

test('attributes keep their JSON types, and canonical numbers in text files become numbers', async () => {
  const attributesIn = async (name: string, content: string | Uint8Array) => {
    const { folder } = await importText(name, content);
    const store = Store.open(folder);
    const { attributes } = store.nodeAt('pins', 0)!;
    store.close();
    return attributes;
  };
  const attributes = { zip: '12345', n: 1.5, deep: { a: [1, null], b: null }, on: true };
  expect(await attributesIn('a.jsonl', JSON.stringify({ pin: 'p', ...attributes }))).toEqual(attributes);
  const text = 'pin,zip,code,price\np,12345,007,1.5\n';
  expect(await attributesIn('a.csv', text)).toEqual({ zip: 12345, code: '007', price: 1.5 });
  const parquet = parquetWriteBuffer({
    columnData: [
      { name: 'pin', data: ['p'] },
      { name: 'count', data: [7n], type: 'INT64' },
      { name: 'huge', data: [2n ** 60n], type: 'INT64' },
      { name: 'day', data: [new Date(0)], type: 'TIMESTAMP' },
    ],
  });
  expect(await attributesIn('a.parquet', new Uint8Array(parquet))).toEqual({
    count: 7,
    huge: '1152921504606846976',
    day: '1970-01-01T00:00:00.000Z',
  });
});

test('the first row of a pin sets its attributes, so that importing the file again changes nothing', async () => {
  const folder = temporaryDataFolder();
  const file = writeInput(folder, 'pins.csv', 'pin,title,x\np,A,1\np,B,1\np,A,1\n');
  expect(counts((await importFiles(folder, [file])).files[0]!)).toEqual([3, 1, 1, 1]);
  expect(counts((await importFiles(folder, [file])).files[0]!)).toEqual([3, 0, 2, 1]);
  const others = ['pin,title\nq,\nq,A\n', 'pin,url\nq,http://q/\n'].map((content, i) =>
    writeInput(folder, `${i}.csv`, content),
  );
  const { files } = await importFiles(folder, others);
  expect(files.map(counts)).toEqual([
    [2, 2, 0, 0],
    [1, 1, 0, 0],
  ]);
});

test('a row of another kind in a file of attributes is rejected', async () => {
  const pins = Array.from({ length: 20_000 }, (_, i) => `{"pin":"p${i}","title":"${'x'.repeat(50)}"}`);
  const { file } = await importText('mixed.jsonl', [...pins, '{"user":"ann","pin":"p1"}'].join('\n'));
  expect(counts(file)).toEqual([20_001, 20_000, 0, 1]);
});

test('files of pins, boards and users set their attributes, and unknown columns are stored as JSON', async () => {
  const folder = temporaryDataFolder();
  const files = {
    'saves.csv': 'user,board,pin,savedAt,weight\nann,b1,p1,2009-04-01,2.5\n',
    'pins.csv': 'pin,title,url,genre,year\np1,"Up, and away",http://x/,Drama,1999\np2,,,,\n',
    'boards.tsv': 'board\towner\ttitle\nb1\tann\t"Quoted" title\n',
    'users.jsonl': '{"user": "ann", "city": "Wien", "tags": ["a", "b"]}\n',
  };
  const paths = Object.entries(files).map(([name, content]) => writeInput(folder, name, content));
  const report = await importFiles(folder, paths);
  expect(report.files.map((file) => [file.kind, counts(file)])).toEqual([
    ['saves', [1, 1, 0, 0]],
    ['pins', [2, 2, 0, 0]],
    ['boards', [1, 1, 0, 0]],
    ['users', [1, 1, 0, 0]],
  ]);
  const store = Store.open(folder);
  expect(store.nodeAt('pins', store.indexOf('pins', 'p1')!)).toMatchObject({
    title: 'Up, and away',
    url: 'http://x/',
    attributes: { genre: 'Drama', year: 1999 },
  });
  store.close();
  const database = openDatabaseReadOnly(folder)!;
  expect(database.prepare('SELECT title FROM boards').pluck().get()).toBe('"Quoted" title');
  expect(database.prepare('SELECT attributes FROM users').pluck().get()).toBe(
    '{"city":"Wien","tags":["a","b"]}',
  );
  expect(database.prepare('SELECT savedAt, weight FROM saves').get()).toEqual({
    savedAt: Date.UTC(2009, 3, 1),
    weight: 2.5,
  });
  database.close();

  const again = await importFiles(folder, paths);
  expect(again.files.map(counts)).toEqual([
    [1, 0, 1, 0],
    [2, 0, 2, 0],
    [1, 0, 1, 0],
    [1, 0, 1, 0],
  ]);
  const changed = await importFiles(folder, [writeInput(folder, 'pins.csv', 'pin,title\np1,New\np2,\n')]);
  expect(counts(changed.files[0]!)).toEqual([2, 1, 1, 0]);
  const reopened = Store.open(folder);
  expect(reopened.nodeAt('pins', reopened.indexOf('pins', 'p1')!)).toMatchObject({
    title: 'New',
    attributes: { genre: 'Drama' },
  });
  reopened.close();
});
