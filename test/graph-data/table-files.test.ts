import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { expect, test } from 'vitest';
import { type TableColumn, type TableRow, writeTable } from '../../graph-data/index.ts';
import { temporaryFolder } from '../data-folders.ts';

const columns: readonly TableColumn[] = [
  { name: 'key', kind: 'text' },
  { name: 'count', kind: 'integer' },
  { name: 'score', kind: 'number' },
  { name: 'isHit', kind: 'boolean' },
  { name: 'at', kind: 'time' },
  { name: 'fields', kind: 'json' },
];
const rows: readonly TableRow[] = [
  ['a', 1, 0.1, true, 0, { tag: 'x' }],
  ['b, "c"\nd', 2 ** 40, 1e-300, false, 1.5e12, [1, null]],
  ['', null, NaN, undefined, null, null],
  ['# café \u{1f600}', 0, -0.5, false, 1, 'text'],
];

const written = async (name: string): Promise<string> => {
  const file = path.join(temporaryFolder(), name);
  expect(await writeTable({ file, columns, rows })).toBe(rows.length);
  expect(readdirSync(path.dirname(file))).toEqual([name]);
  return file;
};

test('a CSV file quotes delimiters, quotes, line breaks and empty texts, and leaves missing values empty', async () => {
  const expected = [
    'key,count,score,isHit,at,fields',
    'a,1,0.1,true,1970-01-01T00:00:00.000Z,"{""tag"":""x""}"',
    '"b, ""c""\nd",1099511627776,1e-300,false,2017-07-14T02:40:00.000Z,"[1,null]"',
    '"",,,,,',
    '"# café \u{1f600}",0,-0.5,false,1970-01-01T00:00:00.001Z,text',
    '',
  ].join('\n');
  expect(readFileSync(await written('a.csv'), 'utf8')).toBe(expected);
  expect(gunzipSync(readFileSync(await written('a.csv.gz'))).toString()).toBe(expected);
  expect(zstdDecompressSync(readFileSync(await written('a.csv.zst'))).toString()).toBe(expected);
});

test('a file of JSON lines has every column in each line', async () => {
  const lines = readFileSync(await written('a.jsonl'), 'utf8')
    .trimEnd()
    .split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { key: 'a', count: 1, score: 0.1, isHit: true, at: '1970-01-01T00:00:00.000Z', fields: { tag: 'x' } },
    {
      key: 'b, "c"\nd',
      count: 2 ** 40,
      score: 1e-300,
      isHit: false,
      at: '2017-07-14T02:40:00.000Z',
      fields: [1, null],
    },
    { key: '', count: null, score: null, isHit: null, at: null, fields: null },
    {
      key: '# café \u{1f600}',
      count: 0,
      score: -0.5,
      isHit: false,
      at: '1970-01-01T00:00:00.001Z',
      fields: 'text',
    },
  ]);
});

test('a Parquet file reads back with its types, over several row groups', async () => {
  const read = await parquetReadObjects({ file: await asyncBufferFromFile(await written('a.parquet')) });
  expect(read[1]).toEqual({
    key: 'b, "c"\nd',
    count: 2n ** 40n,
    score: 1e-300,
    isHit: false,
    at: new Date(1.5e12),
    fields: [1, null],
  });
  expect(read[2]).toEqual({ key: '', count: null, score: null, isHit: null, at: null, fields: null });

  const file = path.join(temporaryFolder(), 'many.parquet');
  const many = Array.from({ length: 50_001 }, (_, i): TableRow => [i]);
  await writeTable({ file, columns: [{ name: 'n', kind: 'integer' }], rows: many });
  const numbers = await parquetReadObjects({ file: await asyncBufferFromFile(file) });
  expect(numbers.map(({ n }) => Number(n))).toEqual(many.map(([n]) => n));
});

test.each(['csv', 'csv.gz', 'jsonl.zst', 'parquet'])(
  'a .%s file without rows is readable, and the same rows give the same bytes',
  async (extension) => {
    const folder = temporaryFolder();
    const write = async (name: string, given: readonly TableRow[]): Promise<Buffer> => {
      const file = path.join(folder, `${name}.${extension}`);
      await writeTable({ file, columns, rows: given });
      return readFileSync(file);
    };
    expect(await write('one', rows)).toEqual(await write('other', rows));
    await write('empty', []);
    if (extension === 'parquet') {
      const file = await asyncBufferFromFile(path.join(folder, 'empty.parquet'));
      expect(await parquetReadObjects({ file })).toEqual([]);
    }
  },
);

test.each(['csv', 'csv.gz', 'parquet'])(
  'a failure or an abort while a .%s file is written leaves the file as it was, and nothing beside it',
  async (extension) => {
    const folder = temporaryFolder();
    const file = path.join(folder, `a.${extension}`);
    writeFileSync(file, 'before');
    const controller = new AbortController();
    function* failing(fail: () => void): Generator<TableRow> {
      for (let i = 0; i < 60_000; i++) {
        if (i === 55_000) fail();
        yield [String(i), i];
      }
    }
    const thrown = failing(() => {
      throw new Error('no more rows');
    });
    await expect(writeTable({ file, columns, rows: thrown })).rejects.toThrow('no more rows');
    const aborted = writeTable({
      file,
      columns,
      rows: failing(() => controller.abort()),
      signal: controller.signal,
    });
    await expect(aborted).rejects.toMatchObject({ code: 'stopped' });
    expect(readdirSync(folder)).toEqual([`a.${extension}`]);
    expect(readFileSync(file, 'utf8')).toBe('before');
  },
);

test('a file that cannot be written, and a name without a format, are refused with the remedy', async () => {
  const folder = temporaryFolder();
  const refusal = (name: string): Promise<unknown> =>
    writeTable({ file: path.join(folder, name), columns, rows }).catch((error: unknown) => error);
  expect(await refusal('a.xlsx')).toMatchObject({ code: 'table-format-unknown' });
  expect(await refusal('a.parquet.gz')).toMatchObject({ code: 'table-format-unknown' });
  expect(await refusal('none/a.csv')).toMatchObject({
    code: 'file-unwritable',
    message: expect.stringContaining('make sure that its folder exists'),
  });
  expect(readdirSync(folder)).toEqual([]);
  await expect(writeTable({ file: '/dev/null', columns, rows })).rejects.toMatchObject({
    code: 'table-format-unknown',
  });
});

test('a table file is readable by its owner only', async () => {
  expect(statSync(await written('a.csv')).mode & 0o777).toBe(0o600);
});
