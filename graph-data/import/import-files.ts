import type { DataFolder } from '../data-folder.ts';
import { removeLeftovers } from '../durable-files.ts';
import { DataError } from '../errors.ts';
import { yieldToEventLoop } from '../yield-to-event-loop.ts';
import { type FileColumns, interpretColumns } from './columns.ts';
import type { FileOptions, ReadOptions } from './file-options.ts';
import { type FileRecord, type RecordReader, notesOf } from './file-record.ts';
import type { GraphWriter } from './graph-writer.ts';
import type { FileReport, ImportProgress, ImportReport } from './import-report.ts';
import { importInTransaction } from './import-transaction.ts';
import { assertFile, sizeOf } from './open-file.ts';
import { openRecords } from './records.ts';
import { type Refusal, RowFault } from './refusal.ts';
import { RejectsFile } from './rejects-file.ts';
import { parseAttributes, parseSave } from './row.ts';

interface ImportOptions extends FileOptions {
  /** Maximum number of rejected rows over all files; more abort the import. Default: 90 % of each file. */
  readonly maxRejects?: number | undefined;
  /** Reports what an import would do, without storing anything. */
  readonly dryRun?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
}

/** A file with a reader of its own, which converts another format as it is read. */
export interface FileSource {
  readonly file: string;
  /** Whether `file` only names the source: there is none on this disk. Default: false. */
  readonly isRemote?: true;
  readonly open: (options: ReadOptions) => Promise<RecordReader>;
}

const firstRejectsMax = 5;
const nearlyAll = 0.9;

/**
 * Imports files into the data folder's database in one transaction: whatever interrupts it (an unreadable file, too many
 * rejects, Ctrl-C, `kill -9`), the database stays as it was.
 *
 * Invalid rows go to a rejects file and do not stop the import, unless they exceed `maxRejects`, or without it 90 % of a file.
 * Importing the same file again changes nothing.
 *
 * O(rows); memory grows with the distinct keys of the files, not with their rows. Throws `import-file-unreadable`,
 * `import-columns-unknown`, `import-too-many-rejects`, and `stopped` if the signal is aborted.
 */
export async function importFiles(
  folder: DataFolder,
  files: readonly (string | FileSource)[],
  options: ImportOptions = {},
): Promise<ImportReport> {
  const sources = files.map((file): FileSource =>
    typeof file === 'string' ? { file, open: (read: ReadOptions) => openRecords(file, read) } : file,
  );
  for (const { file, isRemote } of sources) if (isRemote !== true) assertFile(file);
  removeLeftovers(folder.rejects);
  const rejectsFolder = options.dryRun === true ? undefined : folder;
  const rejects = sources.map(({ file }, i) => new RejectsFile(rejectsFolder, file, i));
  try {
    return await importInTransaction(folder, options, async (writer, finish) => {
      const reports: FileReport[] = [];
      for (const [i, source] of sources.entries()) {
        const rejectedBefore = rejects.slice(0, i).reduce((sum, { count }) => sum + count, 0);
        reports.push(await importFile(source, writer, rejects[i]!, rejectedBefore, options));
      }
      for (const report of reports) assertUsed(report, options.maxRejects !== undefined);
      const graph = await finish();
      return { files: reports.map((report, i) => withRejectsFile(report, rejects[i]!)), graph };
    });
  } catch (error) {
    if (error instanceof DataError && error.code === 'import-too-many-rejects') {
      const kept = rejects.map((file) => file.keep()).filter((file) => file !== undefined);
      throw new DataError(
        error.code,
        `${error.message.replace(/\.$/, '')}. Nothing was imported${kept.length === 0 ? '' : `; the reasons are in ${kept.join(', ')}`}`,
      );
    }
    throw error;
  } finally {
    for (const file of rejects) file.discard();
  }
}

/** Throws `import-too-many-rejects` if all rows of a file are invalid, or without a limit 90 % of them. */
function assertUsed({ file, read, rejected, firstRejects: [first] }: FileReport, hasLimit: boolean): void {
  if (rejected < read && (hasLimit || rejected <= nearlyAll * read)) return;
  if (first === undefined) return;
  const remedy = rejected < read ? ` Use --max-rejects ${rejected} to import its other rows.` : '';
  throw new DataError(
    'import-too-many-rejects',
    `${rejected} of ${read} rows of ${file} cannot be used, the first at line ${first.line}: ${first.reason}.${remedy}`,
  );
}

async function importFile(
  { file, isRemote, open }: FileSource,
  writer: GraphWriter,
  rejects: RejectsFile,
  rejectedBefore: number,
  options: ImportOptions,
): Promise<FileReport> {
  const bytesTotal = isRemote === true ? 0 : sizeOf(file);
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
      columns = interpretColumns(file, [...reader.names], options, columns?.kind);
    }
    for (const record of records) {
      read++;
      if (record.fault !== undefined || columns === undefined) {
        reject(record, record.fault ?? 'it has no columns');
        continue;
      }
      const outcome = writeRecord(writer, columns, record, reader.isTyped);
      if (typeof outcome === 'object') reject(record, outcome.refused);
      else if (outcome === 'new') added++;
      if (writer.mustFlushSaves) added += writer.flushSaves();
    }
    await yieldToEventLoop(options.signal);
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
    notes: notesOf(reader, read),
    ...(reader.leftOut !== undefined && reader.leftOut > 0 && { leftOut: reader.leftOut }),
  };
}

function writeRecord(
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

function withRejectsFile(report: FileReport, rejects: RejectsFile): FileReport {
  const rejectsFile = rejects.keep();
  return rejectsFile === undefined ? report : { ...report, rejectsFile };
}
