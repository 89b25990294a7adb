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

/** What kind of pins was recommended. Pins and boards are those with a save in the train part. */
export interface RecommendedPins {
  /** Share of the pins that were recommended to anybody, 0 to 1. */
  readonly coverage: number;
  /** {@link gini} of how often each pin was recommended, never counted as 0: 0 all alike, 1 one pin for everybody. */
  readonly gini: number;
  /**
   * Mean self-information of a recommended pin in bits, -log2(share of the boards that have it): 10 bits is a pin that
   * one board of 1,024 has (Zhou et al., PNAS 2010, doi:10.1073/pnas.1000488107).
   */
  readonly novelty: number;
  /** Mean number of boards that have a recommended pin. */
  readonly popularity: number;
  /**
   * Share of recommendations from the long tail: all pins but the fewest, most saved ones that have a third of the
   * saves (Cremonesi, Koren and Turrin, RecSys 2010, doi:10.1145/1864708.1864721).
   */
  readonly longTail: number;
}

/**
 * Describes the pins of all lists, `train` being what the algorithm knew. Means are over lists, of the mean in the list;
 * empty lists are left out. O(boards · k + pins · log pins).
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
 * Gini coefficient of some counts: Σ (2 i − n − 1) x_i / ((n − 1) Σ x) over the counts in ascending order, i from 1, as
 * Shani and Gunawardana have it (Recommender Systems Handbook 2011, doi:10.1007/978-0-387-85820-3_8). 0 when all are
 * alike, 1 when one has everything; 0 for fewer than two counts and where all are 0. O(n · log n). Throws
 * `invalid-parameter` for a negative count.
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
 * Intra-list diversity: 1 − the mean over pairs of a list of the cosine of the boards that the two have,
 * |A ∩ B| / √(|A| · |B|) (intra-list similarity: Ziegler et al., WWW 2005, doi:10.1145/1060745.1060754). 0 when all
 * pins are on the same boards, 1 when no board has two of them, NaN for fewer than two pins. `weights` is a scratch of
 * zeros, one a board, left as it was. O(Σ degrees of the pins): a board adds the products of its pins' weights.
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

/** How many nodes have a neighbor. O(nodes). */
export function savedCount(adjacency: Adjacency): number {
  let count = 0;
  for (let node = 0; node < nodeCount(adjacency); node++) count += Number(degreeOf(adjacency, node) > 0);
  return count;
}
