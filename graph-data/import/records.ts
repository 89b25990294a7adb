import { DataError } from '../errors.ts';
import { columnsWithoutHeader, isHeader } from './columns.ts';
import { CommaReader, tabRecords } from './read-delimited.ts';
import { readLines } from './read-lines.ts';
import { readParquet } from './read-parquet.ts';

/** One record of a file, its values in the order of the reader's names; with `fault`, a broken one. */
export interface FileRecord {
  /** From 1: the line of a text file, the row of a Parquet file. */
  readonly line: number;
  /** As it stands in the file; empty for Parquet. */
  readonly text: string;
  readonly values: readonly unknown[];
  readonly fault?: string;
}

/** A file's records. `names` is known once the first batch is there, and can grow with a JSON file. */
export interface RecordReader {
  readonly names: readonly string[];
  /** Whether values have types of their own (JSON, Parquet), or are all text. */
  readonly isTyped: boolean;
  /** Rows that were passed over on purpose, so far. */
  readonly leftOut?: number;
  batches(): AsyncGenerator<FileRecord[]>;
}

export const fileFormats = ['csv', 'tsv', 'jsonl', 'parquet'] as const;
export type FileFormat = (typeof fileFormats)[number];

export interface ReadOptions {
  /** Told from the file's name when it is left out. */
  readonly format?: FileFormat | undefined;
  /** Column names by position, in place of a header's. */
  readonly columns?: readonly string[] | undefined;
  /** Whether the first line is a header; told from its names when it is left out. */
  readonly header?: boolean | undefined;
  readonly onBytes: (bytes: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Opens a file for reading its records. Throws `import-columns-unknown` and `import-file-unreadable`. */
export async function openRecords(file: string, options: ReadOptions): Promise<RecordReader> {
  const format = options.format ?? formatOf(file);
  if (format === 'jsonl' && options.columns !== undefined) {
    throw new DataError(
      'import-columns-unknown',
      `${file}: JSON names its own columns, --columns is for the other formats`,
    );
  }
  if (format === 'parquet') {
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
      format === 'jsonl' ? jsonRecords(file, options, names) : delimitedRecords(file, format, options, names),
  };
}

function formatOf(file: string): FileFormat {
  const extension = /\.(\w+?)(\.gz)?$/i.exec(file)?.[1]?.toLowerCase();
  if (extension === 'csv' || extension === 'parquet') return extension;
  if (extension === 'jsonl' || extension === 'ndjson') return 'jsonl';
  if (extension === 'tsv' || extension === 'tab' || extension === 'txt') return 'tsv';
  throw new DataError(
    'import-file-unreadable',
    `${file}: its name does not tell its format; say --format ${fileFormats.join('|')}`,
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

/** A line with too few fields may be a cut one, one with too many a delimiter in a key: both are faults. */
function checkFieldCounts(records: FileRecord[], fieldCount: number): FileRecord[] {
  for (const [i, record] of records.entries()) {
    if (record.values.length === fieldCount || record.fault !== undefined) continue;
    records[i] = { ...record, fault: `${record.values.length} fields, not ${fieldCount}` };
  }
  return records;
}

/** Fills `names` from the options or the first sound record, which is taken away when it is a header. */
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

async function* jsonRecords(
  file: string,
  options: ReadOptions,
  names: string[],
): AsyncGenerator<FileRecord[]> {
  const placeOf = new Map<string, number>();
  for await (const lines of readLines(file, options.onBytes, options.signal)) {
    const records: FileRecord[] = [];
    for (const { line, text, fault } of lines) {
      const row = fault === undefined ? parseObject(text) : undefined;
      if (row === undefined) {
        records.push({ line, text, values: [], fault: fault ?? 'the line is not a JSON object' });
        continue;
      }
      const values: unknown[] = [];
      for (const [name, value] of Object.entries(row)) {
        const place = placeOf.get(name) ?? names.length;
        if (place === namesMax) break;
        if (place === names.length) placeOf.set(name, names.push(name) - 1);
        values[place] = value;
      }
      const isWhole = values.length <= namesMax && Object.keys(row).every((name) => placeOf.has(name));
      const tooMany = { fault: `the file has more than ${namesMax} different names` };
      records.push({ line, text, values, ...(isWhole ? {} : tooMany) });
    }
    yield records;
  }
}

/** Different names in one JSON file; more would be data in the place of names. */
const namesMax = 1_000;

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
