import { check } from '../base/index.ts';
import { nextUnit, randomStream } from '../random/index.ts';
import { type DenseBlock, gramOf, padded, timesBlock, timesMatrix } from './dense-block.ts';
import { jacobi } from './jacobi.ts';
import { orthonormal } from './orthonormalize.ts';
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
  const size = Math.min(dims + spare, rowCount, rows.columnCount);
  const result = new Float32Array(rowCount * dims);
  if (size === 0) return result;
  const byColumn = transposeRows(rows);
  let basis = timesBlock(rows, start(rows.columnCount, size, randomSeed));
  for (let pass = 0; pass < iterations; pass++) {
    basis = timesBlock(rows, timesBlock(byColumn, orthonormal(basis)));
  }
  basis = orthonormal(orthonormal(basis));
  // With Q the basis and B = Qᵀ·X: B·Bᵀ = W·S²·Wᵀ, and U·S = Q·W·S.
  const { width } = basis;
  const gram = gramOf(timesBlock(byColumn, basis));
  const matrix = Array.from({ length: size }, (_, i) => [...gram.subarray(i * width, i * width + size)]);
  const { values, vectors } = jacobi(matrix);
  const kept = Math.min(dims, size);
  const scaled = new Float64Array(padded(kept) * width);
  for (let dim = 0; dim < kept; dim++) {
    const length = Math.sqrt(Math.max(0, values[dim]!));
    for (let i = 0; i < size; i++) scaled[dim * width + i] = vectors[dim]![i]! * length;
  }
  const places = timesMatrix(basis, scaled, false);
  for (let row = 0; row < rowCount; row++) {
    const from = row * places.width;
    result.set(places.values.subarray(from, from + kept), row * dims);
  }
  return result;
}

/**
 * Vectors side by side of uniform draws from [-1, 1): as good a start as normal ones, and without a logarithm. Signs alone may
 * coincide.
 */
function start(length: number, size: number, randomSeed: number): DenseBlock {
  const width = padded(size);
  const values = new Float64Array(padded(length) * width);
  for (let i = 0; i < size; i++) {
    const stream = randomStream(randomSeed, i, startStream);
    for (let row = 0; row < length; row++) values[row * width + i] = 2 * nextUnit(stream) - 1;
  }
  return { width, values };
}
