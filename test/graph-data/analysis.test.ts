import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PinBoardGraph, nodeCount } from '../../engine/index.ts';
import { communityLevels, findCommunities, globalPageRank } from '../../graph-data/index.ts';
import { loosened } from '../contract/graphology.ts';
import { graphOf, smallGraph, someSaves } from '../graphs.ts';
import { powerIteration } from '../reference/power-iteration.ts';

test('globalPageRank equals plain power iteration', () => {
  const dampingFactors = fc.constantFrom(0.3, 0.85, 0.95);
  fc.assert(
    fc.property(someSaves, dampingFactors, fc.boolean(), (saves, dampingFactor, isLoose) => {
      const graph = isLoose ? loosened(graphOf(saves, 17)) : graphOf(saves, 17);
      const { pins, boards } = globalPageRank(graph, { dampingFactor, tolerance: 1e-9 });
      const ranks = [...pins, ...boards];
      const expected = powerIteration(graph, dampingFactor, 600);
      for (const [node, rank] of ranks.entries()) expect(rank / expected[node]!).toBeCloseTo(1, 5);
      expect(ranks.reduce((sum, rank) => sum + rank, 0)).toBeCloseTo(1, 5);
    }),
  );
});

test.each([
  ['dampingFactor', { dampingFactor: 0, tolerance: 1e-6 }],
  ['dampingFactor', { dampingFactor: 1, tolerance: 1e-6 }],
  ['dampingFactor', { dampingFactor: NaN, tolerance: 1e-6 }],
  ['tolerance', { dampingFactor: 0.5, tolerance: 0 }],
  ['tolerance', { dampingFactor: 0.5, tolerance: NaN }],
])('globalPageRank refuses a %s out of range', (field, options) => {
  expect(() => globalPageRank(smallGraph, options)).toThrow(
    expect.objectContaining({ code: 'invalid-parameter', field }),
  );
});

/** Community of each node, pins first, by level. */
function levelsOf(graph: PinBoardGraph, randomSeed = 1): number[][] {
  const { levels, pins, boards } = findCommunities(graph, randomSeed);
  const [pinCount, boardCount] = [nodeCount(graph.pinToBoard), nodeCount(graph.boardToPin)];
  expect([levels, pins.length, boards.length]).toEqual([3, 3 * pinCount, 3 * boardCount]);
  return [0, 1, 2].map((level) => {
    const ofPins = pins.subarray(level * pinCount, (level + 1) * pinCount);
    return [...ofPins].concat([...boards.subarray(level * boardCount, (level + 1) * boardCount)]);
  });
}

test('findCommunities numbers communities without gaps by their first node, and nests the levels', () => {
  fc.assert(
    fc.property(someSaves, fc.nat(1_000), (saves, randomSeed) => {
      const levels = levelsOf(graphOf(saves, 17), randomSeed);
      for (const [level, communities] of levels.entries()) {
        const firsts = [...new Set(communities)];
        expect(firsts).toEqual(firsts.map((_, number) => number));
        const coarser = levels[level + 1] ?? communities;
        const pairs = new Set(communities.map((community, node) => `${community} ${coarser[node]}`));
        expect(pairs.size).toBe(firsts.length);
      }
    }),
  );
});

test('findCommunities finds disconnected groups, and a pin without boards is a community of its own', () => {
  const saves = [0, 1, 2].flatMap((group) =>
    [0, 1, 2].flatMap((board) =>
      [0, 1, 2].map((pin): [number, number] => [3 * group + board, 3 * group + pin]),
    ),
  );
  const coarsest = levelsOf(graphOf(saves, 10))[communityLevels - 1]!;
  expect(coarsest.slice(0, 10)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3]);
  expect(coarsest.slice(10)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
});

test('findCommunities omits the level of single nodes if there is another', () => {
  for (const level of levelsOf(smallGraph)) expect(new Set(level).size).toBeLessThan(9);
});

test('findCommunities is deterministic by seed, whatever the order within slices', () => {
  expect(levelsOf(smallGraph, 7)).toEqual(levelsOf(smallGraph, 7));
  const groups = new Set(levelsOf(loosened(smallGraph), 7)[2]);
  expect(groups.size).toBe(new Set(levelsOf(smallGraph, 7)[2]).size);
});

test('findCommunities puts every node of a graph without saves into its own community', () => {
  expect(levelsOf(graphOf([], 3))).toEqual([[0, 1, 2], [0, 1, 2], [0, 1, 2]]); // prettier-ignore
});
