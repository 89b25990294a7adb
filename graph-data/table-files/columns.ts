/** A column of a table file. */
export interface TableColumn {
  readonly name: string;
  /**
   * `text`: a string. `integer`: at most 2^53. `number`: a double. `boolean`. `time`: milliseconds since 1970, written as
   * ISO 8601 (Parquet: a timestamp). `json`: any value, written as JSON text (JSON lines: as it is;
   * CSV: strings as they are).
   */
  readonly kind: 'text' | 'integer' | 'number' | 'boolean' | 'time' | 'json';
}

/** A value of a column; null and undefined are missing values, and so is NaN. */
export type Cell = unknown;

/** The cells of a row, in the order of the columns. */
export type TableRow = readonly Cell[];

export function isMissing(cell: Cell): boolean {
  return cell === null || cell === undefined || Number.isNaN(cell);
}
