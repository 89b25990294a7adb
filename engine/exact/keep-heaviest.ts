import { type Work, prices } from '../base/index.ts';
import { TopPins } from '../rank/index.ts';
import type { SparseVector } from '../sparse/index.ts';

/** Keeps the `nodesMax` largest values of a vector. Returns whether any was dropped. O(n log nodesMax). */
export function keepHeaviest(vector: SparseVector, nodesMax: number, work: Work): boolean {
  if (vector.size <= nodesMax) return false;
  work.count(vector.size, prices.candidate);
  const top = new TopPins(Math.max(nodesMax, 1));
  for (let i = 0; i < vector.size; i++) top.offer(vector.nodes[i]!, vector.values[vector.nodes[i]!]!);
  const kept = top.drain().slice(0, nodesMax);
  for (let i = 0; i < vector.size; i++) vector.values[vector.nodes[i]!] = 0;
  vector.size = 0;
  for (const { pin: node, score } of kept) vector.add(node, score);
  return true;
}
