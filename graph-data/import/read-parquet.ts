import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { DataError, messageOf } from '../errors.ts';
import type { FileRecord, RecordReader } from './file-record.ts';

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
      rows = await parquetReadObjects({ file: buffer, metadata, rowStart, rowEnd, compressors });
    } catch (cause) {
      throw unreadable(file, cause);
    }
    const records: FileRecord[] = [];
    for (const [i, row] of rows.entries()) {
      records.push({
        line: rowStart + i + 1,
        text: '',
        values: names.map((name) => (Object.hasOwn(row, name) ? row[name] : undefined) as unknown),
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
