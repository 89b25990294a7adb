import { check } from './base/index.ts';
import { type PinBoardGraph, type PinIndex, nodeCount } from './graph/index.ts';

/** What every algorithm is asked: pins to start from, each with a positive weight. No pin twice. */
export interface Query {
  readonly pins: readonly PinIndex[];
  readonly weights: readonly number[];
  /** Whether the query's own pins may be recommended too. Default: no. */
  readonly areOffered?: boolean | undefined;
}

/**
 * The query in the one form that algorithms work on: pins ascending, so that the order in which they were named
 * cannot change the last bit of a sum, and weights divided by the largest, so that no sum can overflow.
 * O(q log q). Throws `invalid-parameter` (field `query`) unless it can be asked of this graph.
 */
export function checkedQuery(graph: PinBoardGraph, query: Query): Query {
  assertQuery(graph, query);
  const { pins, weights, areOffered } = query;
  const largest = weights.reduce((max, weight) => Math.max(max, weight), 0);
  const byPin = [...pins.keys()].toSorted((i, j) => pins[i]! - pins[j]!);
  return {
    pins: byPin.map((i) => pins[i]!),
    // A weight that is nothing beside the largest must not become 0, which would be a pin without a start.
    weights: byPin.map((i) => Math.max(weights[i]! / largest, 1e-100)),
    areOffered,
  };
}

function assertQuery(graph: PinBoardGraph, query: Query): void {
  const pinCount = nodeCount(graph.pinToBoard);
  check(query.pins.length > 0, 'query', 'has no pin');
  check(query.pins.length === query.weights.length, 'query', 'needs one weight a pin');
  check(new Set(query.pins).size === query.pins.length, 'query', 'names a pin twice');
  for (const pin of query.pins) {
    const isThere = Number.isInteger(pin) && pin >= 0 && pin < pinCount;
    check(isThere, 'query', `pin ${pin} is not in [0, ${pinCount})`);
  }
  for (const weight of query.weights) {
    check(weight > 0 && weight < Infinity, 'query', `weight ${weight} is not positive and finite`);
  }
}
