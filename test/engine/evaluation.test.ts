import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Adjacency,
  degreeOf,
  listQuality,
  neighborsOf,
  nodeCount,
  saveCount,
  splitSaves,
} from '../../engine/index.ts';
import { numberIn } from '../answers.ts';
import { graphOf, smallGraph, someSaves } from '../graphs.ts';

describe('the quality of a list', () => {
  const log2 = Math.log2;
  test.each([
    ['all found, in front', [1, 2], [1, 2], 5, { recall: 1, ndcg: 1, hitRate: 1 }],
    ['none found', [3, 4], [1], 5, { recall: 0, ndcg: 0, hitRate: 0 }],
    ['found at the second place', [3, 1], [1], 2, { recall: 1, ndcg: 1 / log2(3), hitRate: 1 }],
    ['found past k', [3, 4, 1], [1], 2, { recall: 0, ndcg: 0, hitRate: 0 }],
    // Hits at places 1 and 3 of three relevant; the ideal list of three has them at 1, 2 and 3.
    [
      'two of three',
      [7, 8, 9],
      [7, 9, 5],
      3,
      { recall: 2 / 3, ndcg: (1 + 1 / 2) / (1 + 1 / log2(3) + 1 / 2), hitRate: 1 },
    ],
    // More are relevant than fit: recall is over all four, the ideal gain that of two hits.
    ['more relevant than k', [1, 2], [1, 2, 3, 4], 2, { recall: 1 / 2, ndcg: 1, hitRate: 1 }],
    ['a list shorter than k', [1], [1, 2], 10, { recall: 1 / 2, ndcg: 1 / (1 + 1 / log2(3)), hitRate: 1 }],
    ['no list', [], [1], 10, { recall: 0, ndcg: 0, hitRate: 0 }],
  ])('%s', (_, recommended, relevant, k, expected) => {
    const quality = listQuality(recommended, new Set(relevant), k);
    expect(quality.recall).toBeCloseTo(expected.recall, 14);
    expect(quality.ndcg).toBeCloseTo(expected.ndcg, 14);
    expect(quality.hitRate).toBe(expected.hitRate);
  });

  test('is refused for no relevant pin and for a k that is none', () => {
    expect(() => listQuality([1], new Set(), 5)).toThrow(expect.objectContaining({ field: 'relevant' }));
    for (const k of [0, -1, 1.5, NaN]) {
      expect(() => listQuality([1], new Set([1]), k)).toThrow(expect.objectContaining({ field: 'k' }));
    }
  });
});

describe('a split of saves', () => {
  const savesOf = (adjacency: Adjacency): string[] =>
    [...Array(nodeCount(adjacency)).keys()].flatMap((board) =>
      [...neighborsOf(adjacency, board)].map((pin) => `${board}/${pin}`),
    );
  const shares = numberIn(0.01, 0.99);

  test('conserves the saves, leaves each board a pin, and keeps numbers and owners', () => {
    fc.assert(
      fc.property(someSaves, shares, fc.nat(2 ** 32 - 1), (saves, share, seed) => {
        const graph = graphOf(saves, 16);
        const { train, heldOut } = splitSaves(graph, share, seed);
        const both = [...savesOf(train.boardToPin), ...savesOf(heldOut)];
        expect(both.toSorted()).toEqual(savesOf(graph.boardToPin).toSorted());
        expect(nodeCount(train.pinToBoard)).toBe(16);
        expect(nodeCount(heldOut)).toBe(nodeCount(graph.boardToPin));
        expect(train.boardToUser).toEqual(graph.boardToUser);
        for (let board = 0; board < nodeCount(graph.boardToPin); board++) {
          const isLeft = degreeOf(train.boardToPin, board) > 0;
          expect(isLeft).toBe(degreeOf(graph.boardToPin, board) > 0);
        }
      }),
    );
  });

  test('is that of its seed', () => {
    const wide = graphOf(
      [...Array(40).keys()].flatMap((board) => [...Array(20).keys()].map((pin) => [board, pin] as const)),
    );
    expect(splitSaves(wide, 0.2, 7)).toEqual(splitSaves(wide, 0.2, 7));
    expect(splitSaves(wide, 0.2, 7).heldOut).not.toEqual(splitSaves(wide, 0.2, 8).heldOut);
  });

  test('holds out about its share, as much of the first pins of a board as of the last', () => {
    const [boards, pins] = [400, 50];
    const wide = graphOf(
      [...Array(boards).keys()].flatMap((board) =>
        [...Array(pins).keys()].map((pin) => [board, pin] as const),
      ),
    );
    const { train, heldOut } = splitSaves(wide, 0.1, 3);
    // 20,000 draws of 0.1: a standard deviation of 42. Of each half, 30.
    const held = boards * pins - saveCount(train);
    expect(Math.abs(held - 2_000)).toBeLessThan(6 * 42);
    const ofFirstHalf = savesOf(heldOut).filter((save) => Number(save.split('/')[1]) < pins / 2).length;
    expect(Math.abs(ofFirstHalf - 1_000)).toBeLessThan(6 * 30);
  });

  test.each([0, 1, -0.5, NaN])('is refused for share %d', (share) => {
    expect(() => splitSaves(smallGraph, share, 1)).toThrow(expect.objectContaining({ field: 'share' }));
  });
});
