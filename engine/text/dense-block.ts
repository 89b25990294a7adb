import type { SparseRows } from './sparse-rows.ts';

/**
 * Dense rows of one width, one after another; the width and the number of rows are multiples of four, with zeros beyond what is
 * meant. So loops go by fours without a rest: vectors side by side as columns take a fifth of the time of one vector after
 * another (docs/perf-notes.md).
 */
export interface DenseBlock {
  readonly width: number;
  readonly values: Float64Array;
}

export function padded(count: number): number {
  return 4 * Math.ceil(count / 4);
}

/** A sparse matrix times a block with a row for each of its columns. O(values · width). */
export function timesBlock(
  { starts, columns, values }: SparseRows,
  { width, values: from }: DenseBlock,
): DenseBlock {
  const rowCount = starts.length - 1;
  const product = new Float64Array(padded(rowCount) * width);
  for (let row = 0; row < rowCount; row++) {
    const to = row * width;
    const end = starts[row + 1]!;
    for (let at = starts[row]!; at < end; at += 2) {
      // Two entries of a row for each sum that is stored; an odd one counts its last entry once.
      const next = Math.min(at + 1, end - 1);
      const a = columns[at]! * width;
      const b = columns[next]! * width;
      const value = values[at]!;
      const other = next === at ? 0 : values[next]!;
      for (let i = 0; i < width; i++) product[to + i]! += value * from[a + i]! + other * from[b + i]!;
    }
  }
  return { width, values: product };
}

/** Dot products of the columns of a block: a symmetric matrix, row by row. O(rows · width²). */
export function gramOf({ width, values }: DenseBlock): Float64Array {
  const gram = new Float64Array(width * width);
  for (let row = 0; row < values.length; row += 4 * width) {
    const row1 = row + width;
    const row2 = row1 + width;
    const row3 = row2 + width;
    for (let i = 0; i < width; i += 2) {
      const a0 = values[row + i]!;
      const a1 = values[row1 + i]!;
      const a2 = values[row2 + i]!;
      const a3 = values[row3 + i]!;
      const b0 = values[row + i + 1]!;
      const b1 = values[row1 + i + 1]!;
      const b2 = values[row2 + i + 1]!;
      const b3 = values[row3 + i + 1]!;
      const a = i * width;
      const b = a + width;
      for (let j = i; j < width; j++) {
        const c0 = values[row + j]!;
        const c1 = values[row1 + j]!;
        const c2 = values[row2 + j]!;
        const c3 = values[row3 + j]!;
        gram[a + j]! += a0 * c0 + a1 * c1 + (a2 * c2 + a3 * c3);
        gram[b + j]! += b0 * c0 + b1 * c1 + (b2 * c2 + b3 * c3);
      }
    }
  }
  for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) gram[i * width + j] = gram[j * width + i]!;
  return gram;
}

/**
 * A block times a matrix, given by columns of `width` values. One that is upper triangular, with zeros below
 * its diagonal, takes half the time. O(rows · width · columns).
 */
export function timesMatrix(
  { width, values }: DenseBlock,
  matrix: Float64Array,
  isUpper: boolean,
): DenseBlock {
  const columns = matrix.length / width;
  const product = new Float64Array((values.length / width) * columns);
  for (let from = 0, to = 0; from < values.length; from += 2 * width, to += 2 * columns) {
    const below = from + width;
    for (let j = 0; j < columns; j += 4) {
      const m0 = j * width;
      const m1 = m0 + width;
      const m2 = m1 + width;
      const m3 = m2 + width;
      let a0 = 0;
      let a1 = 0;
      let a2 = 0;
      let a3 = 0;
      let b0 = 0;
      let b1 = 0;
      let b2 = 0;
      let b3 = 0;
      const height = isUpper ? j + 4 : width;
      for (let i = 0; i < height; i++) {
        const a = values[from + i]!;
        const b = values[below + i]!;
        const c0 = matrix[m0 + i]!;
        const c1 = matrix[m1 + i]!;
        const c2 = matrix[m2 + i]!;
        const c3 = matrix[m3 + i]!;
        a0 += a * c0;
        a1 += a * c1;
        a2 += a * c2;
        a3 += a * c3;
        b0 += b * c0;
        b1 += b * c1;
        b2 += b * c2;
        b3 += b * c3;
      }
      const at = to + j;
      product[at] = a0;
      product[at + 1] = a1;
      product[at + 2] = a2;
      product[at + 3] = a3;
      const under = at + columns;
      product[under] = b0;
      product[under + 1] = b1;
      product[under + 2] = b2;
      product[under + 3] = b3;
    }
  }
  return { width: columns, values: product };
}
