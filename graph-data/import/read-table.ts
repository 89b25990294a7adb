import { delimiterNamed, findDelimiter, splittingBy } from './delimiter.ts';
import type { FileRecord } from './file-record.ts';
import { readHeader } from './header.ts';
import { skipPreamble } from './preamble.ts';
import { DelimitedReader } from './read-delimited.ts';
import { type Line, readLines } from './read-lines.ts';
import type { ReadOptions } from './file-options.ts';

/**
 * The records of a delimited file. Before the first batch, appends the column names to `names` and assumptions to check to
 * `notes`.
 */
export async function* tableRecords(
  file: string,
  format: 'csv' | 'tsv',
  options: ReadOptions,
  names: string[],
  notes: string[],
): AsyncGenerator<FileRecord[]> {
  let reader: DelimitedReader | undefined;
  let waiting: readonly Line[] = [];
  for await (const lines of readLines(file, options)) {
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

function commentsNote(comments: number): string {
  return `skipped ${comments} ${comments === 1 ? 'line' : 'lines'} of comments before the first row`;
}
