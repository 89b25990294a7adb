import { TopPins } from '../rank/index.ts';
import type { SparseVector } from '../sparse/index.ts';

/** Cuts a vector to its `nodesMax` largest values, to none if that is 0. Returns whether any had to go. O(n log nodesMax). */
export function keepHeaviest(vector: SparseVector, nodesMax: number): boolean {
  if (vector.size <= nodesMax) return false;
  const top = new TopPins(Math.max(nodesMax, 1));
  for (let i = 0; i < vector.size; i++) top.offer(vector.nodes[i]!, vector.values[vector.nodes[i]!]!);
  const kept = top.drain().slice(0, nodesMax);
  for (let i = 0; i < vector.size; i++) vector.values[vector.nodes[i]!] = 0;
  vector.size = 0;
  for (const { pin: node, score } of kept) vector.add(node, score);
  return true;
}
