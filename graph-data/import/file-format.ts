import { statSync } from 'node:fs';
import type { FileFormat, FileOptions } from './file-options.ts';
import { standardInput } from './open-file.ts';
import { readBytes } from './read-bytes.ts';

const formats: Readonly<Record<string, FileFormat>> = {
  csv: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  parquet: 'parquet',
};

/** The format of a file by the options, its name, or its first bytes. A folder contains Parquet files. */
export async function formatOf(
  file: string,
  { format, columns, encoding }: FileOptions,
): Promise<FileFormat> {
  if (format !== undefined) return format;
  if (file === standardInput) return 'tsv';
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true) return 'parquet';
  const extension = /\.(\w+?)(\.(gz|zst|bz2|xz))?$/i.exec(file)?.[1]?.toLowerCase() ?? '';
  const named = formats[extension];
  if (named !== undefined) return named;
  const start = await firstBytes(file, encoding);
  if (start.subarray(0, 4).toString('latin1') === 'PAR1') return 'parquet';
  const text = start
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (text.startsWith('[')) return 'json';
  // Many files of JSON lines are named .json. The file is a document if --columns names the path of its list.
  if (text.startsWith('{'))
    return columns?.every((column) => column.includes('[]')) === true ? 'json' : 'jsonl';
  return text.includes(',') && !text.includes('\t') ? 'csv' : 'tsv';
}

async function firstBytes(file: string, encoding: string | undefined): Promise<Buffer> {
  for await (const chunk of readBytes(file, { onBytes: () => undefined, encoding }))
    return chunk.subarray(0, 2 ** 12);
  return Buffer.alloc(0);
}
