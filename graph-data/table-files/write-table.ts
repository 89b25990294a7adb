import { pipeline } from 'node:stream/promises';
import { createGzip, createZstdCompress } from 'node:zlib';
import { streamFileDurably, writeFully } from '../durable-files.ts';
import { stoppedError } from '../errors.ts';
import type { TableColumn, TableRow } from './columns.ts';
import { writeParquet } from './parquet-rows.ts';
import { type TextCompression, tableFormatOf } from './table-format.ts';
import { delimitedRows, jsonRows } from './text-rows.ts';

type Rows<Row> = Iterable<Row> | AsyncIterable<Row>;

interface WriteOptions {
  readonly file: string;
  /** Stops the writing, which then leaves the file as it was. */
  readonly signal?: AbortSignal | undefined;
}

/** Characters of text that are collected before they are written. */
const chunkCharacters = 2 ** 16;

/**
 * Writes rows as CSV, TSV, JSON lines or Parquet, by the file's name (`.gz` and `.zst` compress text), and returns their
 * number. Same rows: same bytes. The file appears complete or not at all, as {@link streamFileDurably} writes it, and memory
 * is bounded, whatever the number of rows. Throws `table-format-unknown`, `file-unwritable`, and `stopped` after the signal.
 */
export async function writeTable({
  columns,
  rows,
  file,
  signal,
}: WriteOptions & {
  readonly columns: readonly TableColumn[];
  readonly rows: Rows<TableRow>;
}): Promise<number> {
  const { format, compression } = tableFormatOf(file);
  let count = 0;
  async function* counted(): AsyncGenerator<TableRow> {
    for await (const row of rows) {
      if (signal?.aborted === true) throw stoppedError();
      yield row;
      count++;
    }
  }
  if (format === 'parquet') {
    await streamFileDurably(file, async (fd) => {
      await writeParquet(columns, counted(), async (bytes) => writeFully(fd, bytes));
    });
    return count;
  }
  const { header, line } =
    format === 'jsonl' ? jsonRows(columns) : delimitedRows(columns, format === 'csv' ? ',' : '\t');
  async function* lines(): AsyncGenerator<string> {
    yield header;
    for await (const row of counted()) yield line(row);
  }
  await writeText(file, compression, lines());
  return count;
}

/** Writes texts one after another; file and errors as with {@link writeTable}. */
export async function writeText(
  file: string,
  compression: TextCompression | undefined,
  texts: Rows<string>,
): Promise<void> {
  await streamFileDurably(file, async (fd) => {
    if (compression === undefined) {
      for await (const chunk of chunksOf(texts)) writeFully(fd, Buffer.from(chunk));
      return;
    }
    const packer = compression === 'gz' ? createGzip() : createZstdCompress();
    await pipeline(chunksOf(texts), packer, async (packed: AsyncIterable<Buffer>) => {
      for await (const bytes of packed) writeFully(fd, bytes);
    });
  });
}

async function* chunksOf(texts: Rows<string>): AsyncGenerator<string> {
  let [parts, size]: [string[], number] = [[], 0];
  for await (const text of texts) {
    parts.push(text);
    size += text.length;
    if (size < chunkCharacters) continue;
    yield parts.join('');
    [parts, size] = [[], 0];
  }
  yield parts.join('');
}
