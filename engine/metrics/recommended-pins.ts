import { check } from '../base/index.ts';
import {
  type Adjacency,
  type PinBoardGraph,
  type PinIndex,
  degreeOf,
  neighborsOf,
  nodeCount,
} from '../graph/index.ts';
import { type RecommendedLists, listAt } from './lists.ts';
import { popularityThirds } from './groups.ts';

/** Beyond-accuracy metrics of recommendations, over the pins and boards with a save in the training graph. */
export interface RecommendedPins {
  /** Catalogue coverage: share of the pins that are in at least one list, in [0, 1]. */
  readonly coverage: number;
  /** {@link gini} of how often each pin is recommended, zeros included: 0 is even, 1 is one pin for everybody. */
  readonly gini: number;
  /**
   * Mean self-information of a recommended pin in bits, −log2(share of the boards that hold it): a pin on one of 1,024
   * boards has 10 bits (Zhou et al., PNAS 2010, doi:10.1073/pnas.1000488107).
   */
  readonly novelty: number;
  /** Mean number of boards that hold a recommended pin. */
  readonly popularity: number;
  /**
   * Share of recommendations from the long tail: all pins except the most saved ones that together receive a third of
   * the saves (Cremonesi, Koren and Turrin, RecSys 2010, doi:10.1145/1864708.1864721).
   */
  readonly longTail: number;
}

/**
 * Computes {@link RecommendedPins} of all lists, given the training graph. Novelty, popularity and long tail are means
 * over lists of the mean in each list; empty lists are left out. O(boards · k + pins · log pins).
 */
export function recommendedPins(
  lists: RecommendedLists,
  { pinToBoard, boardToPin }: PinBoardGraph,
): RecommendedPins {
  const boardCount = savedCount(boardToPin);
  const { groupOf } = popularityThirds(pinToBoard);
  const counts = new Float64Array(nodeCount(pinToBoard));
  const sums = { novelty: 0, popularity: 0, longTail: 0 };
  let listCount = 0;
  for (let place = 0; place < lists.boards.length; place++) {
    const list = listAt(lists, place);
    if (list.length === 0) continue;
    listCount++;
    for (const pin of list) {
      const degree = degreeOf(pinToBoard, pin);
      counts[pin]!++;
      sums.novelty -= Math.log2(degree / boardCount) / list.length;
      sums.popularity += degree / list.length;
      sums.longTail += Number(groupOf[pin] !== 0) / list.length;
    }
  }
  const ofSavedPins = counts.filter((_, pin) => degreeOf(pinToBoard, pin) > 0);
  const mean = (sum: number): number => (listCount === 0 ? 0 : sum / listCount);
  return {
    coverage: ofSavedPins.filter((count) => count > 0).length / ofSavedPins.length,
    gini: gini(ofSavedPins),
    novelty: mean(sums.novelty),
    popularity: mean(sums.popularity),
    longTail: mean(sums.longTail),
  };
}

/**
 * Gini coefficient of n counts: Σ (2 i − n − 1) x_i / ((n − 1) Σ x), the counts x_i ascending and i from 1 (Shani and
 * Gunawardana, Recommender Systems Handbook 2011, doi:10.1007/978-0-387-85820-3_8). 0 if all counts are equal, 1 if all
 * but one are 0; 0 for fewer than two counts and if all are 0. O(n log n). Throws `invalid-parameter` for a negative
 * count.
 */
export function gini(counts: Float64Array): number {
  const sorted = counts.toSorted();
  const n = sorted.length;
  check(n === 0 || sorted[0]! >= 0, 'counts', 'has a negative count');
  let [weighted, sum] = [0, 0];
  for (const [i, count] of sorted.entries()) {
    weighted += (2 * (i + 1) - n - 1) * count;
    sum += count;
  }
  return n < 2 || sum === 0 ? 0 : weighted / ((n - 1) * sum);
}

/**
 * Intra-list diversity: 1 − the mean, over pairs of pins, of the cosine similarity of their sets of boards,
 * |A ∩ B| / √(|A| · |B|) (Ziegler et al., WWW 2005, doi:10.1145/1060745.1060754). 0 if all pins are on the same boards,
 * 1 if no board holds two of them, NaN for fewer than two pins. `weights` is scratch: one zero per board, restored
 * before returning. O(Σ degrees of the pins), by summing the products of weights board by board.
 */
export function diversityByBoards(
  pins: ArrayLike<PinIndex>,
  pinToBoard: Adjacency,
  weights: Float64Array,
): number {
  const n = pins.length;
  if (n < 2) return NaN;
  let similarity = 0;
  for (let i = 0; i < n; i++) {
    const boards = neighborsOf(pinToBoard, pins[i]!);
    const weight = 1 / Math.sqrt(boards.length);
    for (let j = 0; j < boards.length; j++) {
      similarity += weight * weights[boards[j]!]!;
      weights[boards[j]!]! += weight;
    }
  }
  for (let i = 0; i < n; i++) {
    const boards = neighborsOf(pinToBoard, pins[i]!);
    for (let j = 0; j < boards.length; j++) weights[boards[j]!] = 0;
  }
  return 1 - similarity / ((n * (n - 1)) / 2);
}

/** Number of nodes with at least one neighbor. O(nodes). */
export function savedCount(adjacency: Adjacency): number {
  let count = 0;
  for (let node = 0; node < nodeCount(adjacency); node++) count += Number(degreeOf(adjacency, node) > 0);
  return count;
}
