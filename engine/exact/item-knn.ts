import { type PinBoardGraph, degreeOf, nodeCount } from '../graph/index.ts';
import { type ParamSpecs, resolveParams } from '../base/index.ts';
import { type Query, checkedQuery } from '../query.ts';
import { type IsExcluded, TopPins } from '../rank/index.ts';
import { keepHeaviest } from './keep-heaviest.ts';
import { offerScored } from './offer-scored.ts';
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
    about: 'most similar pins of each query pin that count',
  },
  shrinkage: {
    kind: 'number',
    min: 0,
    max: 1e6,
    default: 10,
    about: 'added to the divisor of the cosine: makes little of pins with few boards',
  },
  boardsMax: {
    kind: 'integer',
    min: 1,
    max: 1e9,
    default: 100_000,
    about: 'boards expanded for a query pin',
  },
};

/**
 * Item-based nearest neighbors, a baseline: `score(j) = Σ_i w_i · c_ij / (√(d_i · d_j) + shrinkage)`, c_ij being
 * the boards that hold both, w being the query's
 * weights divided by the largest, over the `neighborsMax` pins most similar to each query pin i (Sarwar et al., WWW
 * 2001, doi:10.1145/371920.372071; shrinkage as in Bell and Koren, ICDM 2007, doi:10.1109/ICDM.2007.90).
 *
 * Offers every such pin to `top` that is not the query's own and not excluded. Deterministic. O(edges of the
 * boards of each query pin). Throws `invalid-parameter`.
 */
export function itemKnn(
  graph: PinBoardGraph,
  asked: Query,
  given: Partial<ItemKnnParams>,
  scratch: ExactScratch,
  top: TopPins,
  isExcluded?: IsExcluded,
): ExactStats {
  const query = checkedQuery(graph, asked);
  const { neighborsMax, shrinkage, boardsMax } = resolveParams(itemKnnParams, given);
  const { boards, pins: scores, steps: start, arrived: together, one } = scratch;
  const pinCount = nodeCount(graph.pinToBoard);
  scores.begin(pinCount);
  let boardsExpanded = 0;
  let isTruncated = false;
  for (const [i, queryPin] of query.pins.entries()) {
    start.begin(pinCount);
    start.add(queryPin, 1);
    boards.begin(nodeCount(graph.boardToPin));
    spread({ forth: graph.pinToBoard, back: graph.boardToPin }, start, one, boards);
    isTruncated = keepHeaviest(boards, boardsMax) || isTruncated;
    boardsExpanded += boards.size;
    together.begin(pinCount);
    spread({ forth: graph.boardToPin, back: graph.pinToBoard }, boards, one, together);

    const nearest = new TopPins(neighborsMax);
    const ownDegree = degreeOf(graph.pinToBoard, queryPin);
    for (let place = 0; place < together.size; place++) {
      const pin = together.nodes[place]!;
      if (pin === queryPin) continue;
      // Not 0, also when a live pin has just lost its last board.
      const product = Math.max(ownDegree * degreeOf(graph.pinToBoard, pin), 1);
      const norm = Math.sqrt(product) + shrinkage;
      nearest.offer(pin, together.values[pin]! / norm);
    }
    for (const { pin, score } of nearest.drain()) scores.add(pin, query.weights[i]! * score);
  }
  const candidates = offerScored(graph, query, 0, scratch, top, isExcluded);
  return { candidates, boardsExpanded, isTruncated };
}
