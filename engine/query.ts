import { check } from './base/index.ts';
import { type PinBoardGraph, type PinIndex, nodeCount } from './graph/index.ts';

/** A query of any algorithm: distinct query pins, each with a positive weight. */
export interface Query {
  readonly pins: readonly PinIndex[];
  readonly weights: readonly number[];
  /** Whether query pins may be recommended. Default: false. */
  readonly includeQueryPins?: boolean | undefined;
}

/**
 * Validates a query and brings it into the form that all algorithms work on: pins ascending, so that their order cannot
 * change the last bit of a sum, and weights divided by the largest, so that no sum overflows. O(q log q) for q pins.
 * Throws `invalid-parameter` (`query`) if there is no pin, a pin repeats or is not in the graph, there is not one weight
 * per pin, or a weight is not positive and finite.
 */
export function normalizeQuery(graph: PinBoardGraph, query: Query): Query {
  assertQuery(graph, query);
  const { pins, weights, includeQueryPins } = query;
  const largest = weights.reduce((max, weight) => Math.max(max, weight), 0);
  const byPin = [...pins.keys()].toSorted((i, j) => pins[i]! - pins[j]!);
  return {
    pins: byPin.map((i) => pins[i]!),
    // The floor keeps a tiny weight from underflowing to 0.
    weights: byPin.map((i) => Math.max(weights[i]! / largest, 1e-100)),
    includeQueryPins,
  };
}

function assertQuery(graph: PinBoardGraph, query: Query): void {
  const pinCount = nodeCount(graph.pinToBoard);
  check(query.pins.length > 0, 'query', 'has no pin');
  check(query.pins.length === query.weights.length, 'query', 'needs one weight per pin');
  check(new Set(query.pins).size === query.pins.length, 'query', 'has a repeated pin');
  for (const pin of query.pins) {
    const isPin = Number.isInteger(pin) && pin >= 0 && pin < pinCount;
    check(isPin, 'query', `pin ${pin} is not an integer in [0, ${pinCount})`);
  }
  for (const weight of query.weights) {
    check(weight > 0 && weight < Infinity, 'query', `weight ${weight} is not positive and finite`);
  }
}
