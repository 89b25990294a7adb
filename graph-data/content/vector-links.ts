import { linkWeights } from '../../engine/content/index.ts';
import { type PinBoardGraph, degreeOf } from '../../engine/graph/index.ts';
import type { ScoredPin } from '../../engine/rank/index.ts';
import { Dots, nearest } from '../../engine/vectors/index.ts';
import type { PinVectors } from './pin-vectors.ts';

/** Products of coordinates that a build computes for one name, at most: some minutes. */
const productsMax = 2 ** 38;
/** Pins that are compared with all others before the signal is looked at. */
const pinsPerLook = 64;

/**
 * Calls `onLinks` with the weights of the pins near each of some pins (ascending) by their vectors, and yields after each step. Exact, except
 * that beyond some 40,000 pins of 128 dimensions only the most saved pins are near any: as many as can be compared within minutes.
 */
export function* vectorLinks(
  { pinToBoard }: PinBoardGraph,
  { pins, vectors }: PinVectors,
  isTarget: (pin: number) => boolean,
  { neighborsMax, prior, unsavedMax }: { neighborsMax: number; prior: number; unsavedMax: number },
  onLinks: (pin: number, near: readonly ScoredPin[]) => void,
): Generator<number> {
  const queries = [...pins.keys()].filter((vector) => isTarget(pins[vector]!));
  const saves = (vector: number): number => degreeOf(pinToBoard, pins[vector]!);
  const candidatesMax = Math.floor(productsMax / Math.max(1, queries.length * vectors.dims));
  const mostSaved =
    pins.length <= candidatesMax
      ? undefined
      : new Set([...pins.keys()].toSorted((a, b) => saves(b) - saves(a) || a - b).slice(0, candidatesMax));
  const isCandidate = (vector: number): boolean => mostSaved === undefined || mostSaved.has(vector);
  const toPins = (list: readonly ScoredPin[]): ScoredPin[] =>
    list.map(({ pin: vector, score }) => ({ pin: pins[vector]!, score: Math.max(0, score) }));
  const dots = new Dots();
  for (let from = 0; from < queries.length; from += pinsPerLook) {
    const some = Int32Array.from(queries.slice(from, from + pinsPerLook));
    const isSaved = (each: number): boolean => isCandidate(each) && saves(each) > 0;
    const isUnsaved = (each: number): boolean => isCandidate(each) && saves(each) === 0;
    const saved = nearest(vectors, some, neighborsMax, isSaved, dots);
    const unsaved = nearest(vectors, some, unsavedMax, isUnsaved, dots);
    for (const [i, query] of some.entries()) {
      onLinks(pins[query]!, linkWeights(toPins(saved[i]!), prior, toPins(unsaved[i]!)));
    }
    yield Math.min(from + pinsPerLook, queries.length);
  }
}

/** Lists of near pins of several kinds as one: the mean of the weights, best first, the `k` best. */
export function mergedLinks(lists: readonly (readonly ScoredPin[])[], k: number): readonly ScoredPin[] {
  if (lists.length === 1) return lists[0]!;
  const weights = new Map<number, number>();
  for (const list of lists) {
    for (const { pin, score } of list) weights.set(pin, (weights.get(pin) ?? 0) + score / lists.length);
  }
  return Array.from(weights, ([pin, score]) => ({ pin, score }))
    .toSorted((a, b) => b.score - a.score || a.pin - b.pin)
    .slice(0, k);
}
