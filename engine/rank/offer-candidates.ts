import { Work, prices } from '../base/index.ts';
import { type PinBoardGraph, degreeOf } from '../graph/index.ts';
import type { Query } from '../query.ts';
import { type PowerTable, SparseSums, type SparseVector } from '../sparse/index.ts';
import { type Specificity, specificityBound, specificityFactor } from './specificity.ts';
import { type IsExcluded, TopPins } from './top-pins.ts';

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
  readonly values: Float64Array;
  /** What all values are to be divided by. */
  readonly divisor: number;
  /** Those handed out last, at the start. */
  readonly nodes: Int32Array;
  /** Where their values are among all. */
  readonly positions: Int32Array;
  /** How many of those passed so far have a value other than 0. */
  readonly nonzero: number;
  /** Lists all with a value other than 0, and perhaps others. Returns their number. */
  list(): number;
  /** The value of one of those listed, from 0 on. */
  listed(index: number): number;
  /** Makes the values of nodes 0. */
  drop(nodes: readonly number[]): void;
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
    positions: nodes,
    drop: (dropped) => {
      for (const node of dropped) values[node] = 0;
    },
    get nonzero() {
      return nonzero;
    },
    list: () => size,
    listed: (index) => values[nodes[index]!]!,
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

/** Without a background, the strongest candidates are offered first only if at least so many are kept. */
const strongFirstMin = 64;
const sampleSize = 1024;
/** Values of the sample that are strong: fewer would be a matter of chance. */
const strongMin = 4;

/**
 * A value that some of the candidates exceed, by a sample: about 1.5 times as many as are kept, and at least 4 in 1024. Infinity if most
 * are kept. Those above it are offered first, so that few others enter the top only to leave it again, each after its background is
 * summed (docs/perf-notes.md).
 */
function strongFrom(candidates: Candidates, kept: number): number {
  const count = candidates.list();
  if (count < 4 * kept) return Infinity;
  const strongest = new TopPins(Math.max(strongMin, Math.ceil((1.5 * sampleSize * kept) / count)));
  for (let i = 0; i < sampleSize; i++) {
    strongest.offer(i, candidates.listed(Math.floor((i * count) / sampleSize)));
  }
  return strongest.least;
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
  const { values, nodes, positions, divisor } = candidates;
  if (target === 'pins' && query.includeQueryPins !== true) candidates.drop(query.pins);
  const { slices, neighbors } = target === 'pins' ? graph.pinToBoard : graph.boardToPin;
  let backgroundSum = 0;
  if (lambda > 0) {
    for (let i = 0; i < background!.size; i++) {
      const board = background!.nodes[i]!;
      backgroundSum += background!.values[board]! * degreeOf(graph.boardToPin, board);
    }
  }
  const backgroundOf = backgroundSum > 0 ? new SparseSums(background!, neighbors.length) : undefined;
  // Below this value no score reaches the top, as discount, specificity and background can only lower it.
  const leastValue = (): number => (discounts.atMostOne ? (caution * top.least * divisor) / scale : 0);
  const isStrongFirst = backgroundOf !== undefined || top.capacity >= strongFirstMin;
  const strong = isStrongFirst ? strongFrom(candidates, top.capacity) : Infinity;
  if (strong < Infinity) offerAll(strong, Infinity);
  // Not if the top is full of stronger ones.
  if (!(leastValue() >= strong)) offerAll(0, strong);
  // Done in full: every candidate found is offered.
  work.count(candidates.nonzero, prices.node);
  return candidates.nonzero;

  /** Those with values above `from`, at most `to`. */
  function offerAll(from: number, to: number): void {
    const least = (): number => Math.max(from, leastValue());
    candidates.restart();
    for (let size = candidates.next(from); size > 0; size = candidates.next(least())) {
      if (!offer(size, from, to)) break;
    }
  }

  /** Whether there was enough work for these candidates. */
  function offer(size: number, from: number, to: number): boolean {
    for (let i = 0; i < size; i++) {
      const node = nodes[i]!;
      const value = values[positions[i]!]!;
      if (!(value > from && value <= to)) continue;
      const share = (value * scale) / divisor;
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
        // With a larger sum, the score is below the top.
        const sumMax = ((share - (caution * top.least) / discount) / lambda) * backgroundSum;
        const sum = backgroundOf!.upTo(
          top.least > 0 ? sumMax / caution : Infinity,
          neighbors,
          start,
          start + degree,
        );
        if (sum === undefined) continue;
        score = (share - lambda * (sum / backgroundSum)) * discount;
        if (score > 0) score *= factor;
        if (!top.wouldKeep(node, score)) continue;
      }
      top.best = Math.max(top.best, score);
      if (isExcluded?.(node) !== true) top.offer(node, score);
    }
    return true;
  }
}
