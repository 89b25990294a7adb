import { DataError } from '../errors.ts';
import { columnsWithoutHeader, isHeader } from './columns.ts';
import type { FileRecord, RecordReader } from './file-record.ts';
import { CommaReader, tabRecords } from './read-delimited.ts';
import { jsonRecords } from './read-json.ts';
import { readLines } from './read-lines.ts';

export const fileFormats = ['csv', 'tsv', 'jsonl', 'parquet'] as const;
export type FileFormat = (typeof fileFormats)[number];

export interface ReadOptions {
  /** Default: derived from the file name. */
  readonly format?: FileFormat | undefined;
  /** Column names by position; they replace those of a header. */
  readonly columns?: readonly string[] | undefined;
  /** Whether the first line is a header. Default: whether it contains known column names. */
  readonly header?: boolean | undefined;
  /** Called with the number of bytes of each read from disk. */
  readonly onBytes: (bytes: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Opens a file to read its records. Throws `import-columns-unknown` and `import-file-unreadable`. */
export async function openRecords(file: string, options: ReadOptions): Promise<RecordReader> {
  const format = options.format ?? formatOf(file);
  if (format === 'jsonl' && options.columns !== undefined) {
    throw new DataError(
      'import-columns-unknown',
      `${file}: JSON lines name their own columns; --columns is for the other formats`,
    );
  }
  if (format === 'parquet') {
    // Loaded when used: it takes a third of the start of a command.
    const { readParquet } = await import('./read-parquet.ts');
    const reader = await readParquet(file, options.onBytes);
    return options.columns === undefined
      ? reader
      : { ...reader, names: sameCount(file, options.columns, reader.names.length) };
  }
  const names: string[] = [];
  return {
    names,
    isTyped: format === 'jsonl',
    batches: () =>
      format === 'jsonl'
        ? jsonRecords(readLines(file, options.onBytes, options.signal), names)
        : delimitedRecords(file, format, options, names),
  };
}

function formatOf(file: string): FileFormat {
  const extension = /\.(\w+?)(\.gz)?$/i.exec(file)?.[1]?.toLowerCase();
  if (extension === 'csv' || extension === 'parquet') return extension;
  if (extension === 'jsonl' || extension === 'ndjson') return 'jsonl';
  if (extension === 'tsv' || extension === 'tab' || extension === 'txt') return 'tsv';
  throw new DataError(
    'import-file-unreadable',
    `${file}: cannot derive the format from the file name; use --format ${fileFormats.join('|')}`,
  );
}

async function* delimitedRecords(
  file: string,
  format: 'csv' | 'tsv',
  options: ReadOptions,
  names: string[],
): AsyncGenerator<FileRecord[]> {
  const comma = new CommaReader();
  for await (const lines of readLines(file, options.onBytes, options.signal)) {
    const records = format === 'csv' ? [...comma.push(lines)] : tabRecords(lines);
    if (names.length === 0) takeHeader(file, options, names, records);
    yield checkFieldCounts(records, names.length);
  }
  const records = [...comma.end()];
  if (names.length === 0) takeHeader(file, options, names, records);
  yield checkFieldCounts(records, names.length);
}

/** A line with too few fields may be truncated, one with too many may contain the delimiter in a key: both are faults. */
function checkFieldCounts(records: FileRecord[], fieldCount: number): FileRecord[] {
  for (const [i, record] of records.entries()) {
    if (record.values.length === fieldCount || record.fault !== undefined) continue;
    records[i] = { ...record, fault: `${record.values.length} fields, not ${fieldCount}` };
  }
  return records;
}

/** Fills `names` from the options or the first valid record, and removes that record if it is a header. */
function takeHeader(file: string, options: ReadOptions, names: string[], records: FileRecord[]): void {
  const at = records.findIndex((record) => record.fault === undefined);
  if (at < 0) return;
  const { text, values } = records[at]!;
  if (text.includes('\r')) {
    const remedy = "convert them: tr '\\r' '\\n'";
    throw new DataError(
      'import-file-unreadable',
      `${file}: its lines end with carriage returns alone; ${remedy}`,
    );
  }
  const first = values as readonly string[];
  const hasHeader = options.header ?? isHeader(first);
  if (hasHeader) records.splice(at, 1);
  const header = hasHeader
    ? first.map((name) => name.trim())
    : columnsWithoutHeader(file, first, options.columns);
  names.push(...(options.columns === undefined ? header : sameCount(file, options.columns, first.length)));
}

function sameCount(file: string, columns: readonly string[], fieldCount: number): readonly string[] {
  if (columns.length === fieldCount) return columns;
  throw new DataError(
    'import-columns-unknown',
    `${file}: --columns names ${columns.length} columns, its rows have ${fieldCount} ("-" skips one)`,
  );
}
