import { type PinBoardGraph, neighborsOf, nodeCount } from '../../engine/index.ts';

/**
 * Dense EASE (Steck, WWW 2019, doi:10.1145/3308558.3313710) as its paper states it, sharing no code with the engine:
 * P = (XᵀX + D)⁻¹, B[i][j] = −P[i][j] / P[j][j], diagonal 0. `diagonal` is what D adds, by degree.
 */
export function denseEase(graph: PinBoardGraph, diagonal: (degree: number) => number): number[][] {
  const pinCount = nodeCount(graph.pinToBoard);
  const gram = Array.from({ length: pinCount }, () => Array<number>(pinCount).fill(0));
  for (let board = 0; board < nodeCount(graph.boardToPin); board++) {
    const pins = neighborsOf(graph.boardToPin, board);
    for (const i of pins) for (const j of pins) gram[i]![j]!++;
  }
  const inverse = inverted(gram.map((row, i) => row.map((v, j) => (i === j ? v + diagonal(v) : v))));
  return inverse.map((row, i) => row.map((v, j) => (i === j ? 0 : -v / inverse[j]![j]!)));
}

/** Gauss–Jordan elimination with partial pivoting. */
function inverted(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => Number(i === j))]);
  for (let column = 0; column < n; column++) {
    let best = column;
    for (let i = column; i < n; i++)
      if (Math.abs(rows[i]![column]!) > Math.abs(rows[best]![column]!)) best = i;
    [rows[column], rows[best]] = [rows[best]!, rows[column]!];
    const pivot = rows[column]![column]!;
    rows[column] = rows[column]!.map((value) => value / pivot);
    for (let i = 0; i < n; i++) {
      const factor = rows[i]![column]!;
      if (i === column || factor === 0) continue;
      rows[i] = rows[i]!.map((value, j) => value - factor * rows[column]![j]!);
    }
  }
  return rows.map((row) => row.slice(n));
}
