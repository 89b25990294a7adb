import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assertGraph } from '../../engine/graph/assert-graph.ts';
import { transpose } from '../../engine/graph/build-graph.ts';
import {
  type PinBoardGraph,
  buildGraph,
  createAdjacency,
  neighborsOf,
  nodeCount,
  saveCount,
  sharedInt32Array,
} from '../../engine/index.ts';
import { memoryBytesMax } from '../../engine/wasm/index.ts';
import { adjacencyOf, graphOf, smallGraph, someSaves } from '../graphs.ts';

function savesOf(graph: PinBoardGraph): string[] {
  const saves: string[] = [];
  for (let board = 0; board < nodeCount(graph.boardToPin); board++) {
    for (const pin of neighborsOf(graph.boardToPin, board)) saves.push(`${board}/${pin}`);
  }
  return saves;
}

describe('a graph', () => {
  test('a graph has the saves it was built from, ascending in both directions', () => {
    fc.assert(
      fc.property(someSaves, (saves) => {
        const graph = graphOf(saves);
        const byBoard = saves.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
        expect(savesOf(graph)).toEqual(byBoard.map(([board, pin]) => `${board}/${pin}`));
        expect(saveCount(graph)).toBe(saves.length);
        for (const [, pin] of saves) {
          const boards = saves.filter((save) => save[1] === pin).map(([board]) => board);
          expect([...neighborsOf(graph.pinToBoard, pin)]).toEqual(boards.toSorted((a, b) => a - b));
        }
      }),
    );
  });

  test('a graph is unchanged by two transpositions', () => {
    fc.assert(
      fc.property(someSaves, (saves) => {
        const { boardToPin, pinToBoard } = graphOf(saves);
        expect(transpose(transpose(boardToPin, nodeCount(pinToBoard)), nodeCount(boardToPin))).toEqual(
          boardToPin,
        );
      }),
    );
  });

  test('a graph does not depend on the order of the saves', () => {
    fc.assert(
      fc.property(
        someSaves.chain((saves) =>
          fc.tuple(fc.constant(saves), fc.shuffledSubarray(saves, { minLength: saves.length })),
        ),
        ([saves, shuffled]) => {
          expect(graphOf(shuffled)).toEqual(graphOf(saves));
        },
      ),
    );
  });

  const pairs = (boards: number[], pins: number[]) => ({
    boards: Int32Array.from(boards),
    pins: Int32Array.from(pins),
    pinCount: 2,
    boardToUser: sharedInt32Array(2),
    userCount: 1,
  });
  test.each([
    ['boards', pairs([2], [0])],
    ['boards', pairs([-1], [0])],
    ['pins', pairs([0], [2])],
    ['pins', pairs([0, 1], [0])],
  ])('a graph is rejected if %s are out of range', (field, invalid) => {
    expect(() => buildGraph(invalid)).toThrow(expect.objectContaining({ code: 'invalid-graph', field }));
  });

  test('an adjacency of more than 4 GB is rejected', () => {
    const entriesMax = memoryBytesMax / 4;
    const rejection = expect.objectContaining({ code: 'invalid-graph', field: 'neighbors' });
    expect(() => createAdjacency(0, entriesMax)).toThrow(rejection);
    expect(() => createAdjacency(2 ** 29, 0)).toThrow(rejection);
    expect(() => createAdjacency(NaN, 0)).toThrow(rejection);
    // Only reserved: no page is written.
    expect(createAdjacency(0, entriesMax - 1).neighbors).toHaveLength(entriesMax - 1);
  });

  /** A copy to corrupt. */
  const copy = (graph: PinBoardGraph): PinBoardGraph => {
    const adjacency = ({ slices, neighbors }: PinBoardGraph['pinToBoard']) => adjacencyOf(slices, neighbors);
    const boardToUser = sharedInt32Array(graph.boardToUser.length);
    boardToUser.set(graph.boardToUser);
    return {
      pinToBoard: adjacency(graph.pinToBoard),
      boardToPin: adjacency(graph.boardToPin),
      boardToUser,
      userCount: graph.userCount,
    };
  };
  test('a graph passes assertGraph if valid, and fails it if corrupted in any way', () => {
    assertGraph(copy(smallGraph));
    const corruptions: ((graph: PinBoardGraph) => void)[] = [
      (graph) => (graph.pinToBoard.slices[0] = -1),
      (graph) => (graph.pinToBoard.slices[1] = 1_000),
      (graph) => graph.pinToBoard.slices[1]!--,
      (graph) => (graph.pinToBoard.neighbors[0] = 6),
      (graph) => (graph.boardToPin.neighbors[3] = -2),
      (graph) => (graph.boardToPin.neighbors[3] = 9),
      (graph) => (graph.boardToUser[0] = 6),
    ];
    for (const corrupt of corruptions) {
      const graph = copy(smallGraph);
      corrupt(graph);
      expect(() => assertGraph(graph), corrupt.toString()).toThrow(
        expect.objectContaining({ code: 'invalid-graph' }),
      );
    }
  });
});
