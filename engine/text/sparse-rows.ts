/** A sparse matrix by row: row r has `values[e]` in column `columns[e]`, e in [starts[r], starts[r + 1]). */
export interface SparseRows {
  readonly starts: Int32Array;
  /** Distinct within a row. */
  readonly columns: Int32Array;
  readonly values: Float64Array | Float32Array;
  readonly columnCount: number;
}

/** A row of a {@link SparseRows}, or one like it. */
export interface SparseRow {
  /** Distinct. */
  readonly columns: Int32Array;
  readonly values: Float64Array | Float32Array;
}

/** The same matrix by column. O(values). */
export function transposeRows({ starts, columns, values, columnCount }: SparseRows): SparseRows {
  const rowCount = starts.length - 1;
  const ends = new Int32Array(columnCount + 1);
  for (const column of columns) ends[column + 1]!++;
  for (let column = 0; column < columnCount; column++) ends[column + 1]! += ends[column]!;
  const transposed = {
    starts: Int32Array.from(ends),
    columns: new Int32Array(columns.length),
    values: new Float64Array(columns.length),
    columnCount: rowCount,
  };
  for (let row = 0; row < rowCount; row++) {
    for (let at = starts[row]!; at < starts[row + 1]!; at++) {
      const place = ends[columns[at]!]!++;
      transposed.columns[place] = row;
      transposed.values[place] = values[at]!;
    }
  }
  return transposed;
}
