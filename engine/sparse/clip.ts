import type { SparseVector } from './sparse-vector.ts';

/**
 * Sets each value v to `max(0, v / Σv − share · b / backgroundSum)`, b being the background's value at its node.
 * Values that are all 0, or a background that is, are left as they are: boards of a live graph may lose their pins
 * while a query runs. O(nodes that have a value).
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
    const left = values.values[node]! * scale - background.values[node]! * backgroundScale;
    values.values[node] = Math.max(0, left);
  }
}
