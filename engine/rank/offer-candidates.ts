import { Work, prices } from '../base/index.ts';
import { type PinBoardGraph, degreeOf } from '../graph/index.ts';
import type { Query } from '../query.ts';
import { type PowerTable, type SparseVector, sumOf } from '../sparse/index.ts';
import { type Specificity, specificityFactor } from './specificity.ts';
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
  { values, nodes, size }: SparseVector,
  { discounts, scale = 1, lambda = 0, background, specificity, work = new Work() }: Scoring,
  top: TopPins,
  isExcluded: IsExcluded | undefined,
): number {
  if (target === 'pins' && query.includeQueryPins !== true) for (const pin of query.pins) values[pin] = 0;
  const { slices, neighbors } = target === 'pins' ? graph.pinToBoard : graph.boardToPin;
  let backgroundSum = 0;
  if (lambda > 0) {
    for (let i = 0; i < background!.size; i++) {
      const board = background!.nodes[i]!;
      backgroundSum += background!.values[board]! * degreeOf(graph.boardToPin, board);
    }
  }
  let candidates = 0;
  // Done in full: what was found is offered.
  work.count(size, prices.node);
  for (let i = 0; i < size; i++) {
    const node = nodes[i]!;
    const share = values[node]! * scale;
    if (share === 0) continue;
    candidates++;
    const degree = target === 'users' ? 1 : slices[2 * node + 1]!;
    const discount = discounts.of(degree);
    // Specificity and background can only lower the score, so most candidates are rejected here.
    let score = share * discount;
    if (!top.wouldKeep(node, score)) continue;
    const factor = specificity === undefined ? 1 : specificityFactor(specificity, share, degree);
    score *= factor;
    if (!top.wouldKeep(node, score)) continue;
    if (backgroundSum > 0) {
      if (work.take(degree, prices.edge) < degree) break;
      const start = slices[2 * node]!;
      const subtracted = sumOf(background!.values, neighbors, start, start + degree) / backgroundSum;
      score = (share - lambda * subtracted) * discount;
      if (score > 0) score *= factor;
      if (!top.wouldKeep(node, score)) continue;
    }
    top.best = Math.max(top.best, score);
    if (isExcluded?.(node) !== true) top.offer(node, score);
  }
  return candidates;
}
