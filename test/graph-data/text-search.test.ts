import SqliteDatabase from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DataFolder, Store, TextSearch, importFiles } from '../../graph-data/index.ts';
import { migrations } from '../../graph-data/database/schema.ts';
import { openDatabase } from '../../graph-data/database/index.ts';
import { assertTextIndexIsRight, importSaves, temporaryDataFolder, writeInput } from '../data-folders.ts';

/** FTS5 query syntax, and texts without a word. */
const words = ['\u{1F600}', '\u0301', 'NEAR', 'NEAR(', 'AND', 'OR', 'NOT', 'key', 'rank', 'lodash', 'é'];
const pieces = [...'"\'*-^():{}+,\0 \uD800'.split(''), ...words];

const noPause = async (): Promise<void> => {};

/** Keys of the pins that contain the words. First checks the index against the rows. */
async function find(folder: DataFolder, text: string): Promise<string[]> {
  assertTextIndexIsRight(folder);
  const store = Store.open(folder);
  const hits = await new TextSearch(store.database).byWords(text, noPause);
  const keys = hits.map(({ pin }) => store.keyAt('pins', pin)!);
  store.close();
  return keys.toSorted();
}

async function importPins(folder: DataFolder, csv: string): Promise<void> {
  await importFiles(folder, [writeInput(folder, 'pins.csv', csv)]);
}

const names = ['body-parser', '@scope/name', 'lodash.merge', 'lodash', 'Crème brûlée', 'a_b', '日本'];
const filled = async (folder: DataFolder): Promise<DataFolder> => {
  const lines = names.map((pin) => JSON.stringify({ user: 'u', pin })).join('\n');
  await importFiles(folder, [writeInput(folder, 'names.jsonl', lines)]);
  return folder;
};

describe('byWords', () => {
  const folder = temporaryDataFolder(afterAll);
  beforeAll(() => filled(folder));

  test.each([
    ['body-parser', ['body-parser']],
    ['parser', ['body-parser']],
    ['body-par', ['body-parser']],
    ['parser body', ['body-parser']],
    ['@scope/name', ['@scope/name']],
    ['scope/na', ['@scope/name']],
    ['lodash.merge', ['lodash.merge']],
    ['merge', ['lodash.merge']],
    ['LODASH', ['lodash', 'lodash.merge']],
    ['creme brulee', ['Crème brûlée']],
    ['日本', ['日本']],
    ['b', ['a_b']],
    ['bo', ['body-parser']],
    ['body p', []],
    ['lodash parser', []],
    ['par', ['body-parser']],
    ['arser', []],
    ['-', []],
    ['', []],
  ])('byWords(%j) finds the pins that contain all words', async (text, expected) => {
    expect(await find(folder, text)).toEqual(expected.toSorted());
  });

  test('byWords returns at most 1,000 pins, unranked, for a more frequent word', async () => {
    const many = temporaryDataFolder();
    await importSaves(
      many,
      Array.from({ length: 1_200 }, (_, i) => `u b common-${i}`),
    );
    const store = Store.open(many);
    const search = new TextSearch(store.database);
    const hits = await search.byWords('common', noPause);
    expect(hits).toHaveLength(1_000);
    expect(hits.every(({ closeness }) => closeness === 0)).toBe(true);
    expect(await search.byWords('common 777', noPause)).toHaveLength(1);
    expect(await search.byWords('777', noPause)).toMatchObject([{ closeness: 1 }]);
    store.close();
  });

  test('byWords matches a too common prefix only as a whole word, and a rarer one as a prefix', async () => {
    const many = temporaryDataFolder();
    const keys = Array.from({ length: 6_000 }, (_, i) => `item${i}`);
    await importSaves(
      many,
      [...keys, 'item', 'items'].map((key) => `u b ${key}`),
    );
    expect(await find(many, 'item')).toEqual(['item']);
    expect(await find(many, 'items')).toEqual(['items']);
    expect(await find(many, 'item599')).toHaveLength(11);
    expect(await find(many, 'ite')).toHaveLength(1_000);
  });

  test('byWords reads common words that no pin has together in slices, and finds a pin that has', async () => {
    const many = temporaryDataFolder();
    const keys = Array.from({ length: 12_000 }, (_, i) => (i % 2 === 0 ? `even-${i}` : `odd-${i}`));
    await importSaves(
      many,
      [...keys, 'even-odd'].map((key) => `u b ${key}`),
    );
    const store = Store.open(many);
    let pauses = 0;
    const text = Array(8).fill('even odd').join(' ');
    const hits = await new TextSearch(store.database, 0).byWords(text, async () => void pauses++);
    expect(hits.map(({ pin }) => store.keyAt('pins', pin))).toEqual(['even-odd']);
    expect(pauses).toBeGreaterThan(10);
    store.close();
  });

  test('no search fails on any text, since none has query syntax', async () => {
    const store = Store.open(folder);
    const search = new TextSearch(store.database);
    const typed = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join('')),
    );
    await fc.assert(
      fc.asyncProperty(typed, async (text) => {
        expect(Array.isArray(await search.byWords(text, noPause))).toBe(true);
        search.byKeyPrefix('pins', text);
        search.boardsByTitlePrefix(text);
        search.pinsByTitle(text);
      }),
      { numRuns: 500 },
    );
    expect(await search.byWords('x '.repeat(5_000), noPause)).toEqual([]);
    expect(await search.byWords('lodash NOT merge', noPause)).toEqual([]);
    store.close();
  });
});

describe('the text index', () => {
  test('the text index is correct after a first import, and after one that changes titles', async () => {
    const folder = temporaryDataFolder();
    await importPins(folder, 'pin,title,text\np1,Apple pie,sweet\np2,Bread,\n');
    expect(await find(folder, 'apple')).toEqual(['p1']);
    expect(await find(folder, 'sweet')).toEqual(['p1']);
    await importPins(folder, 'pin,title\np1,Pear tart\np3,Apple cake\n');
    expect(await find(folder, 'apple')).toEqual(['p3']);
    expect(await find(folder, 'pear')).toEqual(['p1']);
    expect(await find(folder, 'sweet')).toEqual(['p1']);
  });

  test('the text index is correct after a failed import', async () => {
    const folder = await filled(temporaryDataFolder());
    const file = writeInput(folder, 'bad.csv', 'pin,title\nnew,New\nbad\n');
    await expect(importFiles(folder, [file], { maxRejects: 0 })).rejects.toThrow(/faulty/);
    expect(await find(folder, 'new')).toEqual([]);
    const empty = temporaryDataFolder();
    await expect(importFiles(empty, [file], { maxRejects: 0 })).rejects.toThrow(/faulty/);
    await importSaves(empty, ['u b new']);
    expect(await find(empty, 'new')).toEqual(['new']);
  });

  test('the text index is correct after rows are deleted and updated', async () => {
    const folder = await filled(temporaryDataFolder());
    const database = openDatabase(folder);
    database.exec(
      `DELETE FROM pins WHERE key = 'lodash.merge'; UPDATE pins SET text = 'x' WHERE key = 'a_b'`,
    );
    database.close();
    expect(await find(folder, 'merge')).toEqual([]);
    expect(await find(folder, 'x')).toEqual(['a_b']);
  });

  test('opening a database of the first schema creates its text index', async () => {
    const folder = temporaryDataFolder();
    const old = new SqliteDatabase(folder.database);
    old.exec(migrations[0]!);
    old.exec(`INSERT INTO pins (id, key, title) VALUES (0, 'p', 'Old times')`);
    old.pragma('user_version = 1');
    old.pragma('application_id = 0x70696e77');
    old.close();
    expect(await find(folder, 'times')).toEqual(['p']);
  });
});

describe('prefix searches', () => {
  test('prefix searches find boards by key and title, and users by key, in that order', async () => {
    const folder = temporaryDataFolder();
    await importSaves(folder, ['u b1 p', 'u b2 p', 'u c p', 'v b\u{1F600} p']);
    const csv = 'board,title\nb1,Zebras\nc,zebra crossings\nb2,Other\n';
    await importFiles(folder, [writeInput(folder, 'boards.csv', csv)]);
    const store = Store.open(folder);
    const search = new TextSearch(store.database);
    expect(search.byKeyPrefix('boards', 'b').map(({ key }) => key)).toEqual(['b1', 'b2', 'b\u{1F600}']);
    expect(search.boardsByTitlePrefix('ZEB').map(({ key }) => key)).toEqual(['c', 'b1']);
    expect(search.byKeyPrefix('users', 'v')).toEqual([{ index: 1, key: 'v', title: null }]);
    store.close();
  });
});
