import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { type DataFolder, Store, importFiles, openDatabaseReadOnly } from '../../graph-data/index.ts';
import { temporaryDataFolder, writeInput } from '../data-folders.ts';
import { counts, importText, savesIn } from './imports.ts';

describe('file formats', () => {
  const saves = ['ann b1 p1', 'ann b1 p2', 'ben b2 p1'];
  const rows = saves.map((save) => save.split(' '));
  const table = (delimiter: string) =>
    ['user', 'board', 'pin'].join(delimiter) + '\n' + rows.map((row) => `${row.join(delimiter)}\n`).join('');
  const json = rows.map(([user, board, pin]) => `${JSON.stringify({ user, board, pin })}\n`).join('');
  const parquet = new Uint8Array(
    parquetWriteBuffer({
      columnData: ['user', 'board', 'pin'].map((name, column) => ({
        name,
        data: rows.map((row) => row[column]!),
      })),
    }),
  );
  test.each<[string, string | Uint8Array]>([
    ['saves.csv', table(',')],
    ['saves.tsv', table('\t')],
    ['saves.jsonl', json],
    ['saves.csv.gz', gzipSync(table(','))],
    ['saves.tsv.gz', gzipSync(table('\t'))],
    ['saves.ndjson.gz', gzipSync(json)],
    ['saves.parquet', parquet],
    ['crlf.csv', table(',').replaceAll('\n', '\r\n')],
    ['bom.csv', `\uFEFF${table(',')}`],
    ['no-final-newline.tsv', table('\t').trimEnd()],
    ['quoted.csv', table(',').replace('ann,b1,p1', '"ann","b1","p1"')],
  ])('importFiles reads the same saves from %s', async (name, content) => {
    const { folder, file, graph } = await importText(name, content);
    expect(counts(file)).toEqual([3, 3, 0, 0]);
    expect(graph).toEqual({ users: 2, boards: 2, pins: 2, saves: 3 });
    expect(savesIn(folder)).toEqual(saves);
  });
});

describe('columns', () => {
  test('two columns without a header are user and pin, with one board per user', async () => {
    const { folder, graph } = await importText('split.tsv', '0\t7\n0\t8\n1\t7\n');
    expect(graph).toEqual({ users: 2, boards: 2, pins: 2, saves: 3 });
    expect(savesIn(folder)).toEqual(['0 0 7', '0 0 8', '1 1 7']);
  });

  test('a board without a user column belongs to a user with its key', async () => {
    const { folder } = await importText('lists.csv', 'board,pin\nl1,p1\n');
    expect(savesIn(folder)).toEqual(['l1 l1 p1']);
  });

  test('column names of well-known data sets are recognized in any order, and others reported as ignored', async () => {
    const content = 'rating,movieId,userId,timestamp\n4.0,m1,u1,964982703\n';
    const { folder, file } = await importText('ratings.csv', content);
    expect(file.ignoredColumns).toEqual([]);
    expect(savesIn(folder)).toEqual(['u1 u1 m1']);
    const database = openDatabaseReadOnly(folder)!;
    expect(database.prepare('SELECT savedAt FROM saves').pluck().get()).toBe(964_982_703_000);
    database.close();
  });

  test('--columns names columns by position, with a header that is recognized, declared or denied', async () => {
    const columns = ['pin', '-', 'user'];
    const recognized = await importText('a.csv', 'item,x,user\np,1,u\n', { columns });
    expect(savesIn(recognized.folder)).toEqual(['u u p']);
    const declared = await importText('b.csv', 'sku,x,customer\np,1,u\n', { columns, header: true });
    expect(savesIn(declared.folder)).toEqual(['u u p']);
    const denied = await importText('c.csv', 'pin,1,user\np,1,u\n', { columns, header: false });
    expect(savesIn(denied.folder)).toEqual(['u u p', 'user user pin']);
  });

  test.each<[string, string | Uint8Array, RegExp]>([
    ['three.tsv', 'a\tb\tc\n', /first line is not a header and has 3 fields.*--columns/],
    ['none.jsonl', '{"x": 1}\n', /none of its columns \(x\) is a user, board or pin/],
    ['twice.csv', 'user,pin,tag,tag\nu,p,q,r\n', /the column "tag" appears twice/],
    ['macintosh.csv', 'user,pin\ru,p\r', /carriage returns alone/],
  ])('importFiles refuses a file whose columns are unclear: %s', async (name, content, message) => {
    await expect(importText(name, content)).rejects.toThrow(message);
  });
});

describe('ambiguous columns', () => {
  test('of two columns with one role, the one with the exact name has it, otherwise the first', async () => {
    const exact = await importText('a.csv', 'item,user,pin\nx,u,p\n');
    expect(savesIn(exact.folder)).toEqual(['u u p']);
    expect(exact.file.ignoredColumns).toEqual(['item']);
    const first = await importText('b.csv', 'userId,item,movie\nu,p,x\n');
    expect(savesIn(first.folder)).toEqual(['u u p']);
  });

  test('a first line with a single column name among its keys is a row, not a header', async () => {
    const { folder } = await importText('split.csv', 'alice,list\nben,item\n');
    expect(savesIn(folder)).toEqual(['alice alice list', 'ben ben item']);
  });

  test('--columns must name as many columns as the file has', async () => {
    const attempt = importText('a.csv', 'a,b,c\n', { columns: ['user', 'pin'] });
    await expect(attempt).rejects.toThrow('names 2 columns, its rows have 3');
  });

  test('gzip is detected by its bytes, whatever the file name', async () => {
    const { folder } = await importText('a.csv', gzipSync('user,pin\nu,p\n'));
    expect(savesIn(folder)).toEqual(['u u p']);
  });

  test('JSON rows with and without a board may be mixed in one file', async () => {
    const without = Array.from(
      { length: 4_000 },
      (_, i) => `{"user":"u","pin":"p${i}","note":"${'x'.repeat(400)}"}`,
    );
    const { file } = await importText(
      'a.jsonl',
      [...without, '{"user":"u","pin":"q","board":"b"}'].join('\n'),
    );
    expect(counts(file)).toEqual([4_001, 4_001, 0, 0]);
  });
});

describe('keys', () => {
  const key = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    fc.constantFrom(
      '__proto__',
      'constructor',
      'a b',
      'a/b',
      '"',
      "'",
      '\\',
      '%2F',
      '😀',
      'ﬀ',
      'ff',
      '0',
      '-0',
      '1e3',
    ),
  );
  test('keys are opaque: any Unicode is returned unchanged, and only equal keys are equal', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(key, { minLength: 1, maxLength: 30 }), async (keys) => {
        const lines = keys.map((pin) => `${JSON.stringify({ user: 'u', pin })}\n`).join('');
        const { folder, graph } = await importText('keys.jsonl', lines);
        expect(graph.pins).toBe(keys.length);
        const store = Store.open(folder);
        for (const pin of keys) expect(store.nodeAt('pins', store.indexOf('pins', pin)!)?.key).toBe(pin);
        store.close();
      }),
      { numRuns: 25 },
    );
  });

  test('integer keys in JSON and Parquet become their decimal digits', async () => {
    const { folder } = await importText('a.jsonl', '{"user": 7, "pin": 12}\n');
    expect(savesIn(folder)).toEqual(['7 7 12']);
    const parquet = parquetWriteBuffer({
      columnData: [
        { name: 'user', data: [7n], type: 'INT64' },
        { name: 'pin', data: [12n], type: 'INT64' },
      ],
    });
    const other = await importText('a.parquet', new Uint8Array(parquet));
    expect(savesIn(other.folder)).toEqual(['7 7 12']);
  });
});

test('one import and several partial ones store the same saves, over many batches', async () => {
  const lines = Array.from({ length: 30_000 }, (_, i) => `u${i % 997}\tp${(i * 7919) % 12_345}\n`);
  const whole = await importText('whole.tsv', lines.join(''));
  const folder = temporaryDataFolder();
  const parts = [lines.slice(0, 11), lines.slice(5, 20_000), lines.slice(15_000)].map((part, i) =>
    writeInput(folder, `part${i}.tsv.gz`, gzipSync(part.join(''))),
  );
  const first = await importFiles(folder, parts.slice(0, 1));
  const rest = await importFiles(folder, parts.slice(1));
  expect(rest.graph).toEqual(whole.graph);
  expect(savesIn(folder)).toEqual(savesIn(whole.folder));
  const added = [...first.files, ...rest.files].reduce((sum, file) => sum + file.new, 0);
  expect(added).toBe(whole.graph.saves);
});

test('of repeated saves, the earliest counts in every order of rows, batches and imports, with its weight', async () => {
  const stored = (folder: DataFolder): unknown[] => {
    const database = openDatabaseReadOnly(folder)!;
    const select = `SELECT pins.key, savedAt, weight FROM saves JOIN pins ON pins.id = pin ORDER BY pins.key`;
    const rows = database.prepare<[]>(select).raw().all();
    database.close();
    return rows;
  };
  const [early, late] = [Date.UTC(2020, 0), Date.UTC(2021, 0)];
  const rows = [
    'u,x,2021-01-01,5 u,x,2020-01-01,1 u,x,,9',
    'u,y,,3 u,y,2021-01-01,2',
    'u,z,,1 u,z,,4 u,z,,',
    'u,w,2020-01-01,2 u,w,2020-01-01,7',
  ].flatMap((repeats) => repeats.split(' '));
  const expected = [
    ['w', early, 7],
    ['x', early, 1],
    ['y', late, 2],
    ['z', null, 4],
  ];
  const textOf = (some: readonly string[]): string => ['user,pin,savedAt,weight', ...some, ''].join('\n');
  for (const ordered of [rows, rows.toReversed()]) {
    const { folder, file } = await importText('all.csv', textOf(ordered));
    expect(stored(folder)).toEqual(expected);
    expect(counts(file)).toEqual([10, 4, 6, 0]);
    const apart = temporaryDataFolder();
    const files = ordered.map((row, i) => writeInput(apart, `${i}.csv`, textOf([row])));
    await importFiles(apart, files.slice(0, 4));
    const report = await importFiles(apart, files.slice(4));
    expect(stored(apart)).toEqual(expected);
    expect(report.graph.saves).toBe(4);
    await importFiles(apart, files);
    expect(stored(apart)).toEqual(expected);
  }
});
