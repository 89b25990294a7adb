/** File formats by name. */
export const fileFormats = ['csv', 'tsv', 'jsonl', 'json', 'parquet'] as const;
export type FileFormat = (typeof fileFormats)[number];

/** How to read a file; omitted options are derived from its name and content. */
export interface FileOptions {
  /** Default: derived from the file name. */
  readonly format?: FileFormat | undefined;
  /**
   * Column names by position, "-" to skip one; they replace those of a header. Or `role=column` for renamed columns: the
   * name in the header, or the path in JSON and Parquet.
   */
  readonly columns?: readonly string[] | undefined;
  /** Whether the first line is a header. Default: whether it looks like one. */
  readonly header?: boolean | undefined;
  /** The delimiter; "space" for runs of spaces and tabs. Default: detected in the first lines. */
  readonly delimiter?: string | undefined;
  /** A label of the Encoding Standard, such as latin1. Default: UTF-8, or UTF-16 with a byte order mark. */
  readonly encoding?: string | undefined;
  /** Number of lines to skip before the header or first row. Default: only comments are skipped. */
  readonly skip?: number | undefined;
  /** The strftime format of times: "%d/%m/%Y". Default: ISO 8601 or Unix time. */
  readonly dateFormat?: string | undefined;
  /** Prefix of every board key, for files whose boards and users have equal keys. Default: none. */
  readonly boardPrefix?: string | undefined;
}

export interface ReadOptions extends FileOptions {
  /** Called with the number of bytes of each read from disk. */
  readonly onBytes: (bytes: number) => void;
  readonly signal?: AbortSignal | undefined;
  /** Takes the names of a header as they are, where two columns would otherwise be read as user and pin. */
  readonly anyNames?: true | undefined;
}
