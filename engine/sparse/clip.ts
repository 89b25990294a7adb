import type { SparseVector } from './sparse-vector.ts';

/**
 * Replaces each value v by `max(0, v / Σv − share · b / backgroundSum)`, where b is the background's value at the same
 * node. If Σv is 0, nothing changes; if `backgroundSum` is 0, nothing is subtracted: the boards of a live graph may
 * lose their pins during a query. O(nonzero values).
 */
export function clip(
  values: SparseVector,
  background: SparseVector,
  backgroundSum: number,
  share: number,
): void {
  const sum = values.sum();
  if (sum === 0) return;
  const scale = 1 / sum;
  const backgroundScale = backgroundSum === 0 ? 0 : share / backgroundSum;
  for (let i = 0; i < values.size; i++) {
    const node = values.nodes[i]!;
    values.values[node] = clipped(values.values[node]! * scale, background.values[node]! * backgroundScale);
  }
}

/** What is left of a value. */
export function clipped(value: number, background: number): number {
  return Math.max(0, value - background);
}
