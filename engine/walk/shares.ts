import { type Work, prices } from '../base/index.ts';
import { type PinBoardGraph, degreeOf, nodeCount } from '../graph/index.ts';
import { nextBelow, randomStream } from '../random/index.ts';
import type { SparseVector } from '../sparse/index.ts';
import { lostNode } from './lane-layout.ts';
import type { WalkScratch } from './scratch.ts';
import type { VisitTable } from './visit-table.ts';

/** Each node's share of the visits, ignoring lost walkers. O(distinct nodes). */
export function sharesOfVisits(visits: VisitTable, length: number, shares: SparseVector): void {
  shares.begin(length);
  let total = 0;
  for (let i = 0; i < visits.size; i++) {
    const slot = visits.touched[i]!;
    const node = visits.entries[2 * slot]!;
    if (node === lostNode) continue;
    shares.add(node, visits.entries[2 * slot + 1]!);
    total += visits.entries[2 * slot + 1]!;
  }
  divide(shares, total);
}

/** Boosted shares: (Σ √visits)², divided by the number of visits. O(distinct nodes). */
export function sharesOfRootSums(rootSums: SparseVector, visitCount: number, shares: SparseVector): void {
  shares.begin(rootSums.values.length);
  for (let i = 0; i < rootSums.size; i++) {
    const node = rootSums.nodes[i]!;
    shares.add(node, rootSums.values[node]! ** 2 / visitCount);
  }
}

/** The visits of a board are spread over at most this many of its pins. */
const spreadMax = 512;
const spreadStream = 0x4000_0002;

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
    // Here and below: a board of a live graph may have lost all its pins since the visit.
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

/**
 * Shares of pins from visits counted at boards: each board gives its mass to all its pins. This replaces the draw of the
 * last hop by its expectation, which removes the draw's variance (Rao-Blackwellisation). Of a board of more than 512
 * pins, a window of 512 at a random offset represents all, which bounds the work and keeps the mean.
 *
 * O(edges of the boards), at most 512 per board. Ends when `work` is spent.
 */
export function spreadVisits(
  graph: PinBoardGraph,
  visits: VisitTable,
  boardShrinkage: number,
  randomSeed: number,
  shares: SparseVector,
  work: Work,
): void {
  const { entries, touched, size } = visits;
  shares.begin(nodeCount(graph.pinToBoard));
  let total = 0;
  for (let i = 0; i < size; i++) {
    const board = entries[2 * touched[i]!]!;
    const degree = degreeOf(graph.boardToPin, board);
    if (degree === 0) continue;
    const edges = Math.min(degree, spreadMax);
    if (work.take(edges, prices.edge) < edges) break;
    const mass = entries[2 * touched[i]! + 1]! / (degree + boardShrinkage);
    total += spread(graph, board, mass, randomSeed, shares);
  }
  divide(shares, total);
}

/** Like {@link spreadVisits}, from the masses of boards. */
export function spreadMasses(
  graph: PinBoardGraph,
  masses: SparseVector,
  randomSeed: number,
  shares: SparseVector,
  work: Work,
): void {
  shares.begin(nodeCount(graph.pinToBoard));
  let total = 0;
  for (let i = 0; i < masses.size; i++) {
    const board = masses.nodes[i]!;
    const mass = masses.values[board]!;
    const edges = Math.min(degreeOf(graph.boardToPin, board), spreadMax);
    if (mass > 0 && work.take(edges, prices.edge) < edges) break;
    if (mass > 0) total += spread(graph, board, mass, randomSeed, shares);
  }
  divide(shares, total);
}

/** Gives a board's mass to each of its pins. Returns the total given. */
function spread(
  { boardToPin: { slices, neighbors } }: PinBoardGraph,
  board: number,
  mass: number,
  randomSeed: number,
  shares: SparseVector,
): number {
  const degree = slices[2 * board + 1]!;
  const start = slices[2 * board]!;
  if (degree === 0) return 0;
  const { count, offset } = windowOf(board, degree, randomSeed);
  const amount = mass * (degree / count);
  const wrapped = Math.max(0, offset + count - degree);
  addToAll(neighbors, start + offset, start + offset + count - wrapped, amount, shares);
  if (wrapped > 0) addToAll(neighbors, start, start + wrapped, amount, shares);
  return amount * count;
}

function addToAll(
  neighbors: Int32Array,
  start: number,
  end: number,
  amount: number,
  shares: SparseVector,
): void {
  const { values, nodes } = shares;
  let { size } = shares;
  for (let edge = start; edge < end; edge++) {
    const pin = neighbors[edge]!;
    const before = values[pin]!;
    // Always written, but counted only if new: a branch would be mispredicted too often.
    nodes[size] = pin;
    size += Number(before === 0);
    values[pin] = before + amount;
  }
  shares.size = size;
}

/** The window of pins that represents a board: `count` pins from `offset` on, wrapping around. */
function windowOf(board: number, degree: number, randomSeed: number): { count: number; offset: number } {
  if (degree <= spreadMax) return { count: degree, offset: 0 };
  return { count: spreadMax, offset: nextBelow(randomStream(randomSeed, board, spreadStream), degree) };
}

function divide({ values, nodes, size }: SparseVector, divisor: number): void {
  for (let i = 0; i < size; i++) values[nodes[i]!]! /= divisor;
}
