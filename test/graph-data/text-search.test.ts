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

/** Keys of the pins that contain the words. First checks the index against the rows. */
function find(folder: DataFolder, text: string): string[] {
  assertTextIndexIsRight(folder);
  const store = Store.open(folder);
  const hits = new TextSearch(store.database).byWords(text);
  const keys = hits.map(({ pin }) => store.keyAt('pins', pin)!);
  store.close();
  return keys.toSorted();
}

async function importPins(folder: DataFolder, csv: string): Promise<void> {
  await importFiles(folder, [writeInput(folder, 'pins.csv', csv)]);
}

const names = ['body-parser', '@scope/name', 'lodash.merge', 'lodash', 'Crème brûlée', 'a_b', '日本'];
const filled = async (whenDone?: typeof afterAll): Promise<DataFolder> => {
  const folder = temporaryDataFolder(whenDone);
  const lines = names.map((pin) => JSON.stringify({ user: 'u', pin })).join('\n');
  await importFiles(folder, [writeInput(folder, 'names.jsonl', lines)]);
  return folder;
};

describe('byWords', () => {
  let folder: DataFolder;
  beforeAll(async () => {
    folder = await filled(afterAll);
  });

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
  ])('byWords(%j) finds the pins that contain all words', (text, expected) => {
    expect(find(folder, text)).toEqual(expected.toSorted());
  });

  test('byWords returns at most 1,000 pins, unranked, for a more frequent word', async () => {
    const many = temporaryDataFolder();
    await importSaves(
      many,
      Array.from({ length: 1_200 }, (_, i) => `u b common-${i}`),
    );
    const store = Store.open(many);
    const search = new TextSearch(store.database);
    const hits = search.byWords('common');
    expect(hits).toHaveLength(1_000);
    expect(hits.every(({ closeness }) => closeness === 0)).toBe(true);
    expect(search.byWords('common 777')).toHaveLength(1);
    expect(search.byWords('777')).toMatchObject([{ closeness: 1 }]);
    store.close();
  });

  test('byWords matches a too common prefix only as a whole word, and a rarer one as a prefix', async () => {
    const many = temporaryDataFolder();
    const keys = Array.from({ length: 6_000 }, (_, i) => `item${i}`);
    await importSaves(
      many,
      [...keys, 'item', 'items'].map((key) => `u b ${key}`),
    );
    expect(find(many, 'item')).toEqual(['item']);
    expect(find(many, 'items')).toEqual(['items']);
    expect(find(many, 'item599')).toHaveLength(11);
    expect(find(many, 'ite')).toHaveLength(1_000);
  });

  test('no search fails on any text, since none has query syntax', () => {
    const store = Store.open(folder);
    const search = new TextSearch(store.database);
    const typed = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(typed, (text) => {
        expect(Array.isArray(search.byWords(text))).toBe(true);
        search.byKeyPrefix('pins', text);
        search.boardsByTitlePrefix(text);
        search.pinsByTitle(text);
      }),
      { numRuns: 500 },
    );
    expect(search.byWords('x '.repeat(5_000))).toEqual([]);
    expect(search.byWords('lodash NOT merge')).toEqual([]);
    store.close();
  });
});

describe('the text index', () => {
  test('the text index is correct after a first import, and after one that changes titles', async () => {
    const folder = temporaryDataFolder();
    await importPins(folder, 'pin,title,text\np1,Apple pie,sweet\np2,Bread,\n');
    expect(find(folder, 'apple')).toEqual(['p1']);
    expect(find(folder, 'sweet')).toEqual(['p1']);
    await importPins(folder, 'pin,title\np1,Pear tart\np3,Apple cake\n');
    expect(find(folder, 'apple')).toEqual(['p3']);
    expect(find(folder, 'pear')).toEqual(['p1']);
    expect(find(folder, 'sweet')).toEqual(['p1']);
  });

  test('the text index is correct after a failed import', async () => {
    const folder = await filled();
    const file = writeInput(folder, 'bad.csv', 'pin,title\nnew,New\nbad\n');
    await expect(importFiles(folder, [file], { maxRejects: 0 })).rejects.toThrow(/faulty/);
    expect(find(folder, 'new')).toEqual([]);
    const empty = temporaryDataFolder();
    await expect(importFiles(empty, [file], { maxRejects: 0 })).rejects.toThrow(/faulty/);
    await importSaves(empty, ['u b new']);
    expect(find(empty, 'new')).toEqual(['new']);
  });

  test('the text index is correct after rows are deleted and updated', async () => {
    const folder = await filled();
    const database = openDatabase(folder);
    database.exec(
      `DELETE FROM pins WHERE key = 'lodash.merge'; UPDATE pins SET text = 'x' WHERE key = 'a_b'`,
    );
    database.close();
    expect(find(folder, 'merge')).toEqual([]);
    expect(find(folder, 'x')).toEqual(['a_b']);
  });

  test('opening a database of the first schema creates its text index', () => {
    const folder = temporaryDataFolder();
    const old = new SqliteDatabase(folder.database);
    old.exec(migrations[0]!);
    old.exec(`INSERT INTO pins (id, key, title) VALUES (0, 'p', 'Old times')`);
    old.pragma('user_version = 1');
    old.pragma('application_id = 0x70696e77');
    old.close();
    expect(find(folder, 'times')).toEqual(['p']);
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
