import { type ParamSpecs, Work, prices, resolveParams } from '../base/index.ts';
import type { ExactScratch } from '../exact/index.ts';
import { type PinBoardGraph, neighborsOf, nodeCount } from '../graph/index.ts';
import { type Query, normalizeQuery } from '../query.ts';
import { type IsExcluded, type TopPins, offerCandidates } from '../rank/index.ts';
import type { SparseVector } from '../sparse/index.ts';
import type { BoardKernel } from './board-kernel.ts';
import type { WeightLists } from './linear-weights.ts';

interface LinearParams {
  readonly popularityDiscount: number;
}

export const linearParams: ParamSpecs<LinearParams> = {
  popularityDiscount: {
    kind: 'number',
    min: -2,
    max: 2,
    default: 0,
    about: 'exponent z of the popularity discount: scores are multiplied by degree^-z',
  },
};

interface LinearStats {
  /** Distinct pins with a score above 0, before exclusion. */
  readonly candidates: number;
  /** Item weights added up. */
  readonly weightsRead: number;
  /** Whether a lack of {@link Work} left query pins out. */
  readonly isTruncated: boolean;
}

/** Item weights: of K neighbors for each pin, or of all pins. */
export type LinearWeights = WeightLists | BoardKernel;

/** Numbers of a row that are added up in the time that mass takes to move along one edge. */
const numbersPerEdge = 16;

/**
 * Scores by item weights computed at build time ({@link Regression}, {@link BoardKernel}):
 *
 *     score(j) = Σ_q w_q · B[q → j] · d_j^-popularityDiscount     over the query pins q
 *
 * Offers every pin with a score above 0 to `top`, except excluded ones and, unless `includeQueryPins`, the query's own. A
 * query pin that came after the build has no weights and adds nothing. Deterministic. O(weights of the query pins), a row
 * being read from the source, so that the pins that it does not predict cost nothing; with a kernel, O(saves of the graph +
 * boards of the query pins · boards). Throws `invalid-parameter`.
 */
export function linear(
  graph: PinBoardGraph,
  weights: LinearWeights,
  queryGiven: Query,
  paramsGiven: Partial<LinearParams>,
  scratch: ExactScratch,
  top: TopPins,
  isExcluded?: IsExcluded,
  work: Work = new Work(),
): LinearStats {
  const query = normalizeQuery(graph, queryGiven);
  const { popularityDiscount } = resolveParams(linearParams, paramsGiven);
  const { residuals: scores, pinPower } = scratch;
  scores.begin(nodeCount(graph.pinToBoard));
  const weightsRead =
    'kernel' in weights
      ? addThroughBoards(graph, weights, query, scratch, work)
      : addLists(graph, weights, query, scratch, work);
  for (let i = 0; i < scores.size; i++) {
    const pin = scores.nodes[i]!;
    if (scores.values[pin]! < 0) scores.values[pin] = 0;
  }
  pinPower.begin(-popularityDiscount);
  const scoring = { discounts: pinPower, work };
  const candidates = offerCandidates(graph, query, 'pins', scores, scoring, top, isExcluded);
  return { candidates, weightsRead, isTruncated: work.isExhausted };
}

/** Adds the weights of the query pins to the scores. Returns how many. */
function addLists(
  graph: PinBoardGraph,
  { starts, pins, weights }: WeightLists,
  query: Query,
  { residuals: scores, arrived: met }: ExactScratch,
  work: Work,
): number {
  met.begin(nodeCount(graph.pinToBoard));
  let weightsRead = 0;
  for (const [i, pin] of query.pins.entries()) {
    if (pin + 1 >= starts.length) continue;
    const start = starts[pin]!;
    const end = starts[pin + 1]!;
    if (work.take(end - start, prices.edge) < end - start) break;
    weightsRead += end - start;
    const queryWeight = query.weights[i]!;
    for (let at = start; at < end; at++) {
      const target = pins[at]!;
      // Weights may cancel to 0, and a vector would then list the pin twice: `met` is what decides.
      if (met.values[target] === 0) {
        met.add(target, 1);
        scores.nodes[scores.size++] = target;
      }
      scores.values[target]! += queryWeight * weights[at]!;
    }
  }
  return weightsRead;
}

/** Query pins → boards → kernel → pins. Saves made after the build count. Returns how many numbers of the kernel it read. */
function addThroughBoards(
  graph: PinBoardGraph,
  { rows, kernel, factors }: BoardKernel,
  query: Query,
  { boards, residuals: scores }: ExactScratch,
  work: Work,
): number {
  const n = Math.sqrt(kernel.length);
  const { pinToBoard } = graph;
  const { slices, neighbors } = pinToBoard;
  const pinCount = Math.min(nodeCount(pinToBoard), factors.length / 2);
  // All saves are read at the end, whatever the query: without work for that, nothing is.
  let saves = 0;
  for (let pin = 0; pin < pinCount; pin++) saves += slices[2 * pin + 1]!;
  if (work.take(saves, prices.edge) < saves) return 0;

  boards.begin(n);
  for (const [i, pin] of query.pins.entries()) {
    if (pin >= pinCount) continue;
    const mass = query.weights[i]! * factors[2 * pin]!;
    for (const board of neighborsOf(pinToBoard, pin)) {
      const row = rows[board] ?? -1;
      if (row >= 0) boards.add(row, mass);
    }
  }
  const rowsMax = Math.floor(work.left(prices.edge) / Math.ceil(n / numbersPerEdge));
  const rowCount = Math.min(boards.size, rowsMax);
  if (rowCount < boards.size) work.stop();
  work.count(rowCount * Math.ceil(n / numbersPerEdge), prices.edge);
  const reached = sumOfRows(kernel, n, boards, rowCount);
  // By board: one read for each save instead of two.
  const ofBoard = new Float64Array(nodeCount(graph.boardToPin));
  for (let board = 0; board < rows.length; board++) {
    const row = rows[board]!;
    if (row >= 0) ofBoard[board] = reached[row]!;
  }
  for (let pin = 0; pin < pinCount; pin++) {
    const start = slices[2 * pin]!;
    const end = start + slices[2 * pin + 1]!;
    let sum = 0;
    for (let edge = start; edge < end; edge++) sum += ofBoard[neighbors[edge]!]!;
    if (sum === 0) continue;
    scores.nodes[scores.size++] = pin;
    scores.values[pin] = sum * factors[2 * pin + 1]!;
  }
  // A pin has no weight for itself: f − 1 is what it reached through its own boards.
  for (const [i, pin] of query.pins.entries()) {
    if (pin < pinCount && scores.values[pin] !== 0) {
      scores.values[pin]! -= query.weights[i]! * (factors[2 * pin + 1]! - 1);
    }
  }
  return rowCount * n;
}

/** Σ mass · row over the first nodes of a vector: four at once, as each sum is then read and written a quarter as often. */
function sumOfRows(
  kernel: Float32Array,
  n: number,
  { nodes, values }: SparseVector,
  count: number,
): Float64Array {
  const sums = new Float64Array(n);
  const quads = count - (count % 4);
  for (let i = 0; i < quads; i += 4) {
    const rowA = nodes[i]!;
    const rowB = nodes[i + 1]!;
    const rowC = nodes[i + 2]!;
    const rowD = nodes[i + 3]!;
    const massA = values[rowA]!;
    const massB = values[rowB]!;
    const massC = values[rowC]!;
    const massD = values[rowD]!;
    for (let j = 0; j < n; j++) {
      const ofA = massA * kernel[rowA * n + j]!;
      const ofB = massB * kernel[rowB * n + j]!;
      const ofC = massC * kernel[rowC * n + j]!;
      const ofD = massD * kernel[rowD * n + j]!;
      sums[j]! += ofA + ofB + (ofC + ofD);
    }
  }
  for (let i = quads; i < count; i++) {
    const row = nodes[i]!;
    const mass = values[row]!;
    for (let j = 0; j < n; j++) sums[j]! += mass * kernel[row * n + j]!;
  }
  return sums;
}
