import { statSync } from 'node:fs';
import { DataError } from '../errors.ts';
import { formatOf } from './file-format.ts';
import type { ReadOptions } from './file-options.ts';
import type { FileRecord, RecordReader } from './file-record.ts';
import { sameCount } from './header.ts';
import { pathColumns } from './json-paths.ts';
import { standardInput } from './open-file.ts';
import { documentItems, jsonRecords, lineItems } from './read-json.ts';
import { readLines } from './read-lines.ts';
import { tableRecords } from './read-table.ts';

/** Opens a file to read its records. Throws `import-columns-unknown` and `import-file-unreadable`. */
export async function openRecords(file: string, options: ReadOptions): Promise<RecordReader> {
  const format = await formatOf(file, options);
  if (format === 'parquet') return openParquet(file, options);
  const names: string[] = [];
  if (format === 'csv' || format === 'tsv') {
    const notes: string[] = [];
    return { names, notes, isTyped: false, batches: () => tableRecords(file, format, options, names, notes) };
  }
  const columns = options.columns && pathColumns(file, options.columns, format === 'json');
  const items = () =>
    format === 'json'
      ? documentItems(file, columns?.root ?? [], options)
      : lineItems(readLines(file, options));
  return { names, isTyped: true, batches: () => jsonRecords(items(), names, columns) };
}

async function openParquet(file: string, { columns, onBytes }: ReadOptions): Promise<RecordReader> {
  if (file === standardInput) {
    throw new DataError(
      'import-file-unreadable',
      'Parquet cannot be read from standard input: name its file',
    );
  }
  // Loaded when used: it takes a third of the start of a command.
  const { readParquet, readParquetFolder } = await import('./read-parquet.ts');
  const reader = await (statSync(file).isDirectory() ? readParquetFolder : readParquet)(file, onBytes);
  if (columns === undefined) return reader;
  if (!columns.some((column) => column.includes('='))) {
    return { ...reader, names: sameCount(file, columns, reader.names.length) };
  }
  const { roles, rowsOf } = pathColumns(file, columns, false);
  return {
    names: roles,
    isTyped: true,
    async *batches() {
      for await (const records of reader.batches()) {
        yield records.flatMap(({ line, text, values, fault }): FileRecord[] => {
          if (fault !== undefined) return [{ line, text, values, fault }];
          const row = Object.fromEntries(reader.names.map((name, i) => [name, values[i]]));
          return rowsOf(row).map((found) => ({ line, text, values: found }));
        });
      }
    },
  };
}
