import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, afterAll, expect, test } from 'vitest';
import {
  type Change,
  type DataFolder,
  SaveWriter,
  exportTo,
  importFiles,
  openDataFolder,
  openDatabaseReadOnly,
} from '../../graph-data/index.ts';
import { exportTables } from '../../graph-data/export/tables.ts';
import { importSaves, temporaryDataFolder, temporaryFolder } from '../data-folders.ts';

const root = temporaryFolder(afterAll);
const formats = ['csv', 'csv.gz', 'jsonl', 'jsonl.zst', 'parquet'];

/** What makes a key hard to write: delimiters, quotes, line ends, formulas, comments, numbers, and more than ASCII. */
const hardKeys = [
  '=1+2',
  '+a',
  '-b',
  '@c',
  '%d',
  '# e',
  'sep=;',
  'a,b',
  'a;b\tc|d::e',
  'say "hi"',
  '""',
  "it's",
  'two\nlines',
  'two\r\nlines',
  '\rback',
  ' led',
  'trailed ',
  '\u00a0nbsp\u00a0',
  '\ufeffbom',
  '007',
  '1e3',
  '4.50',
  'true',
  'null',
  'NaN',
  '{"a": 1}',
  '[1]',
  '\\n',
  '\u0000nul',
  '\u001b[31mred',
  'ünïcödé',
  '日本語',
  '🙂',
  'e\u0301',
  '../up',
  '-',
  'user',
  'pin',
];
const hardAttributes = {
  text: 'a,"b"\n',
  number: 4.5,
  integerAsText: '007',
  numberAsText: '4.5',
  flag: false,
  nothing: null,
  list: [1, 'two', { three: [] }],
  nested: { deep: { deeper: '=1' } },
  // Names that an import gives a role.
  user: 'u',
  board_id: 3,
  item_id: 'x',
  title: 't',
  rating: 5,
  timestamp: 'now',
  attributes: { own: 1 },
  'with "quotes", and\nlines': 1,
  '': 'empty',
  ünï: '🙂',
};

function apply(folder: DataFolder, changes: readonly Change[]): void {
  const writer = SaveWriter.open(folder, { busyMs: 1_000 });
  const { outcomes } = writer.apply([{ changes, time: 1_700_000_000_000 }]);
  expect(outcomes[0]).toHaveProperty('results');
  writer.close();
}

/** All rows by key, and the ids. */
function rowsOf(folder: DataFolder): unknown {
  const database = openDatabaseReadOnly(folder)!;
  const rows = ['users', 'boards', 'pins'].map((table) =>
    database.prepare(`SELECT * FROM ${table} ORDER BY id`).all(),
  );
  const saves = database.prepare('SELECT * FROM saves ORDER BY board, pin').all();
  database.close();
  return [...rows, saves];
}

async function importedFrom(files: readonly string[]): Promise<DataFolder> {
  const folder = temporaryDataFolder();
  const report = await importFiles(folder, files);
  expect(report.files.map(({ rejected, firstRejects }) => [rejected, firstRejects])).toEqual(
    files.map(() => [0, []]),
  );
  return folder;
}

let hard: DataFolder;
beforeAll(() => {
  hard = openDataFolder(path.join(root, 'hard'));
  const nodes = hardKeys.flatMap((key, i): Change[] => [
    { kind: 'put', nodeKind: 'users', key, attributes: i % 2 === 0 ? hardAttributes : undefined },
    {
      kind: 'put',
      nodeKind: 'boards',
      key,
      owner: key,
      title: i % 3 === 0 ? key : undefined,
      attributes: { i },
    },
    {
      kind: 'put',
      nodeKind: 'pins',
      key,
      title: key,
      url: key,
      createdAt: 1_500_000_000_123 + i,
      attributes: hardAttributes,
    },
  ]);
  const bare: Change[] = [
    { kind: 'put', nodeKind: 'users', key: 'bare' },
    { kind: 'put', nodeKind: 'boards', key: 'bare', owner: 'bare' },
    { kind: 'put', nodeKind: 'pins', key: 'bare' },
  ];
  const saves = hardKeys.flatMap((board, i): Change[] => [
    {
      kind: 'save',
      user: board,
      board,
      pin: hardKeys[(i * 7) % hardKeys.length]!,
      savedAt: i % 2 === 0 ? -1_000 * i : 1_600_000_000_001 + i,
      weight: [0.1, 1e-7, 1e21, 1 / 3, undefined][i % 5],
    },
    { kind: 'save', user: board, board, pin: 'bare' },
  ]);
  apply(hard, [...nodes, ...bare, ...saves]);
});

test.each(formats)(
  'an export as %s is imported as equal rows, whatever keys, texts and attributes contain',
  async (format) => {
    const to = path.join(root, `hard-${format}`);
    const files = await exportTo(hard, to, { format });
    expect(files.map(({ table, file }) => [table, file])).toEqual(
      exportTables.map((table) => [table, path.join(to, `${table}.${format}`)]),
    );
    expect(rowsOf(await importedFrom(files.map(({ file }) => file)))).toEqual(rowsOf(hard));
  },
);

test.each(formats)(
  'an export as %s of what was imported from an export has the same bytes',
  async (format) => {
    const [first, second] = [path.join(root, `first-${format}`), path.join(root, `second-${format}`)];
    const files = await exportTo(hard, first, { format });
    await exportTo(await importedFrom(files.map(({ file }) => file)), second, { format });
    for (const name of readdirSync(first)) {
      expect(readFileSync(path.join(second, name)).equals(readFileSync(path.join(first, name))), name).toBe(
        true,
      );
    }
  },
);

test('keys, texts and JSON of any kind survive an export and an import in every format', async () => {
  const key = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 20 })
    .filter((text) => text.isWellFormed());
  const attributes = fc.dictionary(key, fc.jsonValue({ maxDepth: 3 }), {
    noNullPrototype: true,
    minKeys: 1,
    maxKeys: 4,
  });
  const nodes = fc.sample(fc.record({ key, text: key, attributes }), { numRuns: 500, seed: 5 });
  const folder = temporaryDataFolder();
  apply(
    folder,
    nodes.flatMap((node): Change[] => [
      { kind: 'put', nodeKind: 'pins', ...node },
      { kind: 'save', user: node.key, pin: node.key },
    ]),
  );
  for (const format of ['csv', 'jsonl', 'parquet']) {
    const files = await exportTo(folder, path.join(folder.root, format), { format });
    expect(rowsOf(await importedFrom(files.map(({ file }) => file)))).toEqual(rowsOf(folder));
  }
});

test('an export has the rows of its start, however often others write meanwhile', async () => {
  const folder = temporaryDataFolder();
  await importSaves(
    folder,
    Array.from({ length: 5_000 }, (_, i) => `u${i % 50} b${i % 100} p${i}`),
  );
  let late = 0;
  const onProgress = (): void => apply(folder, [{ kind: 'save', user: 'late', pin: `late${late++}` }]);
  const files = await exportTo(folder, path.join(root, 'moment'), { onProgress });
  expect(late).toBeGreaterThan(5);
  expect(files.map(({ rows }) => rows)).toEqual([50, 100, 5_000, 5_000]);
});

test("the file's name chooses the format of one table, and only --force replaces an existing file", async () => {
  const write = async (name: string, options = {}) => exportTo(hard, path.join(root, name), options);
  expect(await write('pins.csv.gz')).toMatchObject([{ table: 'pins', rows: hardKeys.length + 1 }]);
  expect(await write('mine.parquet')).toMatchObject([{ table: 'saves' }]);
  expect(await write('other.jsonl', { table: 'users' })).toMatchObject([{ table: 'users' }]);
  const file = path.join(root, 'mine.csv');
  writeFileSync(file, 'mine');
  await expect(write('mine.csv')).rejects.toMatchObject({ code: 'file-exists' });
  expect(readFileSync(file, 'utf8')).toBe('mine');
  await write('mine.csv', { force: true });
  expect(readFileSync(file, 'utf8')).toContain('user,board,pin,savedAt,weight\n');
  const full = path.join(root, 'full');
  mkdirSync(full);
  writeFileSync(path.join(full, 'notes.txt'), 'mine');
  await expect(write('full')).rejects.toMatchObject({ code: 'file-exists' });
  expect(readdirSync(full)).toEqual(['notes.txt']);
  await expect(write('saves.tsv')).rejects.toMatchObject({ code: 'table-format-unknown' });
  await expect(write('folder', { format: 'xlsx' })).rejects.toMatchObject({ code: 'table-format-unknown' });
  await expect(write('missing/folder')).rejects.toMatchObject({ code: 'file-unwritable' });
});

test('a stopped export leaves nothing', async () => {
  const folder = temporaryDataFolder();
  await importSaves(
    folder,
    Array.from({ length: 3_000 }, (_, i) => `u b p${i}`),
  );
  const controller = new AbortController();
  const stopping = { signal: controller.signal, onProgress: () => controller.abort() };
  for (const name of ['stopped', 'saves.parquet']) {
    const to = path.join(folder.root, 'exports', name);
    mkdirSync(path.dirname(to), { recursive: true });
    await expect(exportTo(folder, to, stopping)).rejects.toMatchObject({ code: 'stopped' });
    expect(readdirSync(path.dirname(to))).toEqual([]);
  }
});
