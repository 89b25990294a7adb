import { TopPins } from '../rank/index.ts';
import type { SparseVector } from '../vectors/index.ts';

/** Cuts a vector to its `nodesMax` largest values. Returns whether any had to go. O(n log nodesMax). */
export function keepHeaviest(vector: SparseVector, nodesMax: number): boolean {
  if (vector.size <= nodesMax) return false;
  const top = new TopPins(nodesMax);
  for (let i = 0; i < vector.size; i++) top.offer(vector.nodes[i]!, vector.values[vector.nodes[i]!]!);
  const kept = top.drain();
  for (let i = 0; i < vector.size; i++) vector.values[vector.nodes[i]!] = 0;
  vector.size = 0;
  for (const { pin: node, score } of kept) vector.add(node, score);
  return true;
}
