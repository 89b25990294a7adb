import { type Work, prices } from '../base/index.ts';
import { type PinBoardGraph, degreeOf, nodeCount } from '../graph/index.ts';
import type { SparseVector } from '../sparse/index.ts';
import { lostNode } from './lane-layout.ts';
import type { WalkScratch } from './scratch.ts';
import type { Shares } from './shares-vector.ts';
import { windowOf } from './spreader.ts';
import type { VisitTable } from './visit-table.ts';

/** Each node's share of the visits, ignoring lost walkers. O(distinct nodes). */
export function sharesOfVisits(visits: VisitTable, length: number, shares: Shares): void {
  shares.begin(length);
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

/**
 * The mass that a second step, from a pin drawn by the shares, would give to each pin of a board: the probability of
 * stepping to the board, divided by (degree + shrinkage). Computed for every board with a mass; exact, except for boards
 * of more than 512 pins, where a window of pins represents all. O(edges of the boards), at most 512 per board.
 */
export function secondMassesOf(
  graph: PinBoardGraph,
  { masses, shares, secondMasses }: WalkScratch,
  boardShrinkage: number,
  randomSeed: number,
  work: Work,
): void {
  const { slices, neighbors } = graph.boardToPin;
  secondMasses.begin(nodeCount(graph.boardToPin));
  let total = 0;
  for (let i = 0; i < masses.size; i++) {
    const board = masses.nodes[i]!;
    total += masses.values[board]! * degreeOf(graph.boardToPin, board);
  }
  for (let i = 0; i < masses.size; i++) {
    const board = masses.nodes[i]!;
    const degree = slices[2 * board + 1]!;
    const start = slices[2 * board]!;
    if (degree === 0 || total === 0) continue;
    const { count, offset } = windowOf(board, degree, randomSeed);
    // Each of its pins is read twice: its share and its degree.
    if (work.take(2 * count, prices.edge) < 2 * count) break;
    // The pins of the window received the mass of all pins of the board: subtract what is not their own.
    const excess = (masses.values[board]! * (degree / count - 1)) / total;
    let sum = 0;
    for (let j = 0; j < count; j++) {
      const position = offset + j;
      const pin = neighbors[start + (position < degree ? position : position - degree)]!;
      sum += (shares.values[pin]! - excess) / Math.max(degreeOf(graph.pinToBoard, pin), 1);
    }
    secondMasses.add(board, (sum * degree) / count / (degree + boardShrinkage));
  }
}
