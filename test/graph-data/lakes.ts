import { readFileSync } from 'node:fs';
import path from 'node:path';
import { nextUnit, randomStream } from '../../engine/index.ts';
import { type DataFolder, openDatabaseReadOnly, snapshotFile, writeTable } from '../../graph-data/index.ts';

/** Why tests of lakes cannot run: DuckDB is an optional package. */
export const whyNoDuckdb: string | undefined = await import('@duckdb/node-api').then(
  () => undefined,
  () => 'DuckDB is not installed: npm install @duckdb/node-api',
);

type Row = readonly [user: string, board: string, pin: string, savedAt: number | null, weight: number | null];

/** Rows in random order with repeats, boards claimed by two users, rows without a time or a weight, and keys of many bytes. */
export function manyRows(count: number): Row[] {
  const random = randomStream(23);
  const draw = (below: number): number => Math.floor(nextUnit(random) * below);
  return Array.from({ length: count }, () => {
    const board = draw(count / 30);
    const user = draw(50) === 0 ? draw(40) : board % 997;
    const pin = Math.floor(nextUnit(random) ** 4 * (count / 8));
    const savedAt = draw(4) === 0 ? null : 1_600_000_000_000 + draw(1_000_000) * 1_000;
    return [
      `u${user}`,
      `Zürich ${board}`,
      `${pin % 3 === 0 ? '針' : 'p'}${pin}`,
      savedAt,
      draw(3) === 0 ? 1 + draw(5) : null,
    ];
  });
}

export async function writeLake(file: string, rows: Iterable<Row>): Promise<string> {
  const columns = [
    ...['user', 'board', 'pin'].map((name) => ({ name, kind: 'text' }) as const),
    { name: 'savedAt', kind: 'time' } as const,
    { name: 'weight', kind: 'number' } as const,
  ];
  await writeTable({ file, columns, rows });
  return file;
}

/** All that the database has of the graph, with ids. */
export function tablesOf(folder: DataFolder): unknown[][] {
  const database = openDatabaseReadOnly(folder)!;
  const read = (sql: string): unknown[] => database.prepare(sql).raw().all();
  const tables = [
    read('SELECT id, key FROM users ORDER BY id'),
    read('SELECT id, key, owner FROM boards ORDER BY id'),
    read('SELECT id, key FROM pins ORDER BY id'),
    read('SELECT board, pin, savedAt, weight FROM saves ORDER BY board, pin'),
  ];
  database.close();
  return tables;
}

/** The statements of all tables, indexes and triggers, and what SQLite finds wrong with their contents. */
export function schemaOf(folder: DataFolder): { statements: unknown[]; faults: unknown } {
  const database = openDatabaseReadOnly(folder)!;
  const statements = database.prepare('SELECT type, name, sql FROM sqlite_master ORDER BY type, name').all();
  const faults = database.pragma('integrity_check', { simple: true });
  database.close();
  return { statements, faults };
}

/** Keys of all saves with their times and weights, in order. */
export function savesByKey(folder: DataFolder): unknown[] {
  const database = openDatabaseReadOnly(folder)!;
  const rows = database
    .prepare(
      `SELECT users.key, boards.key, pins.key, savedAt, weight FROM saves JOIN boards ON boards.id = board
       JOIN users ON users.id = owner JOIN pins ON pins.id = pin ORDER BY 1, 2, 3`,
    )
    .raw()
    .all();
  database.close();
  return rows;
}

/** The ids of a data folder as files whose import, in this order, gives an empty folder the same ids. */
export async function writeIds(from: DataFolder, into: string): Promise<string[]> {
  const database = openDatabaseReadOnly(from)!;
  const queries = {
    user: 'SELECT key FROM users ORDER BY id',
    board: 'SELECT boards.key, users.key FROM boards JOIN users ON users.id = owner ORDER BY boards.id',
    pin: 'SELECT key FROM pins ORDER BY id',
  };
  const files: string[] = [];
  for (const [name, sql] of Object.entries(queries)) {
    const columns = [name, ...(name === 'board' ? ['owner'] : [])].map(
      (each) => ({ name: each, kind: 'text' }) as const,
    );
    const file = path.join(into, `${name}.jsonl`);
    await writeTable({ file, columns, rows: database.prepare<[], unknown[]>(sql).raw().iterate() });
    files.push(file);
  }
  database.close();
  return files;
}

/** Offset of what a snapshot has beside the id of its database. */
const afterOrigin = 80;

export function arraysOf(folder: DataFolder, version: string): Buffer {
  return readFileSync(snapshotFile(folder, version)).subarray(afterOrigin);
}

/** Times in text, right ones and wrong ones. */
export const timeTexts: readonly string[] = [
  '2024-05-01',
  '2024-05',
  '2024-02-30',
  '2024-5-1',
  '2024-05-01T10:30',
  '2024-05-01 10:30:15.5',
  '2024-05-01T10:30:15.123456789Z',
  '2024-05-01T10:30:15+02',
  '2024-05-01T10:30:15-03:30',
  '2024-05-01T10:30:15 UTC',
  '2024-05-01T10:30+0530',
  '2024-05-01T25:00:00',
  '2024-05-01T10:30:15-00:30',
  '1714559415',
  '1714559415.5',
  '1714559415000',
  '1714559415000000',
  '1714559415000000000',
  '-1714559415',
  '99999999',
  'yesterday',
  '1969-12-31T23:59:59',
];
