import fc from 'fast-check';
import { expect } from 'vitest';
import { type PinBoardGraph, type Query, type Stats, TopPins } from '../engine/index.ts';
import { graphOf, someSaves } from './graphs.ts';

/** A graph and a query on it. */
export interface QueryCase {
  readonly graph: PinBoardGraph;
  readonly query: Query;
}

/** Uniform multiples of 1/1000. `fc.double` draws uniformly among representations, most of which are close to 0. */
export function numberIn(min: number, max: number): fc.Arbitrary<number> {
  return fc
    .integer({ min: Math.round(min * 1000), max: Math.round(max * 1000) })
    .map((thousandths) => thousandths / 1000);
}

/**
 * Odd values, for which no board of a small graph is clipped to exactly 0, where rounding would decide whether it counts.
 */
export const someBoardSharpening: fc.Arbitrary<number> = fc
  .integer({ min: 1, max: 190 })
  .map((hundredths) => hundredths / 100 + 0.004567);

/** Small graphs of 16 pins, some without boards, and queries of one to five of them. */
export const someQueries: fc.Arbitrary<QueryCase> = fc
  .tuple(
    someSaves,
    fc.uniqueArray(fc.nat(15), { minLength: 1, maxLength: 5 }),
    fc.array(numberIn(0.01, 100), { minLength: 5, maxLength: 5 }),
  )
  .map(([saves, pins, weights]) => ({
    graph: graphOf(saves, 16),
    query: { pins, weights: weights.slice(0, pins.length) },
  }));

/** A query of pins with weight 1. */
export function queryOf(...pins: number[]): Query {
  return { pins, weights: pins.map(() => 1) };
}

/** Runs an algorithm; returns its statistics and the scores of everything it offers. */
export function scoresOf<S = Stats>(
  recommend: (top: TopPins) => S,
): { readonly stats: S; readonly scores: Map<number, number> } {
  const top = new TopPins(1_000);
  const stats = recommend(top);
  return { stats, scores: new Map(top.drain().map(({ pin, score }) => [pin, score])) };
}

/** The keys of a map, ascending. */
export function keysOf(map: ReadonlyMap<number, unknown>): number[] {
  return [...map.keys()].toSorted((a, b) => a - b);
}

/** Expects the same pins, and scores equal up to 1e-12, relative to each score, or to the largest if terms may cancel. */
export function expectSameScores(
  actual: ReadonlyMap<number, number>,
  expected: ReadonlyMap<number, number>,
  relativeTo: 'each' | 'largest' = 'each',
): void {
  expect(keysOf(actual)).toEqual(keysOf(expected));
  const largest = Math.max(0, ...[...expected.values()].map(Math.abs));
  for (const [pin, score] of expected) {
    const scale = relativeTo === 'each' ? Math.abs(score) : Math.max(largest, 1);
    expect(Math.abs(actual.get(pin)! - score), `pin ${pin}`).toBeLessThanOrEqual(1e-12 * scale);
  }
}
