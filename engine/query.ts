import { check } from './check.ts';
import { type PinBoardGraph, type PinIndex, nodeCount } from './graph/index.ts';

/** What every algorithm is asked: pins to start from, each with a positive weight. No pin twice. */
export interface Query {
  readonly pins: readonly PinIndex[];
  readonly weights: readonly number[];
}

/** Throws `invalid-parameter` (field `query`) unless the query can be asked of this graph. O(query pins). */
export function assertQuery(graph: PinBoardGraph, query: Query): void {
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
