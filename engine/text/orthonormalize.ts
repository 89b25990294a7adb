import { type DenseBlock, gramOf, timesMatrix } from './dense-block.ts';

/** A column whose square is this much smaller after projection was a combination of those before it. */
const rankTolerance = 1e-13;

/**
 * Orthonormal columns with the span of a block's columns, by the Cholesky factor of their dot products; one that depends on those
 * before it becomes 0. What is lost of orthogonality grows as the square of the block's condition number: a second call
 * restores it to rounding (CholeskyQR2: Yamamoto, Nakatsukasa, Yanagisawa and Fukaya 2015, ETNA 44). O(rows · width²).
 */
export function orthonormal(block: DenseBlock): DenseBlock {
  return timesMatrix(block, inverseFactor(gramOf(block), block.width), true);
}

/** With G = Rᵀ·R: the upper triangular R⁻¹, by columns; those of rows of G that depend on the ones before are 0. O(size³). */
function inverseFactor(gram: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size);
  const inverse = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    // Both by columns: column j of R is at j · size.
    const own = j * size;
    for (let i = 0; i < j; i++) {
      const pivot = factor[i * size + i]!;
      if (pivot === 0) continue;
      let sum = gram[own + i]!;
      for (let k = 0; k < i; k++) sum -= factor[i * size + k]! * factor[own + k]!;
      factor[own + i] = sum / pivot;
    }
    let left = gram[own + j]!;
    for (let k = 0; k < j; k++) left -= factor[own + k]! ** 2;
    if (left <= rankTolerance * gram[own + j]!) continue;
    const pivot = Math.sqrt(left);
    factor[own + j] = pivot;
    inverse[own + j] = 1 / pivot;
    for (let i = 0; i < j; i++) {
      let sum = 0;
      for (let k = i; k < j; k++) sum += inverse[k * size + i]! * factor[own + k]!;
      inverse[own + i] = -sum / pivot;
    }
  }
  return inverse;
}
