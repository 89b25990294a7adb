import { type Adjacency, degreeOf, nodeCount } from '../graph/index.ts';
import type { Range } from './groups.ts';

/** Nodes of similar degree. */
export interface DegreeBin {
  readonly degrees: Range;
  readonly nodes: number;
}

/**
 * The range that holds a count, among 0, 1, 2–3, 4–7, 8–15 …: bins that double suit the skewed degrees of such graphs.
 * O(1).
 */
export function doublingRange(count: number): Range {
  if (count < 1) return { from: 0, to: 0 };
  const from = 2 ** Math.floor(Math.log2(count));
  return { from, to: 2 * from - 1 };
}

/** A histogram of degrees by {@link doublingRange}, without nodes of degree 0 and without empty bins. O(nodes). */
export function degreeBins(adjacency: Adjacency): DegreeBin[] {
  const bins = new Map<number, number>();
  for (let node = 0; node < nodeCount(adjacency); node++) {
    const { from } = doublingRange(degreeOf(adjacency, node));
    if (from > 0) bins.set(from, (bins.get(from) ?? 0) + 1);
  }
  return [...bins]
    .toSorted(([a], [b]) => a - b)
    .map(([from, nodes]) => ({ degrees: doublingRange(from), nodes }));
}
