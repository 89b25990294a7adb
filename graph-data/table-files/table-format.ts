import { DataError } from '../errors.ts';

/** Formats of a table file, by the extension that selects them. */
const tableFormats = ['csv', 'tsv', 'jsonl', 'parquet'] as const;
type TableFormat = (typeof tableFormats)[number];

export type TextCompression = 'gz' | 'zst';

/**
 * The format and compression that a file's name shows: `.csv`, `.tsv`, `.jsonl` (or `.ndjson`), also with `.gz` or `.zst`,
 * and `.parquet`, which compresses its own pages. Throws `table-format-unknown`.
 */
export function tableFormatOf(file: string): {
  format: TableFormat;
  compression: TextCompression | undefined;
} {
  const { extension, compression } = extensionOf(file);
  const name = extension === 'ndjson' ? 'jsonl' : extension;
  const format = tableFormats.find((each) => each === name);
  if (format !== undefined && !(format === 'parquet' && compression !== undefined))
    return { format, compression };
  throw new DataError(
    'table-format-unknown',
    `${file}: its name shows no format of a table: end it with .csv, .tsv, .jsonl (each also with .gz or .zst) or .parquet`,
  );
}

/** The extension of a file in lower case, without its compression. */
export function extensionOf(file: string): {
  readonly extension: string;
  readonly compression: TextCompression | undefined;
} {
  const [, extension = '', compression] = /\.(\w+?)(?:\.(gz|zst))?$/i.exec(file) ?? [];
  return {
    extension: extension.toLowerCase(),
    compression: compression?.toLowerCase() as TextCompression | undefined,
  };
}
