import { existsSync, statSync } from 'node:fs';
import { breathe } from '../yield-to-event-loop.ts';
import type { DataFolder } from '../data-folder.ts';
import {
  type Database,
  type GraphCounts,
  asDataError,
  isEmpty,
  openDatabase,
  readCounts,
} from '../database/index.ts';
import { removeLeftovers } from '../durable-files.ts';
import { DataError } from '../errors.ts';
import { type FileColumns, type FileKind, understandColumns } from './columns.ts';
import { GraphWriter, type Refusal } from './graph-writer.ts';
import {
  type FileFormat,
  type FileRecord,
  type ReadOptions,
  type RecordReader,
  openRecords,
} from './records.ts';
import { RejectsFile } from './rejects-file.ts';
import { RowFault, type SaveRow, parseAttributes, parseSave } from './row.ts';

/** What one file brought. `read` = `new` + `duplicate` + `rejected`. */
export interface FileReport {
  readonly file: string;
  readonly kind: FileKind;
  readonly read: number;
  /** Saves that were not there before; rows of attributes that made or changed something. */
  readonly new: number;
  /** Rows that changed nothing. */
  readonly duplicate: number;
  readonly rejected: number;
  /** Where the rejected rows are, each with its line and reason. */
  readonly rejectsFile?: string;
  /** The first of them, for the impatient. */
  readonly firstRejects: readonly { line: number; reason: string }[];
  readonly ignoredColumns: readonly string[];
  /** Rows that were not wanted, by a rule of the {@link FileSource}: in none of the other counts. */
  readonly leftOut?: number;
}

export interface ImportReport {
  readonly files: readonly FileReport[];
  /** What the database holds now; after a dry run, what it would hold. */
  readonly graph: GraphCounts;
}

export interface ImportOptions {
  readonly format?: FileFormat | undefined;
  readonly columns?: readonly string[] | undefined;
  readonly header?: boolean | undefined;
  /** With more rejected rows than this, over all files, nothing is kept. Default: any number is borne. */
  readonly maxRejects?: number | undefined;
  /** Reports what an import would do and keeps nothing. */
  readonly dryRun?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
}

export interface ImportProgress {
  readonly phase: 'reading' | 'indexing';
  readonly file: string;
  readonly rows: number;
  readonly bytesRead: number;
  readonly bytesTotal: number;
}

/** Rows that come from elsewhere than a file, already sound: the samples. */
export interface RowSource {
  readonly name: string;
  readonly rows: AsyncIterable<readonly SaveRow[]> | Iterable<readonly SaveRow[]>;
}

/** A file whose records are made otherwise than by its columns: other forms, turned into ours as they are read. */
export interface FileSource {
  readonly file: string;
  readonly open: (options: ReadOptions) => Promise<RecordReader>;
}

const firstRejectsMax = 5;

/**
 * Imports files into the data folder's database, all of them in one transaction: whatever stops it (an
 * unreadable file, too many rejects, Ctrl-C, `kill -9`), the database is as it was before.
 *
 * A row that cannot be used goes to a rejects file and does not stop the import. Importing the same file
 * again changes nothing. Time O(rows); memory grows with the distinct keys of the files, not with their rows.
 */
export async function importFiles(
  folder: DataFolder,
  files: readonly (string | FileSource)[],
  options: ImportOptions = {},
): Promise<ImportReport> {
  const sources = files.map((file) =>
    typeof file === 'string' ? { file, open: (read: ReadOptions) => openRecords(file, read) } : file,
  );
  for (const { file } of sources) {
    if (!existsSync(file) || statSync(file).isDirectory()) {
      throw new DataError(
        'import-file-unreadable',
        `cannot read ${file}: ${existsSync(file) ? 'it is a folder' : 'there is no such file'}`,
      );
    }
  }
  removeLeftovers(folder.rejects);
  const keepsRejects = options.dryRun === true ? undefined : folder;
  const rejects = sources.map(({ file }, place) => new RejectsFile(keepsRejects, file, place));
  try {
    return await inOneTransaction(folder, options, async (writer, database) => {
      const reports: FileReport[] = [];
      for (const [i, source] of sources.entries()) {
        const rejectedBefore = rejects.slice(0, i).reduce((sum, { count }) => sum + count, 0);
        reports.push(await importFile(source, writer, rejects[i]!, rejectedBefore, options));
      }
      options.onProgress?.({ phase: 'indexing', file: '', rows: 0, bytesRead: 1, bytesTotal: 1 });
      writer.finish();
      await breathe(options.signal);
      const graph = readCounts(database);
      return { files: reports.map((report, i) => withRejectsFile(report, rejects[i]!)), graph };
    });
  } catch (error) {
    if (error instanceof DataError && error.code === 'import-too-many-rejects') {
      const kept = rejects.map((file) => file.keep()).filter((file) => file !== undefined);
      throw new DataError(
        error.code,
        `${error.message}. Nothing was kept; the reasons are in ${kept.join(', ')}`,
      );
    }
    throw error;
  } finally {
    for (const file of rejects) file.discard();
  }
}

/** Imports rows that are already sound, in one transaction. */
export async function importRows(
  folder: DataFolder,
  sources: readonly RowSource[],
  options: Pick<ImportOptions, 'signal' | 'onProgress'> = {},
): Promise<ImportReport> {
  return inOneTransaction(folder, {}, async (writer, database) => {
    const files: FileReport[] = [];
    for (const { name, rows } of sources) {
      let read = 0;
      let added = 0;
      for await (const batch of rows) {
        for (const row of batch) {
          const refusal = writer.save(row);
          if (refusal !== undefined) {
            const remedy = 'the data folder holds other data; use another one (--data)';
            throw new DataError('sample-unavailable', `${name}: ${refusal.refused}: ${remedy}`);
          }
          if (writer.mustFlushSaves) added += writer.flushSaves();
        }
        read += batch.length;
        await breathe(options.signal);
        options.onProgress?.({ phase: 'reading', file: name, rows: read, bytesRead: 0, bytesTotal: 0 });
      }
      added += writer.flushSaves();
      const counts = { read, new: added, duplicate: read - added, rejected: 0 };
      files.push({ file: name, kind: 'saves', ...counts, firstRejects: [], ignoredColumns: [] });
    }
    options.onProgress?.({ phase: 'indexing', file: '', rows: 0, bytesRead: 1, bytesTotal: 1 });
    writer.finish();
    await breathe(options.signal);
    return { files, graph: readCounts(database) };
  });
}

async function importFile(
  { file, open }: FileSource,
  writer: GraphWriter,
  rejects: RejectsFile,
  rejectedBefore: number,
  options: ImportOptions,
): Promise<FileReport> {
  const bytesTotal = statSync(file).size;
  let bytesRead = 0;
  const reader = await open({ ...options, onBytes: (bytes) => (bytesRead += bytes) });
  let columns: FileColumns | undefined;
  let [read, added] = [0, 0];
  const firstRejects: { line: number; reason: string }[] = [];
  const reject = (record: FileRecord, reason: string): void => {
    rejects.add(record, reason);
    if (firstRejects.length < firstRejectsMax) firstRejects.push({ line: record.line, reason });
    if (rejectedBefore + rejects.count > (options.maxRejects ?? Infinity)) {
      throw new DataError(
        'import-too-many-rejects',
        `more than ${options.maxRejects} rows are faulty, the last at line ${record.line} of ${file}: ${reason}`,
      );
    }
  };

  for await (const records of reader.batches()) {
    if (reader.names.length > (columns?.names.length ?? 0)) {
      columns = understandColumns(file, [...reader.names], columns?.kind);
    }
    for (const record of records) {
      read++;
      if (record.fault !== undefined || columns === undefined) {
        reject(record, record.fault ?? 'it has no columns');
        continue;
      }
      const outcome = takeRecord(writer, columns, record, reader.isTyped);
      if (typeof outcome === 'object') reject(record, outcome.refused);
      else if (outcome === 'new') added++;
      if (writer.mustFlushSaves) added += writer.flushSaves();
    }
    await breathe(options.signal);
    options.onProgress?.({ phase: 'reading', file, rows: read, bytesRead, bytesTotal });
  }
  added += writer.flushSaves();
  const rejected = rejects.count;
  return {
    file,
    kind: columns?.kind ?? 'saves',
    read,
    new: added,
    duplicate: read - added - rejected,
    rejected,
    firstRejects,
    ignoredColumns: columns?.ignored ?? [],
    ...(reader.leftOut !== undefined && reader.leftOut > 0 && { leftOut: reader.leftOut }),
  };
}

function takeRecord(
  writer: GraphWriter,
  columns: FileColumns,
  record: FileRecord,
  isTyped: boolean,
): 'save' | 'new' | 'duplicate' | Refusal {
  try {
    if (columns.kind === 'saves') return writer.save(parseSave(columns, record.values)) ?? 'save';
    return writer.attributes(parseAttributes(columns, record.values, isTyped));
  } catch (error) {
    if (error instanceof RowFault) return { refused: error.message };
    throw error;
  }
}

async function inOneTransaction<Result>(
  folder: DataFolder,
  options: Pick<ImportOptions, 'dryRun'>,
  work: (writer: GraphWriter, database: Database) => Promise<Result>,
): Promise<Result> {
  const database = openDatabase(folder);
  try {
    database.pragma('cache_size = -262144');
    // A rollback journal writes new pages once, the write-ahead log twice: 1.4 times as fast for a first load.
    // It shuts readers out, so it is for a database in which there is nothing to read yet.
    if (isEmpty(database)) allowBusy(() => database.pragma('journal_mode = TRUNCATE'));
    database.exec('BEGIN IMMEDIATE');
    const result = await work(new GraphWriter(database), database);
    database.exec(options.dryRun === true ? 'ROLLBACK' : 'COMMIT');
    allowBusy(() => database.pragma('journal_mode = WAL'));
    return result;
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK');
    throw asDataError(folder, error);
  } finally {
    database.close();
  }
}

function allowBusy(change: () => void): void {
  try {
    change();
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY') !== true) throw error;
  }
}

function withRejectsFile(report: FileReport, rejects: RejectsFile): FileReport {
  const rejectsFile = rejects.keep();
  return rejectsFile === undefined ? report : { ...report, rejectsFile };
}
