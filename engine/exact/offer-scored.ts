import { type PinBoardGraph, degreeOf } from '../graph/index.ts';
import type { Query } from '../query.ts';
import type { IsExcluded, TopPins } from '../rank/index.ts';
import type { ExactScratch } from './scratch.ts';

/**
 * Offers every pin with a score in `scratch.pins`, times its popularity discount, except excluded pins and, unless
 * `includeQueryPins`, the query's own. Returns the number of candidates, excluded ones included.
 */
export function offerScored(
  graph: PinBoardGraph,
  query: Query,
  popularityDiscount: number,
  { pins, pinPower }: ExactScratch,
  top: TopPins,
  isExcluded: IsExcluded | undefined,
): number {
  pinPower.begin(-popularityDiscount);
  if (query.includeQueryPins !== true) for (const pin of query.pins) pins.values[pin] = 0;
  let candidates = 0;
  for (let i = 0; i < pins.size; i++) {
    const pin = pins.nodes[i]!;
    if (pins.values[pin] === 0) continue;
    candidates++;
    const score = pins.values[pin]! * pinPower.of(degreeOf(graph.pinToBoard, pin));
    if (top.wouldKeep(pin, score) && isExcluded?.(pin) !== true) top.offer(pin, score);
  }
  return candidates;
}
