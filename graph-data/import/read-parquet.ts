import path from 'node:path';
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { DataError, messageOf } from '../errors.ts';
import type { FileRecord, RecordReader } from './file-record.ts';
import { parquetParts } from './open-file.ts';

/** Stands for a text of a Parquet file that is not UTF-8. */
const invalidText = Symbol('invalid text');

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const parsers = {
  ...DEFAULT_PARSERS,
  stringFromBytes(bytes: Uint8Array | undefined): unknown {
    try {
      return bytes && decoder.decode(bytes);
    } catch {
      return invalidText;
    }
  },
};

/**
 * Records of all Parquet files in a folder and its subfolders, in order of their paths, as one file. A path segment
 * `name=value` (Hive) is a column. Throws `import-file-unreadable`.
 */
export async function readParquetFolder(
  folder: string,
  onBytes: (bytes: number) => void,
): Promise<RecordReader> {
  const parts = parquetParts(folder);
  const [first] = parts;
  if (first === undefined) throw unreadable(folder, 'the folder holds no .parquet file');
  const partitions = Object.keys(partitionsOf(folder, first));
  const { names } = await readParquet(first, onBytes);
  const all = [...names, ...partitions];
  return {
    names: all,
    isTyped: true,
    async *batches() {
      let line = 0;
      for (const part of parts) {
        const reader = await readParquet(part, onBytes);
        const values = partitionsOf(folder, part);
        const columns = names.map((name) => reader.names.indexOf(name));
        for await (const records of reader.batches()) {
          yield records.map(({ text, values: own, fault }) => {
            line++;
            if (fault !== undefined) return { line, text, values: [], fault };
            return {
              line,
              text,
              values: [...columns.map((at) => own[at]), ...partitions.map((name) => values[name])],
            };
          });
        }
      }
    },
  };
}

/** The columns in the path of a file: `year=2024/month=05`. */
function partitionsOf(folder: string, part: string): Record<string, string> {
  const steps = path.dirname(path.relative(folder, part)).split(path.sep);
  const pairs = steps
    .flatMap((step) => [/^([^=]+)=(.*)$/.exec(step)?.slice(1) ?? []])
    .filter(({ length }) => length > 0);
  return Object.fromEntries(pairs.map(([name, value]) => [name!, decodeURIComponent(value!)]));
}

/**
 * Records of a Parquet file; holds one row group in memory at a time. A record's `line` is its row, from 1. `onBytes` is
 * called with the size of each row group. Throws `import-file-unreadable`.
 */
export async function readParquet(file: string, onBytes: (bytes: number) => void): Promise<RecordReader> {
  try {
    const buffer = await asyncBufferFromFile(file);
    const metadata = await parquetMetadataAsync(buffer);
    const names = parquetSchema(metadata).children.map((column) => column.element.name);
    return { names, isTyped: true, batches: () => rowGroups(file, buffer, metadata, names, onBytes) };
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

async function* rowGroups(
  file: string,
  buffer: Awaited<ReturnType<typeof asyncBufferFromFile>>,
  metadata: Awaited<ReturnType<typeof parquetMetadataAsync>>,
  names: readonly string[],
  onBytes: (bytes: number) => void,
): AsyncGenerator<FileRecord[]> {
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    let rows;
    try {
      rows = await parquetReadObjects({ file: buffer, metadata, rowStart, rowEnd, compressors, parsers });
    } catch (cause) {
      throw unreadable(file, cause);
    }
    const records: FileRecord[] = [];
    for (const [i, row] of rows.entries()) {
      const values = names.map((name) => (Object.hasOwn(row, name) ? row[name] : undefined) as unknown);
      const isValid = !values.includes(invalidText);
      records.push({
        line: rowStart + i + 1,
        text: '',
        values,
        ...(!isValid && { fault: 'the row is not valid UTF-8' }),
      });
    }
    yield records;
    onBytes(Number(group.total_compressed_size ?? group.total_byte_size));
    rowStart = rowEnd;
  }
}

function unreadable(file: string, cause: unknown): DataError {
  return new DataError('import-file-unreadable', `cannot read ${file} as Parquet: ${messageOf(cause)}`, {
    cause,
  });
}
