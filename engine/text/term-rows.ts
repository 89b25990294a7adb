/** A sparse matrix by row: row r has `values[e]` in column `columns[e]`, e in [starts[r], starts[r + 1]). */
export interface SparseRows {
  readonly starts: Int32Array;
  /** Distinct within a row. */
  readonly columns: Int32Array;
  readonly values: Float64Array;
  readonly columnCount: number;
}

/**
 * TF-IDF rows of unit length, one for each document of terms: (1 + ln count) · ln(documents / documents with the term).
 * Terms of fewer than `documentsMin` documents, and those of all, are left out: the one connects nothing, the other tells
 * nothing apart. A document without other terms has an empty row. Columns are in the order in which terms appear.
 * O(terms). (Salton and Buckley 1988, doi:10.1016/0306-4573(88)90021-0.)
 */
export function tfIdf(documents: readonly (readonly string[])[], documentsMin: number): SparseRows {
  const frequency = new Map<string, number>();
  for (const terms of documents) {
    for (const term of new Set(terms)) frequency.set(term, (frequency.get(term) ?? 0) + 1);
  }
  const columnOf = new Map<string, number>();
  const idf: number[] = [];
  for (const [term, count] of frequency) {
    if (count < documentsMin || count === documents.length) continue;
    columnOf.set(term, columnOf.size);
    idf.push(Math.log(documents.length / count));
  }
  const starts = new Int32Array(documents.length + 1);
  const columns: number[] = [];
  const values: number[] = [];
  for (const [row, terms] of documents.entries()) {
    const counts = new Map<number, number>();
    for (const term of terms) {
      const column = columnOf.get(term);
      if (column !== undefined) counts.set(column, (counts.get(column) ?? 0) + 1);
    }
    const weights = [...counts].map(([column, count]) => (1 + Math.log(count)) * idf[column]!);
    const length = Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
    columns.push(...counts.keys());
    values.push(...weights.map((weight) => weight / length));
    starts[row + 1] = columns.length;
  }
  return {
    starts,
    columns: Int32Array.from(columns),
    values: Float64Array.from(values),
    columnCount: columnOf.size,
  };
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
