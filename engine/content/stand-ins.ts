import { type PinBoardGraph, type PinIndex, degreeOf } from '../graph/index.ts';
import type { Query } from '../query.ts';
import { nearOf } from './near-of.ts';
import type { PinContent } from './pin-content.ts';

/** Pins that stand in for a query pin, at most. */
const standInsMax = 10;

/**
 * A query in which each pin without saves is replaced by the saved pins that are most like it, its weight shared among them
 * by similarity: a walk can start there. The same query object if nothing is replaced. The stand-ins may be recommended; the
 * caller excludes the query's own pins. O(query pins).
 */
export function withStandIns(
  graph: PinBoardGraph,
  content: Pick<PinContent, 'near' | 'live'>,
  query: Query,
): Query {
  const { pins, weights } = query;
  const isUnsaved = (pin: PinIndex): boolean => degreeOf(graph.pinToBoard, pin) === 0;
  if (!pins.some((pin) => isUnsaved(pin) && nearOf(content, pin).pins.length > 0)) return query;
  const shares = new Map<PinIndex, number>();
  const add = (pin: PinIndex, weight: number): void => void shares.set(pin, (shares.get(pin) ?? 0) + weight);
  for (const [i, pin] of pins.entries()) {
    const near = nearOf(content, pin);
    const standIns = isUnsaved(pin) ? savedPlaces(graph, near.pins) : [];
    const total = standIns.reduce((sum, at) => sum + near.weights[at]!, 0);
    if (standIns.length === 0) add(pin, weights[i]!);
    else for (const at of standIns) add(near.pins[at]!, (weights[i]! * near.weights[at]!) / total);
  }
  return { pins: [...shares.keys()], weights: [...shares.values()], includeQueryPins: true };
}

/** Places of the first saved pins of a list. */
function savedPlaces({ pinToBoard }: PinBoardGraph, pins: Int32Array): number[] {
  const places: number[] = [];
  for (let at = 0; at < pins.length && places.length < standInsMax; at++) {
    if (degreeOf(pinToBoard, pins[at]!) > 0) places.push(at);
  }
  return places;
}
