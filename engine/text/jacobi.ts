/** Sweeps at most; convergence is quadratic, and matrices of hundreds of rows need about eight. */
const sweepsMax = 30;
const tolerance = 1e-14;

interface Eigen {
  /** Descending. */
  readonly values: readonly number[];
  /** The unit eigenvector of each value. */
  readonly vectors: readonly Float64Array[];
}

/**
 * All eigenvalues and eigenvectors of a symmetric matrix, by cyclic Jacobi rotations (Golub and Van Loan, "Matrix
 * Computations", 4th edition, section 8.5). Equal values keep the order of their rows. O(rows³ · sweeps).
 */
export function jacobi(matrix: readonly (readonly number[])[]): Eigen {
  const size = matrix.length;
  const a = matrix.map((row) => Float64Array.from(row));
  const vectors = a.map((_, i) => Float64Array.from({ length: size }, (__, j) => Number(i === j)));
  const norm = Math.sqrt(
    a.reduce((sum, row) => sum + row.reduce((part, value) => part + value * value, 0), 0),
  );
  for (let sweep = 0; sweep < sweepsMax; sweep++) {
    let largest = 0;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const off = Math.abs(a[p]![q]!);
        largest = Math.max(largest, off);
        if (off > tolerance * norm) rotate(a, vectors, p, q);
      }
    }
    if (largest <= tolerance * norm) break;
  }
  const order = [...a.keys()].toSorted((i, j) => a[j]![j]! - a[i]![i]! || i - j);
  return { values: order.map((i) => a[i]![i]!), vectors: order.map((i) => vectors[i]!) };
}

/** Rotates rows and columns p and q so that a[p][q] becomes 0. */
function rotate(a: readonly Float64Array[], vectors: readonly Float64Array[], p: number, q: number): void {
  const theta = (a[q]![q]! - a[p]![p]!) / (2 * a[p]![q]!);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  for (const row of a) {
    const [left, right] = [row[p]!, row[q]!];
    row[p] = cosine * left - sine * right;
    row[q] = sine * left + cosine * right;
  }
  rotateRows(a[p]!, a[q]!, cosine, sine);
  rotateRows(vectors[p]!, vectors[q]!, cosine, sine);
}

function rotateRows(p: Float64Array, q: Float64Array, cosine: number, sine: number): void {
  for (let k = 0; k < p.length; k++) {
    const [left, right] = [p[k]!, q[k]!];
    p[k] = cosine * left - sine * right;
    q[k] = sine * left + cosine * right;
  }
}
