import { check } from '../base/index.ts';
import { nextUnit, randomStream } from '../random/index.ts';
import { jacobi } from './jacobi.ts';
import { orthonormalize } from './orthonormalize.ts';
import { type SparseRows, transposeRows } from './sparse-rows.ts';

/** Random substream of the starting vectors. */
const startStream = 0x4000_0030;
/** Directions beyond those wanted, which make the last ones accurate. */
const spare = 10;

/**
 * Latent semantic analysis: the rows of a matrix X in the `dims` directions that hold most of it, U·S of X ≈ U·S·Vᵀ, row
 * by row, the strongest direction first. By randomised subspace iteration with `iterations` passes (Halko, Martinsson and
 * Tropp 2011, doi:10.1137/090771806, algorithms 4.4 and 5.1). An empty row stays 0, and directions beyond the rank of X are
 * 0. Seeded: the same matrix and seed give the same bytes. O(iterations · dims · (values + rows · dims)).
 * Throws `invalid-parameter` (`dims`, `iterations`).
 */
export function lsa(rows: SparseRows, dims: number, randomSeed: number, iterations = 4): Float32Array {
  const rowCount = rows.starts.length - 1;
  check(Number.isInteger(dims) && dims >= 1, 'dims', `${dims} is not a positive integer`);
  check(
    Number.isInteger(iterations) && iterations >= 0,
    'iterations',
    `${iterations} is not an integer from 0`,
  );
  const byColumn = transposeRows(rows);
  const size = Math.min(dims + spare, rowCount, rows.columnCount);
  let basis = Array.from({ length: size }, (_, i) => multiply(rows, start(rows.columnCount, randomSeed, i)));
  orthonormalize(basis);
  for (let pass = 0; pass < iterations; pass++) {
    const right = basis.map((vector) => multiply(byColumn, vector));
    orthonormalize(right);
    basis = right.map((vector) => multiply(rows, vector));
    orthonormalize(basis);
  }
  // With Q the basis and B = Qᵀ·X: B·Bᵀ = W·S²·Wᵀ, and U·S = Q·W·S.
  const projected = basis.map((vector) => multiply(byColumn, vector));
  const { values, vectors } = jacobi(projected.map((a) => projected.map((b) => dot(a, b))));
  const result = new Float32Array(rowCount * dims);
  const kept = Math.min(dims, size);
  for (let row = 0; row < rowCount; row++) {
    for (let dim = 0; dim < kept; dim++) {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += basis[i]![row]! * vectors[dim]![i]!;
      result[row * dims + dim] = sum * Math.sqrt(Math.max(0, values[dim]!));
    }
  }
  return result;
}

/** Rows times a vector. */
function multiply({ starts, columns, values }: SparseRows, vector: Float64Array): Float64Array {
  const product = new Float64Array(starts.length - 1);
  for (let row = 0; row < product.length; row++) {
    let sum = 0;
    for (let at = starts[row]!; at < starts[row + 1]!; at++) sum += values[at]! * vector[columns[at]!]!;
    product[row] = sum;
  }
  return product;
}

/** Uniform draws from [-1, 1): as good a start as normal ones, and without a logarithm. Signs alone may coincide. */
function start(length: number, randomSeed: number, index: number): Float64Array {
  const stream = randomStream(randomSeed, index, startStream);
  return Float64Array.from({ length }, () => 2 * nextUnit(stream) - 1);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
