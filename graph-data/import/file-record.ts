/** One record of a file. */
export interface FileRecord {
  /** Counted from 1: the line of a text file, the row of a Parquet file. */
  readonly line: number;
  /** The record as written in the file; empty for Parquet. */
  readonly text: string;
  /** In the order of the reader's names. */
  readonly values: readonly unknown[];
  /** Why the record is invalid. */
  readonly fault?: string;
}

/** Reads the records of a file. */
export interface RecordReader {
  /** Column names, complete after the first batch; later batches of a JSON file can add more. */
  readonly names: readonly string[];
  /** Whether values have types (JSON, Parquet) or are all strings. */
  readonly isTyped: boolean;
  /** Assumptions about the file that its user should check; complete after the first batch. */
  readonly notes?: readonly string[];
  /** Rows intentionally skipped so far. */
  readonly leftOut?: number;
  batches(): AsyncGenerator<FileRecord[]>;
}

/** What the user of a file should check after `read` of its rows, all that it has. */
export function notesOf({ notes = [], leftOut = 0 }: RecordReader, read: number): readonly string[] {
  return read + leftOut === 0 ? [...notes, 'it has no rows'] : notes;
}
