import fc from 'fast-check';
import { expect } from 'vitest';
import { type PinBoardGraph, type Query, type Stats, TopPins } from '../engine/index.ts';
import { graphOf, someSaves } from './graphs.ts';

/** A graph and a query to ask of it. */
export interface Asked {
  readonly graph: PinBoardGraph;
  readonly query: Query;
}

/** Thousandths, all alike. `fc.double` draws among representations, most of which are next to 0. */
export function numberIn(min: number, max: number): fc.Arbitrary<number> {
  return fc
    .integer({ min: Math.round(min * 1000), max: Math.round(max * 1000) })
    .map((thousandths) => thousandths / 1000);
}

/**
 * Hundredths and a bit: boards of small graphs cannot be clipped to just nothing, where rounding would tell whether
 * they count.
 */
export const someBoardSharpening: fc.Arbitrary<number> = fc
  .integer({ min: 1, max: 190 })
  .map((hundredths) => hundredths / 100 + 0.004567);

/** Small graphs of 16 pins, some without boards, and queries of one to five of them. */
export const someQueries: fc.Arbitrary<Asked> = fc
  .tuple(
    someSaves,
    fc.uniqueArray(fc.nat(15), { minLength: 1, maxLength: 5 }),
    fc.array(numberIn(0.01, 100), { minLength: 5, maxLength: 5 }),
  )
  .map(([saves, pins, weights]) => ({
    graph: graphOf(saves, 16),
    query: { pins, weights: weights.slice(0, pins.length) },
  }));

/** Pins of weight 1 each. */
export function queryOf(...pins: number[]): Query {
  return { pins, weights: pins.map(() => 1) };
}

/** Everything that an algorithm offers, by pin. */
export function answerOf<S = Stats>(
  recommend: (top: TopPins) => S,
): { readonly stats: S; readonly scores: Map<number, number> } {
  const top = new TopPins(1_000);
  const stats = recommend(top);
  return { stats, scores: new Map(top.drain().map(({ pin, score }) => [pin, score])) };
}

/** The pins or boards of an answer, ascending. */
export function keysOf(answer: ReadonlyMap<number, unknown>): number[] {
  return [...answer.keys()].toSorted((a, b) => a - b);
}

/** Same pins, and scores that differ by at most 1e-12: of each score, or of the largest where terms cancel. */
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
