import { type PinBoardGraph, degreeOf, nodeCount } from '../graph/index.ts';
import { nextBelow, randomStream } from '../random/index.ts';
import type { SparseVector } from '../sparse/index.ts';
import { nowhere } from './interleaved-walk.ts';
import type { WalkScratch } from './scratch.ts';
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

/** What each board visited brings to every pin of it: its visits / (degree + shrinkage). O(distinct boards). */
export function boardMasses(
  graph: PinBoardGraph,
  visits: VisitTable,
  boardShrinkage: number,
  masses: SparseVector,
): void {
  masses.begin(nodeCount(graph.boardToPin));
  for (let place = 0; place < visits.size; place++) {
    const slot = visits.touched[place]!;
    const board = visits.entries[2 * slot]!;
    const degree = degreeOf(graph.boardToPin, board);
    // A live board may have lost all its pins since it was visited; so below.
    if (degree > 0) masses.add(board, visits.entries[2 * slot + 1]! / (degree + boardShrinkage));
  }
}

/**
 * What a second step from the shares would bring to every pin of some boards: for each board that has a mass, the
 * chance of half a step from there to it, / (degree + shrinkage). Exact but for boards of over 512 pins, where a
 * stretch stands for all. O(edges of the boards).
 */
export function secondMassesOf(
  graph: PinBoardGraph,
  { masses, shares, seconds }: WalkScratch,
  boardShrinkage: number,
  randomSeed: number,
): void {
  const { slices, neighbors } = graph.boardToPin;
  seconds.begin(nodeCount(graph.boardToPin));
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
    const { count, offset } = stretchOf(board, degree, randomSeed);
    // The stretch has the shares of all pins of its board: as much of them as is not its own is taken off again.
    const excess = (masses.values[board]! * (degree / count - 1)) / total;
    let sum = 0;
    for (let j = 0; j < count; j++) {
      const place = offset + j;
      const pin = neighbors[start + (place < degree ? place : place - degree)]!;
      sum += (shares.values[pin]! - excess) / Math.max(degreeOf(graph.pinToBoard, pin), 1);
    }
    seconds.add(board, (sum * degree) / count / (degree + boardShrinkage));
  }
}

/**
 * Shares of pins from visits counted at boards: the last hop of every step taken exactly. Each board gives its mass
 * to every pin of it, which is the mean of what drawing one pin a visit gives, without the noise of the drawing
 * (Rao and Blackwell). Of a board of over 512 pins, a stretch of 512 at a random place stands for all, to bound
 * the work; the mean is the same.
 *
 * O(edges of the boards), 512 a board at most.
 */
export function spreadVisits(
  graph: PinBoardGraph,
  visits: VisitTable,
  boardShrinkage: number,
  randomSeed: number,
  shares: SparseVector,
): void {
  const { entries, touched, size } = visits;
  shares.begin(nodeCount(graph.pinToBoard));
  let total = 0;
  for (let place = 0; place < size; place++) {
    const board = entries[2 * touched[place]!]!;
    const degree = degreeOf(graph.boardToPin, board);
    if (degree === 0) continue;
    const mass = entries[2 * touched[place]! + 1]! / (degree + boardShrinkage);
    total += spread(graph, board, mass, randomSeed, shares);
  }
  divide(shares, total);
}

/** The same from masses of boards. */
export function spreadMasses(
  graph: PinBoardGraph,
  masses: SparseVector,
  randomSeed: number,
  shares: SparseVector,
): void {
  shares.begin(nodeCount(graph.pinToBoard));
  let total = 0;
  for (let i = 0; i < masses.size; i++) {
    const board = masses.nodes[i]!;
    const mass = masses.values[board]!;
    if (mass > 0) total += spread(graph, board, mass, randomSeed, shares);
  }
  divide(shares, total);
}

/** Gives a board's mass to each of its pins. Returns what it gave in all. */
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
  const { count, offset } = stretchOf(board, degree, randomSeed);
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
  for (let at = start; at < end; at++) {
    const pin = neighbors[at]!;
    const before = values[pin]!;
    // Written always and counted when new: a branch would be guessed wrong too often.
    nodes[size] = pin;
    size += Number(before === 0);
    values[pin] = before + amount;
  }
  shares.size = size;
}

/** The pins of a board that stand for all of them: from `offset` on, around the end, `count` of them. */
function stretchOf(board: number, degree: number, randomSeed: number): { count: number; offset: number } {
  if (degree <= spreadMax) return { count: degree, offset: 0 };
  return { count: spreadMax, offset: nextBelow(randomStream(randomSeed, board, spreadStream), degree) };
}

function divide({ values, nodes, size }: SparseVector, divisor: number): void {
  for (let i = 0; i < size; i++) values[nodes[i]!]! /= divisor;
}
