import { type Work, prices } from '../base/index.ts';
import { type PinBoardGraph, degreeOf, nodeCount } from '../graph/index.ts';
import type { SparseVector } from '../sparse/index.ts';
import { lostNode } from './lane-layout.ts';
import type { ReachedPins } from './reached-pins.ts';
import type { Shares } from './shares-vector.ts';
import type { VisitTable } from './visit-table.ts';

/** Adds each node's visits to `shares`, which has begun, ignoring lost walkers. O(distinct nodes). */
export function sharesOfVisits(visits: VisitTable, shares: Shares | ReachedPins): void {
  let total = 0;
  for (let i = 0; i < visits.size; i++) {
    const slot = visits.touched[i]!;
    const node = visits.entries[2 * slot]!;
    if (node === lostNode) continue;
    shares.add(node, visits.entries[2 * slot + 1]!);
    total += visits.entries[2 * slot + 1]!;
  }
  shares.divisor = total;
}

/** Boosted shares: (Σ √visits)², divided by the number of visits. O(distinct nodes). */
export function sharesOfRootSums(rootSums: SparseVector, visitCount: number, shares: Shares): void {
  shares.begin(rootSums.values.length);
  for (let i = 0; i < rootSums.size; i++) {
    const node = rootSums.nodes[i]!;
    shares.add(node, rootSums.values[node]! ** 2);
  }
  shares.divisor = visitCount;
}

/** The mass that each visited board gives to each of its pins: visits / (degree + shrinkage). O(distinct boards). */
export function boardMasses(
  graph: PinBoardGraph,
  visits: VisitTable,
  boardShrinkage: number,
  masses: SparseVector,
  work: Work,
): void {
  masses.begin(nodeCount(graph.boardToPin));
  const count = work.take(visits.size, prices.node);
  for (let i = 0; i < count; i++) {
    const slot = visits.touched[i]!;
    const board = visits.entries[2 * slot]!;
    const degree = degreeOf(graph.boardToPin, board);
    // A board of a live graph may have lost all its pins since the visit.
    if (degree > 0) masses.add(board, visits.entries[2 * slot + 1]! / (degree + boardShrinkage));
  }
}
