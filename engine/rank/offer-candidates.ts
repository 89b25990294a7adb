import { Work, prices } from '../base/index.ts';
import { type PinBoardGraph, degreeOf } from '../graph/index.ts';
import type { Query } from '../query.ts';
import { type PowerTable, type SparseVector, sumOf } from '../sparse/index.ts';
import { type Specificity, specificityBound, specificityFactor } from './specificity.ts';
import type { IsExcluded, TopPins } from './top-pins.ts';

/** How the values of candidates become scores. */
interface Scoring {
  /** Popularity discount by degree; users are not discounted. */
  readonly discounts: PowerTable;
  /** Factor of all values. Default: 1. */
  readonly scale?: number;
  /** Sharpening: the weight λ of the background. Default: 0. */
  readonly lambda?: number;
  /** By board, the background mass of each of its pins. Required if λ > 0. */
  readonly background?: SparseVector;
  /** Default: none. */
  readonly specificity?: Specificity | undefined;
  /** Default: without a limit. */
  readonly work?: Work;
}

/** Candidate nodes with values of at least 0, handed out some at a time. */
export interface Candidates {
  /** By node. */
  readonly values: Float64Array;
  /** What all values are to be divided by. */
  readonly divisor: number;
  /** Those handed out last, at the start. */
  readonly nodes: Int32Array;
  /** How many of those passed so far have a value other than 0. */
  readonly nonzero: number;
  /** Begins with the first candidate again. */
  restart(): void;
  /**
   * Hands out some of the next candidates, and may leave out those with a value of at most `least`. Returns their number, 0
   * at the end.
   */
  next(least: number): number;
}

/** The nodes of a sparse vector, all at once. */
function candidatesOf({ values, nodes, size }: SparseVector): Candidates {
  let isNext = true;
  let nonzero = 0;
  return {
    values,
    divisor: 1,
    nodes,
    get nonzero() {
      return nonzero;
    },
    restart: () => {
      isNext = true;
    },
    next: () => {
      if (!isNext) return 0;
      isNext = false;
      nonzero = 0;
      for (let i = 0; i < size; i++) nonzero += Number(values[nodes[i]!] !== 0);
      return size;
    },
  };
}

/** Of a value that could reach the top: less than 1, as scores are rounded. */
const caution = 1 - 1e-9;

/**
 * Scores candidate nodes and offers them to `top`, except excluded ones and, unless `includeQueryPins`, query pins:
 *
 *     score(j) = (value(j) · scale − λ · B(j) / ΣB) · discount(d_j) · specificity(value(j) · scale, d_j)
 *
 * d_j is the degree of j, B(j) the sum of the background over its boards, and specificity the factor of
 * {@link specificityFactor}, which leaves negative scores as they are. Nodes of value 0 are no candidates. Returns
 * the number of candidates, excluded ones included. O(candidates · log k), with λ > 0 also O(edges of the candidates that
 * would enter the top without the background). Ends when `work` is spent.
 */
export function offerCandidates(
  graph: PinBoardGraph,
  query: Query,
  target: 'pins' | 'boards' | 'users',
  given: SparseVector | Candidates,
  { discounts, scale = 1, lambda = 0, background, specificity, work = new Work() }: Scoring,
  top: TopPins,
  isExcluded: IsExcluded | undefined,
): number {
  const candidates = 'next' in given ? given : candidatesOf(given);
  const { values, nodes, divisor } = candidates;
  if (target === 'pins' && query.includeQueryPins !== true) for (const pin of query.pins) values[pin] = 0;
  const { slices, neighbors } = target === 'pins' ? graph.pinToBoard : graph.boardToPin;
  let backgroundSum = 0;
  if (lambda > 0) {
    for (let i = 0; i < background!.size; i++) {
      const board = background!.nodes[i]!;
      backgroundSum += background!.values[board]! * degreeOf(graph.boardToPin, board);
    }
  }
  // Below this value no score reaches the top, as discount, specificity and background can only lower it.
  const leastValue = (): number => (discounts.atMostOne ? (caution * top.least * divisor) / scale : 0);
  candidates.restart();
  for (let size = candidates.next(0); size > 0; size = candidates.next(Math.max(0, leastValue()))) {
    if (!offer(size)) break;
  }
  // Done in full: what was found is offered.
  work.count(candidates.nonzero, prices.node);
  return candidates.nonzero;

  /** Whether there was enough work for these candidates. */
  function offer(size: number): boolean {
    for (let i = 0; i < size; i++) {
      const node = nodes[i]!;
      const share = (values[node]! * scale) / divisor;
      if (share === 0) continue;
      const degree = target === 'users' ? 1 : slices[2 * node + 1]!;
      const discount = discounts.of(degree);
      // Specificity and background can only lower the score, so most candidates are rejected here.
      let score = share * discount;
      if (!top.wouldKeep(node, score)) continue;
      let factor = 1;
      if (specificity !== undefined) {
        if (!top.wouldKeep(node, score * specificityBound(specificity, share, degree))) continue;
        factor = specificityFactor(specificity, share, degree);
        score *= factor;
        if (!top.wouldKeep(node, score)) continue;
      }
      if (backgroundSum > 0) {
        if (work.take(degree, prices.edge) < degree) return false;
        const start = slices[2 * node]!;
        const subtracted = sumOf(background!.values, neighbors, start, start + degree) / backgroundSum;
        score = (share - lambda * subtracted) * discount;
        if (score > 0) score *= factor;
        if (!top.wouldKeep(node, score)) continue;
      }
      top.best = Math.max(top.best, score);
      if (isExcluded?.(node) !== true) top.offer(node, score);
    }
    return true;
  }
}
