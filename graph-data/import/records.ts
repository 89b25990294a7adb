import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { DataError } from '../errors.ts';
import { delimiterNamed, findDelimiter, splittingBy } from './delimiter.ts';
import type { FileFormat, FileOptions } from './file-options.ts';
import type { FileRecord, RecordReader } from './file-record.ts';
import { readHeader, sameCount } from './header.ts';
import { skipPreamble } from './preamble.ts';
import { DelimitedReader } from './read-delimited.ts';
import { jsonRecords } from './read-json.ts';
import { type Line, readLines } from './read-lines.ts';

export interface ReadOptions extends FileOptions {
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
    // Loaded on demand: it takes a third of the start time of a command.
    const { readParquet } = await import('./read-parquet.ts');
    const reader = await readParquet(file, options.onBytes);
    return options.columns === undefined
      ? reader
      : { ...reader, names: sameCount(file, options.columns, reader.names.length) };
  }
  const names: string[] = [];
  const notes: string[] = [];
  return {
    names,
    notes,
    isTyped: format === 'jsonl',
    batches: () =>
      format === 'jsonl'
        ? jsonRecords(readLines(file, options.onBytes, options.signal), names)
        : delimitedRecords(file, format, options, names, notes),
  };
}

function formatOf(file: string): FileFormat {
  const extension = /\.(\w+?)(\.gz)?$/i.exec(file)?.[1]?.toLowerCase();
  if (extension === 'csv' || extension === 'parquet') return extension;
  if (extension === 'jsonl' || extension === 'ndjson') return 'jsonl';
  if (extension === 'tsv' || extension === 'tab' || extension === 'txt') return 'tsv';
  if (extension === 'json') throw jsonDocument(file);
  return formatByContent(file);
}

/** The format by the first byte of a file. Pipes and compressed files are assumed to be tables. */
function formatByContent(file: string): FileFormat {
  if (!statSync(file).isFile()) return 'tsv';
  const fd = openSync(file, 'r');
  try {
    const start = Buffer.alloc(4);
    readSync(fd, start);
    if (start.toString('latin1') === 'PAR1') return 'parquet';
    return start.toString('latin1').trimStart().startsWith('{') ? 'jsonl' : 'tsv';
  } finally {
    closeSync(fd);
  }
}

function jsonDocument(file: string): DataError {
  const remedy = 'convert it to one object per line (jq -c ".[]"), or use --format jsonl if it is already';
  return new DataError(
    'import-file-unreadable',
    `${file}: a JSON document cannot be read row by row; ${remedy}`,
  );
}

function commentsNote(comments: number): string {
  return `skipped ${comments} ${comments === 1 ? 'line' : 'lines'} of comments before the first row`;
}

/** Before the first batch, appends the column names to `names` and assumptions to check to `notes`. */
async function* delimitedRecords(
  file: string,
  format: 'csv' | 'tsv',
  options: ReadOptions,
  names: string[],
  notes: string[],
): AsyncGenerator<FileRecord[]> {
  let reader: DelimitedReader | undefined;
  let waiting: readonly Line[] = [];
  for await (const lines of readLines(file, options.onBytes, options.signal)) {
    let body: readonly Line[] = lines;
    if (reader === undefined) {
      const start = skipPreamble([...waiting, ...lines], options.skip);
      waiting = start.lines.length > 0 ? [] : [...waiting, ...lines];
      if (start.lines.length === 0) continue;
      if (start.comments > 0) notes.push(commentsNote(start.comments));
      body = start.lines;
      reader = new DelimitedReader(splitting(body, format, options, start.delimiter));
    }
    yield* withHeader([...reader.push(body)]);
  }
  if (reader !== undefined) yield* withHeader([...reader.end()]);

  function* withHeader(records: FileRecord[]): Generator<FileRecord[]> {
    const at = records.findIndex((record) => record.fault === undefined);
    if (names.length === 0 && at >= 0) {
      const header = readHeader(
        file,
        records.slice(at).filter((record) => record.fault === undefined),
        options,
      );
      if (header.isHeader) records.splice(at, 1);
      if (header.note !== undefined) notes.push(header.note);
      names.push(...header.names);
    }
    yield checkFields(records, names);
  }
}

function splitting(
  lines: readonly Line[],
  format: 'csv' | 'tsv',
  options: ReadOptions,
  said: string | undefined,
) {
  const own = format === 'csv' ? ',' : '\t';
  const given = options.delimiter === undefined ? said : delimiterNamed(options.delimiter);
  return splittingBy(given ?? findDelimiter(lines, own), format === 'csv');
}

/**
 * A line with too few fields may be truncated, one with too many may contain the delimiter in a key: both are faults, as is
 * a value in a column without a name. Spreadsheets add such columns at the end.
 */
function checkFields(records: FileRecord[], names: readonly string[]): FileRecord[] {
  const unnamed = [...names.keys()].filter((column) => names[column] === '');
  for (const [i, record] of records.entries()) {
    const { values, fault } = record;
    if (fault !== undefined) continue;
    if (values.length !== names.length) {
      records[i] = { ...record, fault: `${values.length} fields, not ${names.length}` };
    } else if (unnamed.some((column) => values[column] !== '')) {
      records[i] = { ...record, fault: 'a value in a column without a name' };
    }
  }
  return records;
}
