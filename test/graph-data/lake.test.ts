import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  type SavesInMemory,
  buildSnapshot,
  importFiles,
  importLake,
  openDataFolder,
  timeOf,
  writeTable,
} from '../../graph-data/index.ts';
import { assertTextIndexIsRight, importSaves, temporaryFolder } from '../data-folders.ts';
import { rejectsOf } from './imports.ts';
import {
  arraysOf,
  manyRows,
  savesByKey,
  schemaOf,
  tablesOf,
  timeTexts,
  whyNoDuckdb,
  writeIds,
  writeLake,
} from './lakes.ts';

const day = 1_700_000_000_000;
const folders = () => {
  const root = temporaryFolder(onTestFinished);
  return {
    root,
    folder: (name: string) => openDataFolder(path.join(root, name)),
    file: (name: string) => path.join(root, name),
  };
};
const code = (expected: string) => expect.objectContaining({ code: expected });

describe.skipIf(whyNoDuckdb !== undefined)(whyNoDuckdb ?? 'a lake', () => {
  test('of 300,000 rows gives the snapshot that an import of the rows with the same ids gives, byte for byte', async () => {
    const { root, folder, file } = folders();
    const lake = await writeLake(file('saves.parquet'), manyRows(300_000));
    const byDuckdb = folder('duckdb');
    let saves: SavesInMemory | undefined;
    const report = await importLake(byDuckdb, lake, { memory: '500MB', keep: (kept) => (saves = kept) });
    const bySqlite = folder('sqlite');
    const imported = await importFiles(bySqlite, [...(await writeIds(byDuckdb, root)), lake]);
    // Texts, as a comparison of so many rows one by one takes seconds.
    expect(JSON.stringify(tablesOf(byDuckdb)) === JSON.stringify(tablesOf(bySqlite))).toBe(true);
    const { read, new: added, duplicate, rejected } = imported.files[3]!;
    expect(report).toMatchObject({ read, new: added, duplicate, rejected, graph: imported.graph });
    expect(rejected).toBeGreaterThan(1_000);
    expect(duplicate).toBeGreaterThan(1_000);
    assertTextIndexIsRight(byDuckdb);
    expect(schemaOf(byDuckdb)).toEqual({ ...schemaOf(bySqlite), faults: 'ok' });
    const built = await Promise.all(
      [byDuckdb, bySqlite].map((each) => buildSnapshot(each, () => 0, { analysis: false })),
    );
    expect(built[0]!.version).toBe(built[1]!.version);
    const bytes = arraysOf(byDuckdb, built[0]!.version);
    expect(bytes.equals(arraysOf(bySqlite, built[1]!.version))).toBe(true);
    const again = await buildSnapshot(byDuckdb, () => 0, { analysis: false, saves: saves! });
    expect(arraysOf(byDuckdb, again.version).equals(bytes)).toBe(true);
    expect(readdirSync(byDuckdb.root).filter((name) => name.startsWith('lake'))).toEqual([]);
  });

  test('rejects the rows that an import rejects, for the same reasons', async () => {
    const { folder, file } = folders();
    const long = 'é'.repeat(257);
    const rows = [
      ['ann', 'b1', 'p1', '2024-05-01', '1'],
      [null, 'b1', 'p1', null, null],
      ['ann', '', 'p1', null, null],
      ['ann', 'b1', null, null, null],
      ['ann', 'b1', long, null, null],
      ['ann', 'b1', 'p2', '2024-02-31', null],
      ['ann', 'b1', 'p2', '20240501', null],
      ['ann', 'b1', 'p2', '99999999999999999999', null],
      ['ann', 'b1', 'p3', null, '0'],
      ['ann', 'b1', 'p3', null, '-1'],
      ['ann', 'b1', 'p3', null, '1,000'],
      ['ann', 'b1', 'p3', null, 'much'],
      ['bob', 'b1', 'p4', null, null],
      ['ann', 'b1', 'p5', null, '2,5'],
      ['ann', 'b1', 'p6', null, '1e-3'],
    ];
    const names = ['user', 'board', 'pin', 'savedAt', 'weight'];
    const lake = file('saves.parquet');
    await writeTable({ file: lake, columns: names.map((name) => ({ name, kind: 'text' })), rows });
    const [byDuckdb, bySqlite] = [folder('duckdb'), folder('sqlite')];
    const report = await importLake(byDuckdb, lake);
    const { files } = await importFiles(bySqlite, [lake]);
    expect(savesByKey(byDuckdb)).toEqual(savesByKey(bySqlite));
    expect(savesByKey(byDuckdb)).toHaveLength(3);
    expect(report.rejected).toBe(files[0]!.rejected);
    const reasons = (imported: { rejectsFile?: string }): string[] =>
      rejectsOf(imported)
        .map(({ reason }) => reason.replace(/board "b1" (.*) \(.*/, 'the board $1'))
        // An option that only an import has.
        .map((reason) => reason.replace(' (--date-format reads others)', ''))
        .toSorted();
    expect(reasons(report)).toEqual(reasons(files[0]!));
    expect(rejectsOf(report).find(({ reason }) => reason.startsWith('the board'))!.text).toBe(
      '["bob","b1","p4","",""]',
    );
    expect(report.reasons).toContainEqual({ reason: 'weight is not a positive number', rows: 4 });
  });

  test('understands times in text as an import does', async () => {
    const { folder, file } = folders();
    const columns = ['user', 'pin', 'savedAt'].map((name) => ({ name, kind: 'text' }) as const);
    const rows = timeTexts.map((text) => ['ann', `at ${text}`, text]);
    await writeTable({ file: file('a.parquet'), columns, rows });
    await importLake(folder('data'), file('a.parquet'));
    const saved = Object.fromEntries(
      (savesByKey(folder('data')) as string[][]).map(([, , pin, time]) => [pin, time]),
    );
    const expected = timeTexts.flatMap((text) =>
      timeOf(text) === undefined ? [] : [[`at ${text}`, timeOf(text)]],
    );
    expect(saved).toEqual(Object.fromEntries(expected));
    expect(expected).toHaveLength(17);
  });

  test('gives a board to the user of its first save, of two at the same time to the first key', async () => {
    const { folder, file } = folders();
    const rows = [
      ['zoe', 'late', 'p1', day + 2, null],
      ['ann', 'late', 'p2', null, null],
      ['bob', 'late', 'p3', day + 1, null],
      ['zoe', 'tie', 'p1', day, null],
      ['ann', 'tie', 'p2', day, null],
    ] as const;
    const report = await importLake(folder('data'), await writeLake(file('a.parquet'), rows));
    expect(savesByKey(folder('data'))).toEqual([
      ['ann', 'tie', 'p2', day, null],
      ['bob', 'late', 'p3', day + 1, null],
    ]);
    expect(report.reasons).toEqual([{ reason: 'the board belongs to another user', rows: 3 }]);
    // Rows that do not count make no pins.
    expect(report.graph).toEqual({ users: 2, boards: 2, pins: 2, saves: 2 });
  });

  test('keeps the ids and owners of the database, and adds the same rows as an import', async () => {
    const { folder, file } = folders();
    const [data, twin] = [folder('data'), folder('twin')];
    for (const each of [data, twin]) await importSaves(each, ['zoe z z', 'ann b p', 'ann b q']);
    const rows = [
      ['bob', 'b', 'p', day, 2],
      ['ann', 'b', 'p', day, 3],
      ['ann', 'a', 'a', null, null],
    ] as const;
    const lake = await writeLake(file('a.parquet'), rows);
    const report = await importLake(data, lake);
    await importFiles(twin, [lake]);
    expect(tablesOf(data)).toEqual(tablesOf(twin));
    expect(report).toMatchObject({ read: 3, new: 1, duplicate: 1, rejected: 1 });
    expect(await importLake(data, lake)).toMatchObject({ new: 0, duplicate: 2, rejected: 1 });
  });

  test('keeps its saves in memory for a build, which reads those of the database once it has changed', async () => {
    const { folder, file } = folders();
    const data = folder('data');
    const kept: SavesInMemory[] = [];
    const keep = (saves: SavesInMemory): void => void kept.push(saves);
    const rows = manyRows(1_000);
    await importLake(data, await writeLake(file('half.parquet'), rows.slice(0, 500)), { keep });
    const [saves] = kept;
    const doing: string[] = [];
    const build = () =>
      buildSnapshot(data, () => 0, { analysis: false, saves, onProgress: (each) => doing.push(each.doing) });
    const half = await build();
    expect(doing).toEqual([]);
    await importLake(data, await writeLake(file('all.parquet'), rows), { keep });
    const all = await build();
    expect(doing).toContain('reading saves');
    expect(all.saves).toBeGreaterThan(half.saves);
    expect(kept).toEqual([saves]);
  });

  test('with an id table gives keys the same ids in every data folder, and refuses the table of other folders', async () => {
    const { folder, file } = folders();
    const idTable = file('ids');
    await importLake(folder('first'), await writeLake(file('1.parquet'), [['u', 'b', 'm', day, null]]), {
      idTable,
    });
    const lake = await writeLake(file('2.parquet'), [
      ['u', 'b', 'a', day, null],
      ['u', 'b', 'm', day, null],
    ]);
    await importLake(folder('second'), lake, { idTable });
    const pins = [
      [0, 'm'],
      [1, 'a'],
    ];
    expect(tablesOf(folder('second'))[2]).toEqual(pins);
    await importLake(folder('first'), lake, { idTable });
    expect(tablesOf(folder('first'))[2]).toEqual(pins);
    await importLake(folder('other'), lake);
    await expect(importLake(folder('other'), lake, { idTable })).rejects.toEqual(code('lake-ids-unusable'));
    expect(readdirSync(idTable).toSorted()).toEqual(['boards.parquet', 'pins.parquet', 'users.parquet']);
  });

  test('is a folder with parts of paths as columns, and columns of other names', async () => {
    const { folder, file } = folders();
    for (const [country, pin] of [
      ['de', 1],
      ['fr', 2],
    ] as const) {
      mkdirSync(file(`lake/customer=0${pin}/country=${country}`), { recursive: true });
      const columns = [{ name: 'sku', kind: 'integer' } as const, { name: 'day', kind: 'time' } as const];
      await writeTable({
        file: file(`lake/customer=0${pin}/country=${country}/a.parquet`),
        columns,
        rows: [[pin, day]],
      });
    }
    const columns = ['user=customer', 'pin=sku', 'savedAt=day'];
    await importLake(folder('data'), file('lake'), { columns });
    expect(savesByKey(folder('data'))).toEqual([
      ['01', '01', '1', day, null],
      ['02', '02', '2', day, null],
    ]);
  });

  test.each([
    ['nothing.parquet', {}, 'import-file-unreadable'],
    ['*.nothing', {}, 'import-file-unreadable'],
    ['s3://bucket/saves', {}, 'import-file-unreadable'],
    ['saves.parquet', { columns: ['pin=weight'] }, 'import-columns-unknown'],
    ['saves.parquet', { columns: ['user=user', 'pin=weight'] }, 'import-columns-unknown'],
    ['saves.parquet', { columns: ['user=user', 'pin=pen'] }, 'import-columns-unknown'],
    ['saves.parquet', { columns: ['pin=pin', 'title=board'] }, 'import-columns-unknown'],
    ['saves.parquet', { memory: 'much' }, 'lake-engine-failed'],
    ['bad.parquet', {}, 'import-too-many-rejects'],
    ['half.parquet', { maxRejects: 0 }, 'import-too-many-rejects'],
  ] as const)('refuses %s with %j, and stores nothing', async (name, options, expected) => {
    const { folder, file } = folders();
    await writeLake(file('saves.parquet'), [['u', 'b', 'p', null, 1]]);
    await writeLake(file('bad.parquet'), [['u', 'b', '', null, 1]]);
    await writeLake(file('half.parquet'), [
      ['u', 'b', '', null, 1],
      ['u', 'b', 'p', null, 1],
    ]);
    const data = folder('data');
    const lake = name.includes('://') ? name : file(name);
    await expect(importLake(data, lake, options)).rejects.toEqual(code(expected));
    expect(existsSync(data.database) ? tablesOf(data).flat() : []).toEqual([]);
  });

  test('stops when the signal says so, at any step, and stores nothing', async () => {
    const { folder, file } = folders();
    const data = folder('data');
    const lake = await writeLake(file('saves.parquet'), manyRows(1_000));
    for (const step of ['checking rows', 'numbering keys', 'writing keys', 'indexing']) {
      const stop = new AbortController();
      const onProgress = ({ doing }: { doing: string }): void => {
        if (doing === step) stop.abort();
      };
      await expect(importLake(data, lake, { signal: stop.signal, onProgress })).rejects.toEqual(
        code('stopped'),
      );
      expect(tablesOf(data).flat()).toEqual([]);
    }
    expect(readdirSync(data.root).filter((name) => name.startsWith('lake'))).toEqual([]);
  });
});
