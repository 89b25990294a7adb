import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PinBoardGraph, type PinIndex, degreeOf, neighborsOf } from '../../engine/index.ts';
import { numberIn } from '../scores.ts';
import { graphOf, smallGraph, someSaves } from '../graphs.ts';

/** Visits by pin of a walk from one query pin. */
export type Walker = (
  graph: PinBoardGraph,
  queryPin: PinIndex,
  steps: number,
  restartProbability: number,
  randomSeed: number,
) => Map<PinIndex, number>;

/** The behaviour of every walker, readable or fast. */
export function describeWalker(name: string, walk: Walker): void {
  describe(name, () => {
    const query = fc.record({
      saves: someSaves,
      pick: fc.nat(),
      steps: fc.integer({ min: 1, max: 3_000 }),
      restartProbability: fc.oneof(fc.constantFrom(0, 0.5, 1), numberIn(0, 1)),
      randomSeed: fc.nat(2 ** 32 - 1),
    });

    test(`${name} counts one visit per step`, () => {
      fc.assert(
        fc.property(query, ({ saves, pick, steps, restartProbability, randomSeed }) => {
          const queryPin = saves[pick % saves.length]![1];
          const visits = walk(graphOf(saves), queryPin, steps, restartProbability, randomSeed);
          expect([...visits.values()].reduce((sum, count) => sum + count, 0)).toBe(steps);
        }),
      );
    });

    test(`${name} stays in the component of its query pin`, () => {
      fc.assert(
        fc.property(query, ({ saves, pick, steps, restartProbability, randomSeed }) => {
          const graph = graphOf(saves);
          const queryPin = saves[pick % saves.length]![1];
          const reachable = componentOf(graph, queryPin);
          for (const pin of walk(graph, queryPin, steps, restartProbability, randomSeed).keys()) {
            expect(reachable).toContain(pin);
          }
        }),
      );
    });

    test(`${name} with restart 1 visits only pins that share a board with the query pin`, () => {
      const visits = walk(smallGraph, 5, 10_000, 1, 3);
      expect([...visits.keys()].toSorted((a, b) => a - b)).toEqual([4, 5, 6, 7]);
    });

    test(`${name} has the same visits for the same seed, and others for another`, () => {
      expect(walk(smallGraph, 0, 1_000, 0.5, 7)).toEqual(walk(smallGraph, 0, 1_000, 0.5, 7));
      expect(walk(smallGraph, 0, 1_000, 0.5, 7)).not.toEqual(walk(smallGraph, 0, 1_000, 0.5, 8));
    });

    test(`${name} visits nothing from a pin without boards`, () => {
      expect(degreeOf(smallGraph.pinToBoard, 8)).toBe(0);
      expect(walk(smallGraph, 8, 1_000, 0.5, 1).size).toBe(0);
    });

    test(`${name} has visit shares close to the exact distribution`, () => {
      const steps = 400_000;
      for (const restartProbability of [0.2, 0.5, 1]) {
        const visits = walk(smallGraph, 4, steps, restartProbability, 11);
        const exact = exactVisitShares(smallGraph, 4, restartProbability);
        for (const [pin, share] of exact.entries()) {
          // Visits of one walk are correlated: three times five standard deviations of independent ones.
          const margin = 15 * Math.sqrt(Math.max(share, 1e-4) / steps);
          expect(Math.abs((visits.get(pin) ?? 0) / steps - share)).toBeLessThan(margin);
        }
      }
    });
  });
}

function componentOf(graph: PinBoardGraph, start: PinIndex): Set<PinIndex> {
  const seen = new Set([start]);
  for (const pin of seen) {
    for (const board of neighborsOf(graph.pinToBoard, pin)) {
      for (const next of neighborsOf(graph.boardToPin, board)) seen.add(next);
    }
  }
  return seen;
}

/** Distribution of a restarting walker after a step, in the long run: the step matrix iterated to its fixed point. */
function exactVisitShares(graph: PinBoardGraph, queryPin: PinIndex, restartProbability: number): number[] {
  const pinCount = graph.pinToBoard.slices.length / 2;
  let visited: number[] = Array<number>(pinCount).fill(0);
  for (let round = 0; round < 2_000; round++) {
    const at = visited.map((share) => share * (1 - restartProbability));
    at[queryPin]! += round === 0 ? 1 : restartProbability;
    visited = Array<number>(pinCount).fill(0);
    for (const [pin, share] of at.entries()) {
      const boards = neighborsOf(graph.pinToBoard, pin);
      for (const board of boards) {
        const pins = neighborsOf(graph.boardToPin, board);
        for (const next of pins) visited[next]! += share / boards.length / pins.length;
      }
    }
  }
  return visited;
}
