import type { SparseVector } from './sparse-vector.ts';

/**
 * Sets each value v to `max(0, v / Σv − share · b / backgroundSum)`, b being the background's value at its node.
 * O(nodes that have a value).
 */
export function clip(
  values: SparseVector,
  background: SparseVector,
  backgroundSum: number,
  share: number,
): void {
  const scale = 1 / values.sum();
  const backgroundScale = share / backgroundSum;
  for (let i = 0; i < values.size; i++) {
    const node = values.nodes[i]!;
    const left = values.values[node]! * scale - background.values[node]! * backgroundScale;
    values.values[node] = Math.max(0, left);
  }
}
