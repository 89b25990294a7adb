import { type PinBoardGraph, degreeOf, nodeCount } from '../graph/index.ts';
import { nextBelow, randomStream } from '../random/index.ts';
import type { SparseVector } from '../vectors/index.ts';
import { nowhere } from './interleaved-walk.ts';
import type { VisitTable } from './visit-table.ts';

/** Each node's share of the visits, those of lost walkers aside. O(distinct nodes). */
export function sharesOfVisits(visits: VisitTable, length: number, shares: SparseVector): void {
  shares.begin(length);
  let found = 0;
  for (let place = 0; place < visits.size; place++) {
    const slot = visits.touched[place]!;
    const node = visits.entries[2 * slot]!;
    if (node === nowhere) continue;
    shares.add(node, visits.entries[2 * slot + 1]!);
    found += visits.entries[2 * slot + 1]!;
  }
  divide(shares, found);
}

/** The shares after boost: (Σ √visits)², divided by the visits of pins. O(distinct nodes). */
export function sharesOfRootSums(rootSums: SparseVector, found: number, shares: SparseVector): void {
  shares.begin(rootSums.values.length);
  for (let i = 0; i < rootSums.size; i++) {
    const node = rootSums.nodes[i]!;
    shares.add(node, rootSums.values[node]! ** 2 / found);
  }
}

/** Pins of one board that its visits are spread over at most. */
const spreadMax = 512;
const spreadStream = 0x4000_0002;

/**
 * Shares of pins from visits counted at boards: the last hop of every step taken exactly. A board's visits are
 * spread evenly over its pins, which is the mean of what drawing one pin a visit gives, without the noise of the
 * drawing (Rao and Blackwell). Of a board of over 512 pins, a stretch of 512 at a random place stands for
 * all, to bound the work; the mean is the same.
 *
 * O(edges of the boards visited), 512 a board at most.
 */
export function spreadVisits(
  graph: PinBoardGraph,
  visits: VisitTable,
  boardShrinkage: number,
  randomSeed: number,
  shares: SparseVector,
): void {
  const { slices, neighbors } = graph.boardToPin;
  shares.begin(nodeCount(graph.pinToBoard));
  const { values, nodes } = shares;
  let size = 0;
  let mass = 0;
  for (let place = 0; place < visits.size; place++) {
    const slot = visits.touched[place]!;
    const board = visits.entries[2 * slot]!;
    const degree = degreeOf(graph.boardToPin, board);
    const spread = Math.min(degree, spreadMax);
    const amount = (visits.entries[2 * slot + 1]! / (degree + boardShrinkage)) * (degree / spread);
    const offset = degree > spreadMax ? nextBelow(randomStream(randomSeed, board, spreadStream), degree) : 0;
    const start = slices[2 * board]!;
    for (let i = 0; i < spread; i++) {
      const pin = neighbors[start + ((offset + i) % degree)]!;
      const before = values[pin]!;
      if (before === 0) nodes[size++] = pin;
      values[pin] = before + amount;
    }
    mass += amount * spread;
  }
  shares.size = size;
  divide(shares, mass);
}

function divide({ values, nodes, size }: SparseVector, divisor: number): void {
  for (let i = 0; i < size; i++) values[nodes[i]!]! /= divisor;
}
