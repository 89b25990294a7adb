/** File formats by name. */
export const fileFormats = ['csv', 'tsv', 'jsonl', 'parquet'] as const;
export type FileFormat = (typeof fileFormats)[number];

/** How a file is to be read, where its name and content do not say. */
export interface FileOptions {
  /** Default: derived from the file name. */
  readonly format?: FileFormat | undefined;
  /**
   * Column names by position, "-" to skip one; they replace those of a header. Or `role=column` for each column with a
   * name of its own: the name in the header, or the path in JSON and Parquet.
   */
  readonly columns?: readonly string[] | undefined;
  /** Whether the first line is a header. Default: whether it looks like one. */
  readonly header?: boolean | undefined;
  /** What separates the fields; "space" for runs of spaces and tabs. Default: found in the first lines. */
  readonly delimiter?: string | undefined;
  /** Lines before the header or the first row. Default: only comments. */
  readonly skip?: number | undefined;
  /** The format of times, with the directives of strftime: "%d/%m/%Y". Default: ISO 8601 or Unix time. */
  readonly dateFormat?: string | undefined;
  /** Put before each board's key, where boards and users have keys of the same form. */
  readonly boardPrefix?: string | undefined;
}
