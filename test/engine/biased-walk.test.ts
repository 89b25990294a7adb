import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type FeatureBias,
  type PinBoardGraph,
  TopPins,
  boardFeaturesOf,
  createWalkScratch,
  neighborsOf,
  nodeCount,
  pixie,
  sortByFeature,
} from '../../engine/index.ts';
import { graphOf, someSaves } from '../graphs.ts';

const scratch = createWalkScratch();

/** Pins of odd index have feature 1, of even index 0, every fifth none. */
function featuresOf(graph: PinBoardGraph) {
  const pins = Int32Array.from({ length: nodeCount(graph.pinToBoard) }, (_, pin) =>
    pin % 5 === 4 ? -1 : pin % 2,
  );
  return { pins, boards: boardFeaturesOf(graph, pins) };
}

function walk(graph: PinBoardGraph, pin: number, probability: number, feature = 1, options = {}) {
  const features = featuresOf(graph);
  const bias: FeatureBias = { features, feature, probability };
  const top = new TopPins(100);
  const params = { steps: 20_000, restartProbability: 1, ...options };
  const stats = pixie(
    sortByFeature(graph, features),
    { pins: [pin], weights: [1] },
    params,
    1,
    scratch,
    top,
    undefined,
    {
      bias,
    },
  );
  return { stats, best: top.drain(), features };
}

/** Every pin on every board, so that the features alone decide. */
const dense = graphOf(Array.from({ length: 120 }, (_, i) => [Math.floor(i / 20), i % 20] as const));

describe('a walk biased to a feature', () => {
  test('with probability 1 ends on pins that have it, wherever a board has any', () => {
    const { best, features } = walk(dense, 0, 1);
    expect(best.map(({ pin }) => features.pins[pin])).toEqual(best.map(() => 1));
    expect(best.map(({ pin }) => pin).toSorted((a, b) => a - b)).toEqual([1, 3, 5, 7, 11, 13, 15, 17]);
  });

  test('raises the share of the feature with its probability, as it should', () => {
    const shareOf = (probability: number) => {
      const { best, features } = walk(dense, 0, probability);
      return best.reduce((sum, { pin, score }) => sum + (features.pins[pin] === 1 ? score : 0), 0);
    };
    // 8 of 20 pins have it: without bias 0.4 of the visits, else p + (1 − p) · 0.4.
    for (const probability of [0, 0.5, 0.9]) {
      const expected = probability + (1 - probability) * 0.4;
      expect(Math.abs(shareOf(probability) - expected)).toBeLessThan(5 * Math.sqrt(0.25 / 20_000));
    }
  });

  test('takes any neighbor where none has the feature', () => {
    const { stats, best } = walk(dense, 0, 1, 7);
    expect(stats.steps).toBe(20_000);
    expect(best).toHaveLength(19);
  });

  test('conserves visits, its early stop and growth of the table included', () => {
    fc.assert(
      fc.property(
        someSaves,
        fc.nat(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (saves, pick, probability) => {
          const graph = graphOf(saves);
          const pin = saves[pick % saves.length]![1];
          const { stats } = walk(graph, pin, probability, 1, { steps: 500, boardShrinkage: 2 });
          expect(stats.steps).toBe(500);
          const counts = [...scratch.visits.touched.subarray(0, scratch.visits.size)].map(
            (slot) => scratch.visits.entries[2 * slot + 1]!,
          );
          expect(counts.reduce((sum, count) => sum + count, 0)).toBe(500);
        },
      ),
    );
    const stopped = walk(dense, 0, 0.5, 1, { earlyStop: 'visits', earlyStopPins: 5, earlyStopVisits: 4 });
    expect(stopped.stats.stoppedEarly).toBe(true);
  });

  test('sorted slices hold the same neighbors, the features ascending', () => {
    fc.assert(
      fc.property(someSaves, (saves) => {
        const graph = graphOf(saves);
        const features = featuresOf(graph);
        const sorted = sortByFeature(graph, features);
        for (let board = 0; board < nodeCount(graph.boardToPin); board++) {
          const pins = [...neighborsOf(sorted.boardToPin, board)];
          expect(pins.toSorted((a, b) => a - b)).toEqual([...neighborsOf(graph.boardToPin, board)]);
          const inOrder = pins.map((pin) => features.pins[pin]!);
          expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b));
        }
      }),
    );
  });

  test('a board has the feature of most of its pins', () => {
    const graph = graphOf([
      [0, 0],
      [0, 1],
      [0, 3],
      [1, 4],
      [2, 0],
      [2, 1],
    ]);
    expect([...boardFeaturesOf(graph, Int32Array.of(0, 1, 0, 1, -1))]).toEqual([1, -1, 0]);
  });

  test.each([[{ feature: -1 }], [{ feature: 0.5 }], [{ probability: 1.5 }], [{ probability: NaN }]])(
    'refuses %j',
    (fault) => {
      const features = featuresOf(dense);
      const bias = { features, feature: 1, probability: 0.5, ...fault };
      const run = () =>
        pixie(dense, { pins: [0], weights: [1] }, {}, 1, scratch, new TopPins(5), undefined, { bias });
      expect(run).toThrow(expect.objectContaining({ code: 'invalid-parameter', field: 'bias' }));
    },
  );
});

describe('what a walk recommends', () => {
  const run = (target: 'boards' | 'users', params = {}) => {
    const top = new TopPins(10);
    const query = { pins: [0], weights: [1] };
    pixie(twoOwners, query, { steps: 20_000, restartProbability: 1, ...params }, 3, scratch, top, undefined, {
      target,
    });
    return top.drain();
  };
  // Boards 0 and 1 belong to user 0, board 2 to user 1; pin 0 is on boards 0, 1 and 2.
  const base = graphOf([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 2],
    [2, 0],
    [2, 3],
    [2, 4],
    [2, 5],
  ]);
  base.boardToUser.set([0, 0, 1]);
  const twoOwners: PinBoardGraph = { ...base, userCount: 2 };

  test('boards, by the visits that went through them', () => {
    const boards = run('boards');
    expect(boards.map(({ pin }) => pin).toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
    for (const { score } of boards) expect(Math.abs(score - 1 / 3)).toBeLessThan(0.02);
    // With a discount the large board comes last: its score is a quarter of a third against a half of it.
    expect(run('boards', { popularityDiscount: 1 }).at(-1)).toMatchObject({ pin: 2 });
  });

  test('users, by the visits through their boards', () => {
    const users = run('users');
    expect(users.map(({ pin }) => pin)).toEqual([0, 1]);
    expect(Math.abs(users[0]!.score - 2 / 3)).toBeLessThan(0.02);
    expect(() => run('users', { popularityDiscount: 1 })).toThrow(/not for users/);
    expect(() => run('boards', { sharpening: 0.5 })).toThrow(/for pins/);
  });
});
