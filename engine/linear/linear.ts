import { type ParamSpecs, Work, prices, resolveParams } from '../base/index.ts';
import type { ExactScratch } from '../exact/index.ts';
import { type PinBoardGraph, neighborsOf, nodeCount } from '../graph/index.ts';
import { type Query, normalizeQuery } from '../query.ts';
import { type IsExcluded, type TopPins, offerCandidates } from '../rank/index.ts';
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
  { pinToBoard }: PinBoardGraph,
  { rows, kernel, factors }: BoardKernel,
  query: Query,
  { boards, residuals: scores }: ExactScratch,
  work: Work,
): number {
  const n = Math.sqrt(kernel.length);
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
  const rowCost = Math.ceil(n / numbersPerEdge);
  const reached = new Float64Array(n);
  let numbersRead = 0;
  for (let i = 0; i < boards.size; i++) {
    if (work.take(rowCost, prices.edge) < rowCost) break;
    const row = boards.nodes[i]!;
    const mass = boards.values[row]!;
    for (let other = 0; other < n; other++) reached[other]! += mass * kernel[row * n + other]!;
    numbersRead += n;
  }
  const own = new Map(query.pins.map((pin, i) => [pin, query.weights[i]!]));
  for (let pin = 0; pin < pinCount; pin++) {
    const start = slices[2 * pin]!;
    const end = start + slices[2 * pin + 1]!;
    let sum = 0;
    for (let edge = start; edge < end; edge++) {
      const row = rows[neighbors[edge]!] ?? -1;
      if (row >= 0) sum += reached[row]!;
    }
    if (sum === 0) continue;
    const factor = factors[2 * pin + 1]!;
    // A pin has no weight for itself: f − 1 is what it reached through its own boards.
    const score = sum * factor - (own.get(pin) ?? 0) * (factor - 1);
    scores.nodes[scores.size++] = pin;
    scores.values[pin] = score;
  }
  return numbersRead;
}
