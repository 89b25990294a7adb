import { type PinBoardGraph, degreeOf, nodeCount } from '../graph/index.ts';
import { type ParamSpecs, Work, prices, resolveParams } from '../base/index.ts';
import { type Query, normalizeQuery } from '../query.ts';
import { type IsExcluded, TopPins, offerCandidates } from '../rank/index.ts';
import { keepHeaviest } from './keep-heaviest.ts';
import type { ExactStats } from './paths.ts';
import type { ExactScratch } from './scratch.ts';
import { spread } from './spread.ts';

export interface ItemKnnParams {
  readonly neighborsMax: number;
  readonly shrinkage: number;
  readonly boardsMax: number;
}

export const itemKnnParams: ParamSpecs<ItemKnnParams> = {
  neighborsMax: {
    kind: 'integer',
    min: 1,
    max: 1e6,
    default: 100,
    about: 'number of most similar pins that count for each query pin',
  },
  shrinkage: {
    kind: 'number',
    min: 0,
    max: 1e6,
    default: 10,
    about: 'added to the denominator of the cosine: reduces the influence of pins with few boards',
  },
  boardsMax: {
    kind: 'integer',
    min: 1,
    max: 1e9,
    default: 100_000,
    about: 'at most this many boards are expanded per query pin',
  },
};

/**
 * Item-based k-nearest neighbors, a baseline (Sarwar et al., WWW 2001, doi:10.1145/371920.372071; shrinkage as in Bell
 * and Koren, ICDM 2007, doi:10.1109/ICDM.2007.90):
 *
 *     score(j) = Σ_i w_i · c_ij / (√(d_i · d_j) + shrinkage)
 *
 * over the query pins i that have j among their `neighborsMax` most similar pins. c_ij is the number of boards that hold
 * both pins, d the degree, w_i the query weight divided by the largest.
 *
 * Offers every such pin to `top`, except excluded ones and, unless `includeQueryPins`, the query's own. Deterministic.
 * O(edges of the boards of each query pin). Throws `invalid-parameter`.
 */
export function itemKnn(
  graph: PinBoardGraph,
  queryGiven: Query,
  paramsGiven: Partial<ItemKnnParams>,
  scratch: ExactScratch,
  top: TopPins,
  isExcluded?: IsExcluded,
  work: Work = new Work(),
): ExactStats {
  const query = normalizeQuery(graph, queryGiven);
  const { neighborsMax, shrinkage, boardsMax } = resolveParams(itemKnnParams, paramsGiven);
  const { boards, pins: scores, steps: start, arrived: common, one } = scratch;
  const pinCount = nodeCount(graph.pinToBoard);
  scratch.last = undefined;
  scores.begin(pinCount);
  let boardsExpanded = 0;
  let isTruncated = false;
  for (const [i, queryPin] of query.pins.entries()) {
    if (work.isExhausted) break;
    start.begin(pinCount);
    start.add(queryPin, 1);
    boards.begin(nodeCount(graph.boardToPin));
    // Half of the work, so that the pins of these boards are reached too.
    spread({ forth: graph.pinToBoard, back: graph.boardToPin }, start, one, boards, work, 1 / 2);
    isTruncated = keepHeaviest(boards, boardsMax, work) || isTruncated;
    boardsExpanded += boards.size;
    common.begin(pinCount);
    spread({ forth: graph.boardToPin, back: graph.pinToBoard }, boards, one, common, work);

    const nearest = new TopPins(Math.max(1, Math.min(neighborsMax, common.size)));
    work.count(Math.min(neighborsMax, common.size), prices.candidate);
    const ownDegree = degreeOf(graph.pinToBoard, queryPin);
    for (let j = 0; j < common.size; j++) {
      const pin = common.nodes[j]!;
      if (pin === queryPin) continue;
      // At least 1, because a pin of a live graph may just have lost its last board.
      const product = Math.max(ownDegree * degreeOf(graph.pinToBoard, pin), 1);
      nearest.offer(pin, common.values[pin]! / (Math.sqrt(product) + shrinkage));
    }
    for (const { pin, score } of nearest.drain()) scores.add(pin, query.weights[i]! * score);
  }
  const candidates = offerCandidates(graph, query, 'pins', scores, { discounts: one, work }, top, isExcluded);
  return { candidates, boardsExpanded, isTruncated: isTruncated || work.isExhausted };
}
