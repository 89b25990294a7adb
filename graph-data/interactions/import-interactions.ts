import path from 'node:path';
import type { DataFolder } from '../data-folder.ts';
import { ensureDatabase } from '../database/index.ts';
import { DataError, messageOf, stoppedError } from '../errors.ts';
import {
  type FileOptions,
  type FileRecord,
  type FileReport,
  type ImportProgress,
  RejectsFile,
  RowFault,
  assertFile,
  openRecords,
  sizeOf,
  notesOf,
} from '../import/index.ts';
import { yieldToEventLoop } from '../yield-to-event-loop.ts';
import type { Interaction } from './interaction.ts';
import { InteractionWriter } from './interaction-writer.ts';
import { type LogColumns, type LogOptions, columnsOf, parseInteractions } from './parse-interactions.ts';

interface ImportOptions extends FileOptions, LogOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
}

const rowsPerCommit = 20_000;
const firstRejectsMax = 5;
const busyMs = 5_000;

/**
 * Imports logs of impressions and actions, also beside a server. Batches become durable one by one. Repeat an
 * interrupted import unchanged: stored rows stay as they are. Invalid rows go to a rejects file. `now`:
 * milliseconds since 1970. O(rows). Throws `import-file-unreadable`, `import-columns-unknown`, and `stopped` if
 * the signal is aborted.
 */
export async function importInteractions(
  folder: DataFolder,
  files: readonly string[],
  now: number,
  options: ImportOptions = {},
): Promise<FileReport[]> {
  for (const file of files) assertFile(file);
  ensureDatabase(folder);
  const writer = new InteractionWriter(folder, busyMs);
  let stored = 0;
  try {
    const reports: FileReport[] = [];
    for (const [i, file] of files.entries()) {
      const rejects = new RejectsFile(folder, file, i);
      try {
        const report = await importLog(file, writer, rejects, now, options, (rows) => (stored += rows));
        const rejectsFile = rejects.keep();
        reports.push({ ...report, ...(rejectsFile !== undefined && { rejectsFile }) });
      } finally {
        rejects.discard();
      }
    }
    return reports;
  } catch (error) {
    const isFault = error instanceof DataError && error.code !== 'stopped';
    if (options.signal?.aborted !== true || isFault) throw error;
    if (stored === 0) throw stoppedError(error);
    const fault = `stopped; ${stored.toLocaleString('en-US')} new rows are stored: repeat the import to add the others`;
    throw new DataError('stopped', fault, { cause: error });
  } finally {
    writer.close();
  }
}

async function importLog(
  file: string,
  writer: InteractionWriter,
  rejects: RejectsFile,
  now: number,
  options: ImportOptions,
  onStored: (rows: number) => void,
): Promise<FileReport> {
  const bytesTotal = sizeOf(file);
  let bytesRead = 0;
  const reader = await openRecords(file, { ...options, onBytes: (bytes) => (bytesRead += bytes) });
  const name = path.basename(file);
  let columns: LogColumns | undefined;
  let named = 0;
  let [read, rows, added] = [0, 0, 0];
  const firstRejects: { line: number; reason: string }[] = [];
  let batch: Interaction[] = [];
  const flush = (): void => {
    const [results] = writer.apply([{ rows: batch, time: now }]);
    rows += batch.length;
    const isNew = results!.filter((result) => result === 'added').length;
    added += isNew;
    onStored(isNew);
    batch = [];
  };
  const parse = (record: FileRecord): void => {
    try {
      if (record.fault !== undefined) throw new RowFault(record.fault);
      if (columns === undefined) throw new RowFault('it has no columns');
      batch.push(...parseInteractions(columns, record.values, now, `${name}:${record.line}`));
    } catch (error) {
      if (!(error instanceof RowFault)) throw error;
      rejects.add(record, messageOf(error));
      if (firstRejects.length < firstRejectsMax)
        firstRejects.push({ line: record.line, reason: messageOf(error) });
    }
  };
  for await (const records of reader.batches()) {
    if (reader.names.length > named) {
      named = reader.names.length;
      columns = columnsOf(file, reader.names, options.dateFormat, options);
    }
    for (const record of records) {
      read++;
      parse(record);
      if (batch.length >= rowsPerCommit) flush();
    }
    await yieldToEventLoop(options.signal);
    options.onProgress?.({ phase: 'reading', file, rows: read, bytesRead, bytesTotal });
  }
  if (batch.length > 0) flush();
  return {
    file,
    kind: 'interactions',
    read,
    new: added,
    duplicate: rows - added,
    rejected: rejects.count,
    firstRejects,
    ignoredColumns: columns?.ignored ?? [],
    notes: notesOf(reader, read),
  };
}
