import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assertGraph } from '../../engine/graph/assert-graph.ts';
import {
  type Adjacency,
  type PinBoardGraph,
  type Query,
  type Reason,
  createReasonScratch,
  findReasons,
  neighborsOf,
  nodeCount,
} from '../../engine/index.ts';
import { queryOf, someQueries } from '../scores.ts';
import { adjacencyOf, graphOf, smallGraph } from '../graphs.ts';
import { hasMarksLeft } from './marks-left.ts';

const scratch = createReasonScratch();
const holds = (graph: PinBoardGraph, board: number, pin: number): boolean =>
  neighborsOf(graph.boardToPin, board).includes(pin);
const othersThan = (graph: PinBoardGraph, query: Query): number[] =>
  [...Array(nodeCount(graph.pinToBoard)).keys()].filter((pin) => !query.pins.includes(pin));

/** Checks every board of the graph; names the smallest shared one and at most three query pins. */
function bruteForce(graph: PinBoardGraph, query: Query, pin: number): Reason['via'] {
  const sizeOf = (board: number): number => neighborsOf(graph.boardToPin, board).length;
  return query.pins
    .map((queryPin) => {
      const shared = [...Array(nodeCount(graph.boardToPin)).keys()]
        .filter((board) => holds(graph, board, pin) && holds(graph, board, queryPin))
        .toSorted((a, b) => sizeOf(a) - sizeOf(b) || a - b);
      return { queryPin, board: shared[0] ?? -1, paths: shared.length, isLowerBound: false };
    })
    .filter(({ paths }) => paths > 0)
    .toSorted((a, b) => b.paths - a.paths || a.queryPin - b.queryPin)
    .slice(0, 3);
}

/** Whether a pin shares no board with the query, but shares one with a pin that does. */
function isTwoStepsAway(graph: PinBoardGraph, query: Query, pin: number): boolean {
  const near = (pins: Iterable<number>): Set<number> => {
    const found = new Set<number>();
    for (const each of pins) {
      for (const board of neighborsOf(graph.pinToBoard, each)) {
        for (const pinOfBoard of neighborsOf(graph.boardToPin, board)) found.add(pinOfBoard);
      }
    }
    return found;
  };
  const once = near(query.pins);
  return !once.has(pin) && near(once).has(pin);
}

function expectTrue(graph: PinBoardGraph, query: Query, pin: number, { via, bridge }: Reason): void {
  expect(via).toEqual(bruteForce(graph, query, pin));
  expect(bridge !== undefined).toBe(isTwoStepsAway(graph, query, pin));
  if (bridge === undefined) return;
  expect(query.pins).toContain(bridge.queryPin);
  expect([pin, ...query.pins]).not.toContain(bridge.pin);
  for (const [board, member] of [
    [bridge.queryBoard, bridge.queryPin],
    [bridge.queryBoard, bridge.pin],
    [bridge.board, bridge.pin],
    [bridge.board, pin],
  ] as const) {
    expect(holds(graph, board, member)).toBe(true);
  }
}

/** The same neighbors in no particular order; slices lie backwards in the pool, with room between them. */
function scrambled({ slices, neighbors }: Adjacency): Adjacency {
  const moved = new Int32Array(slices.length);
  const pool = new Int32Array(2 * neighbors.length + slices.length).fill(0x7fff_ffff);
  let start = 1;
  for (let node = slices.length / 2 - 1; node >= 0; node--) {
    const own = neighbors.subarray(slices[2 * node], slices[2 * node]! + slices[2 * node + 1]!);
    pool.set([...own.filter((_, i) => i % 2 === 1), ...own.filter((_, i) => i % 2 === 0)], start);
    moved[2 * node] = start;
    moved[2 * node + 1] = own.length;
    start += own.length + (node % 3);
  }
  return adjacencyOf(moved, pool);
}

test('reasons name boards that hold both pins, counted as by brute force, or a true bridge', () => {
  fc.assert(
    fc.property(someQueries, ({ graph, query }) => {
      const pins = othersThan(graph, query);
      const reasons = findReasons(graph, query, pins, scratch);
      expect(reasons).toHaveLength(pins.length);
      for (const [i, pin] of pins.entries()) expectTrue(graph, query, pin, reasons[i]!);
    }),
  );
});

test('reasons do not depend on the order of neighbors or on room between slices', () => {
  fc.assert(
    fc.property(someQueries, ({ graph, query }) => {
      const loose = {
        ...graph,
        pinToBoard: scrambled(graph.pinToBoard),
        boardToPin: scrambled(graph.boardToPin),
      };
      assertGraph(loose);
      const pins = othersThan(graph, query);
      const reasons = findReasons(loose, query, pins, scratch);
      expect(reasons).toHaveLength(pins.length);
      for (const [i, pin] of pins.entries()) expectTrue(graph, query, pin, reasons[i]!);
    }),
  );
});

test('reasons by hand: the smaller of two boards, a bridge over the hub, no reason for a pin that nobody saved', () => {
  // Pin 2 is with pin 0 on boards 0 (three pins) and 1 (two pins). Pin 5 is with pin 4, which is with pin 0.
  const [two, five, eight] = findReasons(smallGraph, queryOf(0), [2, 5, 8], scratch);
  expect(two).toEqual({
    via: [{ queryPin: 0, board: 1, paths: 2, isLowerBound: false }],
    bridge: undefined,
  });
  expect(five).toEqual({ via: [], bridge: { queryPin: 0, queryBoard: 2, pin: 4, board: 3 } });
  expect(eight).toEqual({ via: [], bridge: undefined });
});

test('a search leaves no marks for the next query, on a smaller or larger graph', () => {
  fc.assert(
    fc.property(fc.array(someQueries, { minLength: 2, maxLength: 4 }), (all) => {
      const used = createReasonScratch();
      for (const { graph, query } of all) {
        const pins = othersThan(graph, query);
        const fresh = findReasons(graph, query, pins, createReasonScratch());
        expect(findReasons(graph, query, pins, used)).toEqual(fresh);
        expect(hasMarksLeft(used)).toBe(false);
      }
    }),
    { numRuns: 50 },
  );
});

test('a pin that is recommended alone has the reason that it has in a list', () => {
  fc.assert(
    fc.property(someQueries, fc.boolean(), ({ graph, query }, isScrambled) => {
      const read = isScrambled ? { ...graph, pinToBoard: scrambled(graph.pinToBoard) } : graph;
      const pins = [...othersThan(graph, query), ...query.pins];
      const listed = findReasons(read, query, pins, scratch);
      for (const [i, pin] of pins.entries()) {
        expect(findReasons(read, query, [pin], scratch)).toEqual([listed[i]]);
        expect(hasMarksLeft(scratch)).toBe(false);
      }
    }),
  );
});

test('scan and lookups find the same reasons', () => {
  fc.assert(
    fc.property(someQueries, fc.boolean(), ({ graph, query }, isScrambled) => {
      const read = isScrambled
        ? { ...graph, pinToBoard: scrambled(graph.pinToBoard), boardToPin: scrambled(graph.boardToPin) }
        : graph;
      for (const queryPin of query.pins) {
        const single = queryOf(queryPin);
        const pins = othersThan(graph, single);
        // A long list makes the scan the cheaper search, a list of one pin the lookups.
        const long = findReasons(read, single, Array<number[]>(200).fill(pins).flat(), scratch);
        for (const [i, pin] of pins.entries()) {
          expectTrue(graph, single, pin, long[i]!);
          expectTrue(graph, single, pin, findReasons(read, single, [pin], scratch)[0]!);
        }
        expect(hasMarksLeft(scratch)).toBe(false);
      }
    }),
  );
});

test('a recommended query pin shares no board with itself', () => {
  for (const copies of [1, 200]) {
    const [own] = findReasons(smallGraph, queryOf(0), Array<number>(copies).fill(0), scratch);
    expect(own!.via).toEqual([]);
  }
});

test('lookups count the first 2,048 boards of a recommended pin', () => {
  const boards = [...Array(10_010).keys()];
  const graph = graphOf(boards.flatMap((board) => [[board, 0] as const, [board, 1] as const]));
  const [reason] = findReasons(graph, queryOf(0), [1], scratch);
  expect(reason!.via).toEqual([{ queryPin: 0, board: 0, paths: 2_048, isLowerBound: true }]);
});

test('a scan counts all boards of a recommended pin', () => {
  const boards = [...Array(10_010).keys()];
  const last = [10_007, 10_008, 10_009];
  const graph = graphOf([
    ...boards.map((board) => [board, 1] as const),
    ...last.map((board) => [board, 0] as const),
  ]);
  const [reason] = findReasons(graph, queryOf(0), [1], scratch);
  expect(reason!.via).toEqual([{ queryPin: 0, board: 10_007, paths: 3, isLowerBound: false }]);
});

test('only the first 10,000 boards of a query pin count, and a query pin is no bridge', () => {
  // Pin 1 shares boards 9,998 to 10,001 with pin 0; pin 2 shares board 10,001 alone, which lies beyond the limit.
  const boards = [...Array(10_002).keys()];
  const graph = graphOf([
    ...boards.map((board) => [board, 0] as const),
    ...boards.slice(9_998).map((board) => [board, 1] as const),
    [10_001, 2] as const,
  ]);
  const [one, two] = findReasons(graph, queryOf(0), [1, 2], scratch);
  expect(one!.via).toEqual([{ queryPin: 0, board: 9_998, paths: 2, isLowerBound: true }]);
  expect(two).toEqual({ via: [], bridge: { queryPin: 0, queryBoard: 9_998, pin: 1, board: 10_001 } });
});
