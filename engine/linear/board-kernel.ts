import {
  type PinBoardGraph,
  degreeOf,
  neighborsOf,
  nodeCount,
  sharedFloat32Array,
  sharedInt32Array,
} from '../graph/index.ts';
import type { LinearBuildParams } from './linear-params.ts';

/** Up to this many boards, a table of boards × boards holds every weight between two pins: 64 MB at most. */
const kernelBoardsMax = 4_096;

/**
 * The weights of all pins for all pins, as a table between boards: with X (boards × pins, 1 where a board holds a pin) and D
 * as in {@link Regression},
 *
 *     M = (I + X·D⁻¹·Xᵀ)⁻¹,   w(q → j) = x_qᵀ·M·x_j / D_q · f_j,   f_j = 1 / (1 − x_jᵀ·M·x_j / D_j)
 *
 * where x_j is the column of j. This is −P_qj / P_jj of P = (XᵀX + D)⁻¹ by Woodbury's identity: EASE (Steck, WWW 2019,
 * doi:10.1145/3308558.3313710) without leaving any weight out, also those between pins that share no board. Its 32-bit
 * floats give weights a relative error of about 6e-8 · (degree / D)².
 */
export interface BoardKernel {
  /** By board: its row in `kernel`, or -1 where the board is not counted. */
  readonly rows: Int32Array<SharedArrayBuffer>;
  /** M, row by row. */
  readonly kernel: Float32Array<SharedArrayBuffer>;
  /** By pin: 1 / D_j, then f_j. */
  readonly factors: Float32Array<SharedArrayBuffer>;
}

/** Whether weights are computed as a {@link BoardKernel}: where K is not given and boards are few. */
export function hasKernel({ neighborsMax }: LinearBuildParams, boardCount: number): boolean {
  return neighborsMax === 0 && boardCount <= kernelBoardsMax;
}

/**
 * Computes a {@link BoardKernel} in 64-bit floats; boards of no pin or more than `boardPinsMax` are not counted. Yields the
 * number of rows that are done. With n boards: O(n³ / 2 + Σ d²) over the degrees d of pins; 12 · n² bytes.
 */
export function* boardKernel(
  { boardToPin, pinToBoard }: PinBoardGraph,
  { ridge, dropout, boardPinsMax }: LinearBuildParams,
): Generator<number, BoardKernel> {
  const pinCount = nodeCount(pinToBoard);
  const rows = sharedInt32Array(nodeCount(boardToPin)).fill(-1);
  let n = 0;
  for (let board = 0; board < rows.length; board++) {
    const degree = degreeOf(boardToPin, board);
    if (degree > 0 && degree <= boardPinsMax) rows[board] = n++;
  }
  const rowsOf = (pin: number): Int32Array =>
    neighborsOf(pinToBoard, pin)
      .map((board) => rows[board]!)
      .filter((row) => row >= 0);
  const diagonalOf = (degree: number): number => ridge + (dropout / (1 - dropout)) * degree;

  // Rows are ascending, so the lower triangle is filled.
  const matrix = new Float64Array(n * n);
  for (let row = 0; row < n; row++) matrix[row * n + row] = 1;
  for (let pin = 0; pin < pinCount; pin++) {
    const held = rowsOf(pin);
    const share = 1 / diagonalOf(held.length);
    for (const a of held) for (const b of held) if (b <= a) matrix[a * n + b]! += share;
  }
  const column = new Float64Array(n);
  for (let row = 0; row < n; row++) {
    sweep(matrix, n, row, column);
    yield row + 1;
  }

  const kernel = sharedFloat32Array(n * n);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b <= a; b++) {
      matrix[b * n + a] = matrix[a * n + b]!;
      kernel[a * n + b] = kernel[b * n + a] = -matrix[a * n + b]!;
    }
  }
  const factors = sharedFloat32Array(2 * pinCount);
  for (let pin = 0; pin < pinCount; pin++) {
    const held = rowsOf(pin);
    const diagonal = diagonalOf(held.length);
    let own = 0;
    for (const a of held) for (const b of held) own -= matrix[a * n + b]!;
    factors[2 * pin] = 1 / diagonal;
    factors[2 * pin + 1] = 1 / (1 - own / diagonal);
  }
  return { rows, kernel, factors };
}

/**
 * The sweep operator on one row of a symmetric positive definite matrix of n rows, in its lower triangle: after all rows,
 * it holds minus the inverse (Goodnight, The American Statistician 1979, doi:10.1080/00031305.1979.10482685). No pivot is
 * below the least eigenvalue, here 1. `column` is scratch.
 */
function sweep(matrix: Float64Array, n: number, row: number, column: Float64Array): void {
  for (let i = 0; i < n; i++) column[i] = matrix[i < row ? row * n + i : i * n + row]!;
  const pivot = column[row]!;
  for (let i = 0; i < n; i++) {
    const factor = column[i]! / pivot;
    if (factor === 0 || i === row) continue;
    const start = i * n;
    for (let j = 0; j <= i; j++) matrix[start + j]! -= factor * column[j]!;
  }
  for (let i = 0; i < n; i++) matrix[i < row ? row * n + i : i * n + row] = column[i]! / pivot;
  matrix[row * n + row] = -1 / pivot;
}
