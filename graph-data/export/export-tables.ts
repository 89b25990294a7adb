import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { DataFolder } from '../data-folder.ts';
import { type Database, openDatabaseReadOnly, readCounts } from '../database/index.ts';
import { partialSuffix, privateFolderMode, removeLeftovers, syncFolder } from '../durable-files.ts';
import { DataError, messageOf } from '../errors.ts';
import { readInteractions } from '../interactions/index.ts';
import { type TableRow, extensionOf, tableFormatOf, writeTable } from '../table-files/index.ts';
import { yieldToEventLoop } from '../yield-to-event-loop.ts';
import { type ExportChoice, exportChoices, exportTables, interactionColumns, tableSpecs } from './tables.ts';

interface ExportProgress {
  readonly table: ExportChoice;
  readonly done: number;
  readonly total: number;
}

interface ExportOptions {
  /** The table of a file. Default: the one that the file is named after, otherwise the saves. */
  readonly table?: ExportChoice | undefined;
  /** The ending of the files in a folder. Default: `csv`. */
  readonly format?: string | undefined;
  /** Replaces a file. */
  readonly force?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ExportProgress) => void) | undefined;
}

/** A written file. */
interface ExportedFile {
  readonly file: string;
  readonly table: ExportChoice;
  readonly rows: number;
}

/** In the names of temporary folders. */
const marker = '.pinwalk-export.';
const rowsPerTurn = 1_000;

/**
 * Writes tables as CSV, JSON lines or Parquet for an import to read back: one to a file, whose name ends with `.csv`, `.jsonl`
 * (also with `.gz` or `.zst`) or `.parquet`; all four into a new folder. All are of one moment, and appear complete or not at
 * all. The interactions, a table of months of their own, only by their name. O(rows); memory is bounded.
 *
 * Throws `file-exists`, `table-format-unknown`, `file-unwritable`, `data-folder-unusable`, and `stopped` if the signal is
 * aborted.
 */
export async function exportTo(
  folder: DataFolder,
  to: string,
  options: ExportOptions = {},
): Promise<ExportedFile[]> {
  const database = openDatabaseReadOnly(folder);
  if (database === undefined) {
    throw new DataError('data-folder-unusable', `${folder.root} has no database to export: check --data`);
  }
  database.exec('BEGIN');
  try {
    const isFile = fileEndings.has(extensionOf(to).extension);
    return await (isFile ? exportFile : exportFolder)({ folder, database }, to, options);
  } finally {
    database.exec('COMMIT');
    database.close();
  }
}

/** Endings that make a name that of a file. */
const fileEndings = new Set(['csv', 'tsv', 'jsonl', 'ndjson', 'parquet']);

interface Source {
  readonly folder: DataFolder;
  readonly database: Database;
}

async function exportFile(source: Source, file: string, options: ExportOptions): Promise<ExportedFile[]> {
  assertReadable(file);
  if (options.force !== true && existsSync(file)) {
    throw new DataError('file-exists', `${file} exists: name another file, or replace it with --force`);
  }
  const named = exportChoices.find((table) => path.basename(file).startsWith(`${table}.`));
  return [await write(source, options.table ?? named ?? 'saves', file, options)];
}

async function exportFolder(source: Source, to: string, options: ExportOptions): Promise<ExportedFile[]> {
  const format = options.format ?? 'csv';
  assertReadable(`saves.${format}`);
  if (existsSync(to) && readdirSync(to).length > 0) {
    throw new DataError('file-exists', `${to} is not empty: name a new folder`);
  }
  const partial = `${to}${marker}${process.pid}${partialSuffix}`;
  removeLeftovers(path.dirname(to), false, marker);
  try {
    mkdirSync(partial, { mode: privateFolderMode });
    const written: ExportedFile[] = [];
    for (const table of options.table === undefined ? exportTables : [options.table]) {
      const { rows } = await write(source, table, path.join(partial, `${table}.${format}`), options);
      written.push({ table, rows, file: path.join(to, `${table}.${format}`) });
    }
    renameSync(partial, to);
    syncFolder(path.dirname(to));
    return written;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    const remedy = 'make sure that its folder exists and is writable';
    throw new DataError('file-unwritable', `cannot write ${to}: ${messageOf(error)}; ${remedy}`, {
      cause: error,
    });
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** An import takes quotes in tab-separated files for ordinary characters, so keys with tabs could not be read back. */
function assertReadable(file: string): void {
  if (tableFormatOf(file).format !== 'tsv') return;
  const remedy = 'use .csv, .jsonl or .parquet';
  throw new DataError(
    'table-format-unknown',
    `${file}: tab-separated files cannot hold every key; ${remedy}`,
  );
}

async function write(
  { folder, database }: Source,
  table: ExportChoice,
  file: string,
  options: ExportOptions,
): Promise<ExportedFile> {
  if (table === 'interactions') return writeInteractions(folder, file, options);
  const { signal, onProgress } = options;
  const { columns, sql } = tableSpecs[table];
  const total = readCounts(database)[table];
  const json = columns.findIndex(({ kind }) => kind === 'json');
  async function* read(): AsyncGenerator<TableRow> {
    let done = 0;
    for (const row of database.prepare<[], unknown[]>(sql).raw().iterate()) {
      if (json >= 0 && row[json] !== null) row[json] = JSON.parse(row[json] as string);
      yield row;
      if (++done % rowsPerTurn !== 0) continue;
      onProgress?.({ table, done, total });
      await yieldToEventLoop(signal);
    }
  }
  return { file, table, rows: await writeTable({ file, columns, rows: read(), signal }) };
}

async function writeInteractions(
  folder: DataFolder,
  file: string,
  { signal, onProgress }: ExportOptions,
): Promise<ExportedFile> {
  async function* read(): AsyncGenerator<TableRow> {
    let done = 0;
    for (const interaction of readInteractions(folder)) {
      yield interactionColumns.map(({ name }) => interaction[name]);
      if (++done % rowsPerTurn !== 0) continue;
      onProgress?.({ table: 'interactions', done, total: 0 });
      await yieldToEventLoop(signal);
    }
  }
  const rows = await writeTable({ file, columns: interactionColumns, rows: read(), signal });
  return { file, table: 'interactions', rows };
}
