import { chmodSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { type NodeKind, nodeKinds } from '../../engine/graph/index.ts';
import { type Database, readNextIds } from '../database/index.ts';
import {
  partialSuffix,
  privateFolderMode,
  privateMode,
  removeLeftovers,
  syncFile,
  syncFolder,
} from '../durable-files.ts';
import { DataError } from '../errors.ts';
import { writeTable } from '../table-files/index.ts';
import type { LakeEngine } from './engine.ts';
import {
  allIdsSql,
  differingIdsSql,
  idFactsSql,
  idsFromParquetSql,
  knownIdsSql,
  noIdsSql,
} from './lake-sql.ts';

const idsMax = 2 ** 31 - 1;

/**
 * Makes the relations `stored_KIND`, `table_KIND` and `known_KIND`, and returns the first free id of each kind: above every id of
 * the database, of removed nodes too, and of the id table. Throws `lake-ids-unusable` if the two disagree.
 */
export async function openKnownIds(
  engine: LakeEngine,
  database: Database,
  idTable: string | undefined,
  tempFolder: string,
): Promise<Readonly<Record<NodeKind, number>>> {
  const next = { ...readNextIds(database) };
  for (const kind of nodeKinds) {
    const stored = next[kind] === 0 ? undefined : await exportIds(database, kind, tempFolder);
    await openIds(engine, `stored_${kind}`, kind, stored);
    const table = idTable === undefined ? undefined : path.join(idTable, `${kind}.parquet`);
    await openIds(
      engine,
      `table_${kind}`,
      kind,
      table !== undefined && existsSync(table) ? table : undefined,
    );
    await engine.createTable(`known_${kind}`, knownIdsSql(kind));
    const largest = await assertConsistent(engine, kind, idTable);
    next[kind] = Math.max(next[kind], largest + 1);
  }
  return next;
}

async function openIds(
  engine: LakeEngine,
  name: string,
  kind: NodeKind,
  file: string | undefined,
): Promise<void> {
  if (file === undefined) return engine.createView(name, noIdsSql);
  await engine.openParquet(`${name}_file`, file);
  return engine.createTable(name, idsFromParquetSql(kind, `${name}_file`));
}

/** Writes the keys of the database where the engine can read them. */
async function exportIds(database: Database, kind: NodeKind, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true, mode: privateFolderMode });
  const file = path.join(folder, `${kind}.parquet`);
  const sql =
    kind === 'boards'
      ? 'SELECT boards.id, boards.key, users.key AS owner FROM boards JOIN users ON users.id = owner ORDER BY boards.id'
      : `SELECT id, key FROM ${kind} ORDER BY id`;
  await writeTable({
    file,
    columns: [
      { name: 'id', kind: 'integer' },
      ...textsOf(kind).map((name) => ({ name, kind: 'text' }) as const),
    ],
    rows: database.prepare<[], unknown[]>(sql).raw().iterate(),
  });
  return file;
}

/** Columns of an id table beside `id`. */
function textsOf(kind: NodeKind): readonly string[] {
  return kind === 'boards' ? ['key', 'owner'] : ['key'];
}

/** The largest known id. */
async function assertConsistent(
  engine: LakeEngine,
  kind: NodeKind,
  idTable: string | undefined,
): Promise<number> {
  const [facts] = await engine.rows(idFactsSql(kind));
  const [rows, keys, ids, least, largest] = facts as [number, number, number, number, number];
  if (idTable === undefined) return largest;
  const [differing] = await engine.rows(differingIdsSql(kind));
  const [count, example] = differing as [number, string | null];
  const isUnique = rows === keys && rows === ids && least >= 0;
  if (count === 0 && isUnique) return largest;
  const fault =
    count > 0
      ? `gives ${count} ${kind} other ids than the database, such as ${JSON.stringify(example)}`
      : `and the database give one id to two ${kind}, or one of ${kind} two ids`;
  throw new DataError(
    'lake-ids-unusable',
    `the id table ${idTable} ${fault}: it belongs to other data folders. Use the id table of this one, or build into a new ` +
      'folder (--data)',
  );
}

/**
 * Writes the id table: `users.parquet`, `boards.parquet`, `pins.parquet`. Each file has its previous or its new content, also after
 * a crash. It must be written before the database is committed: the database may lack keys of the table, not the other way round.
 */
export async function writeIdTable(engine: LakeEngine, idTable: string): Promise<void> {
  mkdirSync(idTable, { recursive: true, mode: privateFolderMode });
  removeLeftovers(idTable);
  for (const kind of nodeKinds) {
    const file = path.join(idTable, `${kind}.parquet`);
    const partial = `${file}.${process.pid}${partialSuffix}`;
    await engine.writeIds(allIdsSql(kind), textsOf(kind), partial);
    chmodSync(partial, privateMode);
    syncFile(partial);
    renameSync(partial, file);
  }
  syncFolder(idTable);
}

/** Throws `lake-too-large` if the graph would not fit into the arrays of a snapshot. */
export function assertSize(next: Readonly<Record<NodeKind, number>>, saves: number): void {
  const isNumbered = nodeKinds.every((kind) => next[kind] <= idsMax);
  if (isNumbered && fits(Math.max(next.pins, next.boards), saves)) return;
  throw new DataError(
    'lake-too-large',
    `${saves} saves of ${next.pins} pins on ${next.boards} boards need more than the 4 GB that the arrays of a snapshot have ` +
      'in each direction: build from fewer rows, such as the last years or the pins with several saves (docs/scaling.md)',
  );
}

/** Whether one direction of a graph fits into its memory. */
export function fits(nodes: number, saves: number): boolean {
  return 2 * nodes + saves < entriesMax;
}

/** Two entries a node, one a save, one spare ({@link createAdjacency}). */
const entriesMax = 2 ** 30;
