import { type PinBoardGraph, type PinIndex, degreeOf } from '../graph/index.ts';
import type { Query } from '../query.ts';
import type { NearPins } from './content-links.ts';

/** Pins that stand in for a query pin, at most. */
const standInsMax = 10;

/**
 * A query in which each pin without saves is replaced by the saved pins that are most like it, its weight shared among them
 * by similarity: a walk can start there. The same query object if nothing is replaced. The stand-ins may be recommended; the
 * caller excludes the query's own pins. O(query pins).
 */
export function withStandIns(graph: PinBoardGraph, near: NearPins, query: Query): Query {
  const { pins, weights } = query;
  const isUnsaved = (pin: PinIndex): boolean => degreeOf(graph.pinToBoard, pin) === 0;
  if (!pins.some((pin) => isUnsaved(pin) && near.starts[pin + 1]! > near.starts[pin]!)) return query;
  const shares = new Map<PinIndex, number>();
  const add = (pin: PinIndex, weight: number): void => void shares.set(pin, (shares.get(pin) ?? 0) + weight);
  for (const [i, pin] of pins.entries()) {
    const standIns = isUnsaved(pin) ? savedNear(graph, near, pin) : [];
    const total = standIns.reduce((sum, at) => sum + near.weights[at]!, 0);
    if (standIns.length === 0) add(pin, weights[i]!);
    else for (const at of standIns) add(near.pins[at]!, (weights[i]! * near.weights[at]!) / total);
  }
  return { pins: [...shares.keys()], weights: [...shares.values()], includeQueryPins: true };
}

/** Places of the nearest saved pins. */
function savedNear(graph: PinBoardGraph, near: NearPins, pin: PinIndex): number[] {
  const places: number[] = [];
  const end = near.starts[pin + 1] ?? 0;
  for (let at = near.starts[pin] ?? 0; at < end && places.length < standInsMax; at++) {
    if (degreeOf(graph.pinToBoard, near.pins[at]!) > 0) places.push(at);
  }
  return places;
}
