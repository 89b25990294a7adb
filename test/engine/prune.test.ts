import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assertGraph } from '../../engine/graph/assert-graph.ts';
import { transpose } from '../../engine/graph/build-graph.ts';
import {
  type PinBoardGraph,
  type PinTopics,
  type PruneOptions,
  neighborsOf,
  nodeCount,
  pruneGraph,
} from '../../engine/index.ts';
import { graphOf, someSaves } from '../graphs.ts';

const pinCount = 15;
const communitiesOf = (...communities: number[]): PinTopics => {
  return { kind: 'communities', communities: Int32Array.from(communities) };
};
const vectorsOf = (...vectors: number[][]): PinTopics => {
  return { kind: 'vectors', dimensions: vectors[0]!.length, values: Float32Array.from(vectors.flat()) };
};
const prune = (graph: PinBoardGraph, topics: PinTopics, delta: number, entropyShareDropped = 0) =>
  pruneGraph(graph, topics, { delta, entropyShareDropped });

/** Saves as "board/pin", ordered by board. */
const savesOf = ({ boardToPin }: PinBoardGraph): string[] =>
  Array.from({ length: nodeCount(boardToPin) }, (_, board) =>
    Array.from(neighborsOf(boardToPin, board), (pin) => `${board}/${pin}`),
  ).flat();

const someTopics: fc.Arbitrary<PinTopics> = fc.oneof(
  fc.array(fc.nat(4), { minLength: pinCount, maxLength: pinCount }).map((each) => communitiesOf(...each)),
  fc
    .array(fc.array(fc.nat(3), { minLength: 3, maxLength: 3 }), { minLength: pinCount, maxLength: pinCount })
    .map((each) => vectorsOf(...each)),
);
const someOptions: fc.Arbitrary<PruneOptions> = fc.record({
  delta: fc.constantFrom(0, 0.5, 0.75, 0.91, 1),
  entropyShareDropped: fc.constantFrom(0, 0.1, 0.3, 0.9),
});
const someCase = fc.tuple(
  someSaves.map((saves) => graphOf(saves, pinCount)),
  someTopics,
  someOptions,
);

/** The topics of a pin as a vector with sum 1, or zeros. */
function vectorOf(topics: PinTopics, pin: number): number[] {
  if (topics.kind === 'communities') return [0, 1, 2, 3, 4].map((i) => Number(topics.communities[pin] === i));
  const values = [0, 1, 2].map((i) => topics.values[3 * pin + i]!);
  const mass = values.reduce((a, b) => a + b);
  return values.map((value) => (mass === 0 ? 0 : value / mass));
}
const sumOfVectors = (vectors: number[][]): number[] =>
  vectors.reduce((a, b) => a.map((each, i) => each + b[i]!), [0, 0, 0, 0, 0].slice(0, vectors[0]?.length));

/** The definition in the docstring, computed naively. */
function referenceEntropy(topics: PinTopics, pins: readonly number[]): number {
  const sum = sumOfVectors(pins.map((pin) => vectorOf(topics, pin)));
  const mass = sum.reduce((a, b) => a + b, 0);
  return sum.reduce((bits, each) => bits - (each === 0 ? 0 : (each / mass) * Math.log2(each / mass)), 0);
}

function referenceSimilarity(topics: PinTopics, pins: readonly number[], pin: number): number {
  const others = pins.filter((each) => each !== pin).map((each) => vectorOf(topics, each));
  if (others.length === 0) return 0;
  const [own, mean] = [vectorOf(topics, pin), sumOfVectors(others)];
  const product = own.reduce((sum, each, i) => sum + each * mean[i]!, 0);
  if (product === 0) return 0;
  return topics.kind === 'communities'
    ? product / others.length
    : product / (Math.hypot(...own) * Math.hypot(...mean));
}

test('a pruned graph is a subgraph with consistent directions, counted correctly in the report', () => {
  fc.assert(
    fc.property(someCase, ([graph, topics, options]) => {
      const before = savesOf(graph);
      const { graph: pruned, report } = pruneGraph(graph, topics, options);
      assertGraph(pruned);
      expect(pruned.pinToBoard).toEqual(transpose(pruned.boardToPin, pinCount));
      const saves = savesOf(pruned);
      expect(new Set(before)).toEqual(new Set([...before, ...saves]));
      expect(savesOf(graph)).toEqual(before);
      expect(report).toMatchObject({ edgesBefore: before.length, edgesAfter: saves.length });
    }),
  );
});

test('a pruned graph lacks the boards of largest entropy, and keeps the ceil(d^delta) most similar boards of every pin', () => {
  fc.assert(
    fc.property(someCase, ([graph, topics, options]) => {
      const { graph: pruned, report } = pruneGraph(graph, topics, options);
      const boards = Array.from({ length: nodeCount(graph.boardToPin) }, (_, board) => {
        const pins = [...neighborsOf(graph.boardToPin, board)];
        const entropy = Math.fround(referenceEntropy(topics, pins) + 1) - 1;
        return { board, pins, entropy };
      });
      const mixed = boards
        .filter(({ entropy }) => entropy > 1e-6)
        .toSorted((a, b) =>
          Math.abs(a.entropy - b.entropy) < 1e-5 ? b.board - a.board : b.entropy - a.entropy,
        );
      const withPins = boards.filter(({ pins }) => pins.length > 0).length;
      const dropped = mixed.slice(0, Math.floor(options.entropyShareDropped * withPins));
      expect(report.boardsDropped).toBe(dropped.length);
      const isDropped = new Set(dropped.map(({ board }) => board));
      const keptEntropies = boards.filter(({ board }) => !isDropped.has(board)).map(({ entropy }) => entropy);
      expect(report.entropyMax).toBeCloseTo(Math.max(0, ...keptEntropies), 5);

      let bared = 0;
      for (let pin = 0; pin < pinCount; pin++) {
        const left = [...neighborsOf(graph.pinToBoard, pin)].filter((board) => !isDropped.has(board));
        const similarity = new Map(
          left.map((board) => [board, referenceSimilarity(topics, boards[board]!.pins, pin)]),
        );
        const ranked = left.toSorted((a, b) => {
          const difference = similarity.get(b)! - similarity.get(a)!;
          return Math.abs(difference) < 1e-6 ? a - b : difference;
        });
        const count = left.length === 0 ? 0 : Math.ceil(left.length ** options.delta - 1e-9);
        const expected = ranked.slice(0, count).toSorted((a, b) => a - b);
        expect([...neighborsOf(pruned.pinToBoard, pin)]).toEqual(expected);
        if (left.length === 0 && neighborsOf(graph.pinToBoard, pin).length > 0) bared++;
      }
      expect(report.pinsBared).toBe(bared);
    }),
    { numRuns: 300 },
  );
});

test('a pruned graph equals the graph at delta 1 with nothing dropped', () => {
  fc.assert(
    fc.property(someCase, ([graph, topics]) => {
      const { graph: pruned, report } = prune(graph, topics, 1);
      expect(pruned).toEqual(graph);
      expect(report).toMatchObject({ boardsDropped: 0, pinsBared: 0, edgesAfter: report.edgesBefore });
    }),
  );
});

test('a pruned graph does not depend on the numbering of pins', () => {
  const order = fc.shuffledSubarray([...Array(pinCount).keys()], { minLength: pinCount });
  fc.assert(
    fc.property(someSaves, someTopics, someOptions, order, (saves, topics, options, numbers) => {
      const renumbered = saves.map(([board, pin]) => [board, numbers[pin]!] as const);
      const back = numbers.map((_, number) => numbers.indexOf(number));
      const topicsOfThese: PinTopics =
        topics.kind === 'communities'
          ? communitiesOf(...back.map((pin) => topics.communities[pin]!))
          : vectorsOf(...back.map((pin) => Array.from(topics.values.slice(3 * pin, 3 * pin + 3))));
      const { graph: pruned } = pruneGraph(graphOf(saves, pinCount), topics, options);
      const { graph: other } = pruneGraph(graphOf(renumbered, pinCount), topicsOfThese, options);
      const renamed = savesOf(pruned).map((save) => {
        const [board, pin] = save.split('/');
        return `${board}/${numbers[Number(pin)]}`;
      });
      expect(new Set(savesOf(other))).toEqual(new Set(renamed));
    }),
  );
});

describe('pruning, by hand', () => {
  /** Board 0 has one topic; board 1 two halves, 1 bit; board 2 four quarters, 2 bits. */
  const graph = graphOf([
    [0, 0],
    [0, 1],
    [1, 1],
    [1, 2],
    [2, 0],
    [2, 2],
    [2, 3],
    [2, 4],
  ]);
  const communities = communitiesOf(0, 0, 1, 2, 3);

  test('pruning measures entropy in bits', () => {
    const entropyMaxAt = (share: number) => prune(graph, communities, 1, share).report.entropyMax;
    expect(entropyMaxAt(0)).toBe(2);
    expect(entropyMaxAt(0.34)).toBe(1);
    expect(entropyMaxAt(0.67)).toBe(0);
    // Shares 3/4 and 1/4 of two vectors: 0.811 bits.
    const vectors = vectorsOf([2, 0], [1, 1]);
    const pair = graphOf([
      [0, 0],
      [0, 1],
    ]);
    expect(prune(pair, vectors, 1).report.entropyMax).toBeCloseTo(0.8112781, 6);
  });

  test('pruning drops the boards of largest entropy, but never one with a single topic', () => {
    const { graph: pruned, report } = prune(graph, communities, 1, 0.99);
    expect(report).toEqual({ edgesBefore: 8, edgesAfter: 2, boardsDropped: 2, entropyMax: 0, pinsBared: 3 });
    expect(savesOf(pruned)).toEqual(['0/0', '0/1']);
  });

  test('pruning keeps the board of the same topic; a board without other pins has similarity 0', () => {
    expect(savesOf(prune(graph, communities, 0).graph)).toEqual(['0/0', '0/1', '1/2', '2/3', '2/4']);
    const alone = graphOf([
      [0, 0],
      [1, 0],
      [1, 1],
      [1, 2],
    ]);
    for (const topics of [communitiesOf(0, 0, 1), vectorsOf([1, 0], [2, 1], [0, 1])]) {
      expect(savesOf(prune(alone, topics, 0).graph)).toEqual(['1/0', '1/1', '1/2']);
    }
  });

  test('pruning ignores pins without topics in the topics of a board', () => {
    const vectors = vectorsOf([1, 0], [1, 0], [0, 0], [0, 0], [0, 1]);
    const { report } = prune(graph, vectors, 1, 0.99);
    expect(report).toMatchObject({ boardsDropped: 1, entropyMax: 0 });
  });
});

test.each<[string, PinTopics, Partial<PruneOptions>]>([
  ['delta', communitiesOf(0, 0), { delta: 1.01 }],
  ['delta', communitiesOf(0, 0), { delta: -0.1 }],
  ['delta', communitiesOf(0, 0), { delta: NaN }],
  ['entropyShareDropped', communitiesOf(0, 0), { entropyShareDropped: 1 }],
  ['entropyShareDropped', communitiesOf(0, 0), { entropyShareDropped: NaN }],
  ['topics', communitiesOf(0), {}],
  ['topics', communitiesOf(0, -1), {}],
  ['topics', communitiesOf(0, 2 ** 30), {}],
  ['topics', vectorsOf([1], [NaN]), {}],
  ['topics', vectorsOf([1], [-1]), {}],
  ['topics', vectorsOf([1, 2]), {}],
  ['topics', { kind: 'vectors', dimensions: 0, values: new Float32Array(0) }, {}],
])('pruning rejects an invalid %s', (field, topics, options) => {
  const graph = graphOf([
    [0, 0],
    [0, 1],
  ]);
  const attempt = () => pruneGraph(graph, topics, { delta: 0.9, entropyShareDropped: 0.1, ...options });
  expect(attempt).toThrow(expect.objectContaining({ code: 'invalid-parameter', field }));
});
