import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type WalkScratch, createWalkScratch, neighborsOf, nodeCount } from '../../engine/index.ts';
import { laneCount } from '../../engine/walk/lane-layout.ts';
import { startLane } from '../../engine/walk/lanes.ts';
import type { Walk } from '../../engine/walk/walk.ts';
import { advance } from '../../engine/walk/walk-kernel.ts';
import { graphOf, someSaves } from '../graphs.ts';
import { advance as twin } from '../reference/typescript-kernel.ts';
import { numberIn } from '../scores.ts';

/** Everything that the kernel leaves in the first lanes and in the table. */
function stateOf({ lanes, visits }: WalkScratch, busy: number): unknown {
  const { pins, low, high, boards, cursors, restartMasks } = lanes;
  return {
    lanes: [pins, low, high, boards, cursors, restartMasks].map((each) => each.slice(0, busy)),
    table: [visits.size, visits.reached],
    visits: [...visits.touched.subarray(0, visits.size)].map((slot) => [
      slot,
      visits.entries[2 * slot],
      visits.entries[2 * slot + 1],
    ]),
  };
}

const walks: fc.Arbitrary<Walk> = fc.record({
  restartProbability: fc.oneof(fc.constantFrom(0, 1, 0.5), numberIn(0, 1)),
  boardShrinkage: fc.oneof(fc.constant(0), numberIn(0.1, 9)),
  randomSeed: fc.nat(2 ** 32 - 1),
  counts: fc.constantFrom('pins' as const, 'boards' as const),
  reachedMax: fc.constant(Infinity),
});

// The same scratch for all graphs, so that the kernel is bound to one after another.
const [used, twins] = [createWalkScratch(), createWalkScratch()];

test('the kernel leaves the lanes and the visit table as its readable twin does', () => {
  const calls = fc.tuple(
    someSaves,
    walks,
    fc.integer({ min: 1, max: laneCount }),
    fc.integer({ min: 1, max: 9 }),
    fc.nat(3),
  );
  let lost = 0;
  fc.assert(
    fc.property(calls, ([saves, walk, busy, rounds, reachCount]) => {
      const graph = graphOf(saves);
      const homes = [...Array(nodeCount(graph.pinToBoard)).keys()].filter(
        (pin) => neighborsOf(graph.pinToBoard, pin).length > 0,
      );
      for (const { walkers, lanes, visits } of [used, twins]) {
        visits.begin(1, 100);
        visits.reachCount = reachCount;
        walkers.clear();
        for (let lane = 0; lane < busy; lane++) {
          walkers.add(homes[lane % homes.length]!, rounds, lane);
          startLane(lanes, lane, walkers, lane, walk.randomSeed);
        }
      }
      advance(graph, busy, rounds, walk, used.visits, used.lanes);
      twin(graph, busy, rounds, walk, twins.visits, twins.lanes);
      const state = stateOf(twins, busy);
      expect(stateOf(used, busy)).toEqual(state);
      lost += Number(JSON.stringify(state).includes('2147483647'));
    }),
    { numRuns: 500 },
  );
  expect(lost).toBeGreaterThan(50);
});
