import { type ParamSpecs, Work, prices, resolveParams } from '../base/index.ts';
import type { ExactScratch } from '../exact/index.ts';
import { type PinBoardGraph, nodeCount } from '../graph/index.ts';
import { type Query, normalizeQuery } from '../query.ts';
import { type IsExcluded, type TopPins, offerCandidates } from '../rank/index.ts';
import type { LinearWeights } from './linear-weights.ts';

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

/**
 * Scores by item weights computed at build time ({@link Regression}):
 *
 *     score(j) = Σ_q w_q · B[q → j] · d_j^-popularityDiscount     over the query pins q
 *
 * Offers every pin with a score above 0 to `top`, except excluded ones and, unless `includeQueryPins`, the query's own. A
 * query pin that came after the build has no weights and adds nothing. Deterministic. O(weights of the query pins): a row
 * is read from the source, so the pins that it does not predict cost nothing. Throws `invalid-parameter`.
 */
export function linear(
  graph: PinBoardGraph,
  { starts, pins, weights }: LinearWeights,
  queryGiven: Query,
  paramsGiven: Partial<LinearParams>,
  { pins: scores, arrived: met, pinPower }: ExactScratch,
  top: TopPins,
  isExcluded?: IsExcluded,
  work: Work = new Work(),
): LinearStats {
  const query = normalizeQuery(graph, queryGiven);
  const { popularityDiscount } = resolveParams(linearParams, paramsGiven);
  scores.begin(nodeCount(graph.pinToBoard));
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
  for (let i = 0; i < scores.size; i++) {
    const pin = scores.nodes[i]!;
    if (scores.values[pin]! < 0) scores.values[pin] = 0;
  }
  pinPower.begin(-popularityDiscount);
  const candidates = offerCandidates(
    graph,
    query,
    'pins',
    scores,
    { discounts: pinPower, work },
    top,
    isExcluded,
  );
  return { candidates, weightsRead, isTruncated: work.isExhausted };
}
