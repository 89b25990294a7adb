import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AlgorithmName,
  type GraphSize,
  type Params,
  type PinBoardGraph,
  type Reserve,
  Engine,
  LiveGraph,
  TopPins,
  assertGraph,
  boardFeaturesOf,
  buildGraph,
  correctHubs,
  createReasonScratch,
  createWalkScratch,
  degreeOf,
  findReasons,
  neighborsOf,
  nextBelow,
  nodeCount,
  normalForm,
  presets,
  randomStream,
  saveCount,
  sharedInt32Array,
  similarity,
  sizeOf,
  sortByFeature,
  walkFrom,
  withReserve,
} from '../../engine/index.ts';
import { scoresOf, expectSameScores, queryOf } from '../scores.ts';
import { describeWalker } from '../contract/walker.ts';
import { graphOf, smallGraph, someSaves } from '../graphs.ts';

const isFirst = (save: readonly number[], i: number, all: readonly (readonly number[])[]): boolean =>
  all.findIndex((other) => other[0] === save[0] && other[1] === save[1]) === i;
const roomy: Reserve = { slots: 1_000, pins: 5, boards: 4, users: 3 };
const live = (graph: PinBoardGraph, reserve = roomy) =>
  new LiveGraph(withReserve(graph, reserve), sizeOf(graph));

type Write = readonly ['add' | 'remove' | 'board', number, number];

/** Writes over 18 boards and 22 pins, some of which no graph here has a place for. */
const someWrites = fc.array(
  fc.tuple(
    fc.constantFrom('add', 'add', 'add', 'remove', 'board') satisfies fc.Arbitrary<Write[0]>,
    fc.nat(17),
    fc.nat(21),
  ),
  { maxLength: 200, size: 'max' },
);

/** What a live graph should be: pins by board, and owners. */
class Model {
  readonly pins = new Map<number, Set<number>>();
  readonly owners = new Map<number, number>();

  constructor(saves: readonly (readonly [number, number])[]) {
    for (const [board, pin] of saves) this.on(board).add(pin);
    for (let board = 0; board <= Math.max(...this.pins.keys()); board++) this.owners.set(board, board);
  }

  on(board: number): Set<number> {
    const pins = this.pins.get(board) ?? new Set();
    this.pins.set(board, pins);
    return pins;
  }

  build(size: GraphSize): PinBoardGraph {
    const saves = [...this.pins].flatMap(([board, pins]) => [...pins].map((pin) => [board, pin] as const));
    const boardToUser = sharedInt32Array(size.boards).fill(-1);
    for (const [board, user] of this.owners) boardToUser[board] = user;
    return buildGraph({
      boards: Int32Array.from(saves, ([board]) => board),
      pins: Int32Array.from(saves, ([, pin]) => pin),
      pinCount: size.pins,
      boardToUser,
      userCount: size.users,
    });
  }
}

/** Makes a write on both, and says whether they agree about it. */
function write(graph: LiveGraph, model: Model, [kind, board, other]: Write): void {
  const { pinToBoard, boardToPin } = graph.graph;
  if (kind === 'board') {
    const isThere = board < nodeCount(boardToPin) && other < graph.graph.userCount;
    expect(graph.addBoard(board, other)).toBe(isThere ? 'added' : 'full');
    if (isThere) model.owners.set(board, other);
    return;
  }
  const hadIt = model.on(board).has(other);
  const writes = graph.graph.writes![0]!;
  if (kind === 'remove') {
    expect(graph.removeSave(board, other)).toBe(hadIt);
    model.on(board).delete(other);
    expect(graph.graph.writes![0]).toBe(writes + Number(hadIt));
    return;
  }
  if (other >= nodeCount(pinToBoard) || board >= nodeCount(boardToPin)) {
    expect(graph.addSave(board, other)).toBe('full');
    return;
  }
  if (!model.owners.has(board)) {
    expect(() => graph.addSave(board, other)).toThrow(expect.objectContaining({ field: 'board' }));
    return;
  }
  const degreeMax = Math.max(degreeOf(pinToBoard, other), degreeOf(boardToPin, board));
  const { slots } = graph.remaining;
  const outcome = graph.addSave(board, other);
  if (hadIt) expect(outcome).toBe('exists');
  else if (outcome === 'full') expect(slots).toBeLessThanOrEqual(degreeMax);
  else {
    expect(outcome).toBe('added');
    model.on(board).add(other);
  }
  expect(graph.graph.writes![0]).toBe(writes + Number(outcome === 'added'));
  expect(graph.hasSave(board, other)).toBe(outcome !== 'full');
}

/** A live graph after some writes, and what it should be. */
const someLiveGraphs = fc
  .tuple(someSaves, someWrites, fc.oneof(fc.nat(60), fc.constant(1_000)))
  .map(([saves, writes, slots]) => {
    const graph = live(graphOf(saves, 16), { ...roomy, slots });
    const model = new Model(saves);
    for (const each of writes) write(graph, model, each);
    return { graph, fresh: model.build(graph.size) };
  });

describe('a live graph', () => {
  test('is, in its normal form, what a build of the same saves gives', () => {
    fc.assert(
      fc.property(someLiveGraphs, ({ graph, fresh }) => {
        assertGraph(graph.graph);
        expect(normalForm(graph.graph, graph.size)).toEqual(fresh);
        expect(saveCount(graph.graph)).toBe(saveCount(fresh));
      }),
      { numRuns: 300 },
    );
  });

  test('answers exactly as a build of the same saves', () => {
    const exact: readonly (readonly [AlgorithmName, Params])[] = [
      ['paths', {}],
      ['paths', { x: 0.8, y: 0.9, z: 0.2, sharpening: 0.5, boardSharpening: 0.304567 }],
      ['ppr', {}],
      ['itemknn', {}],
      ['popular', {}],
    ];
    fc.assert(
      fc.property(someLiveGraphs, fc.nat(20), ({ graph, fresh }, pin) => {
        fc.pre(pin < graph.size.pins);
        for (const [algorithm, params] of exact) {
          const [actual, expected] = [graph.graph, fresh].map((each) =>
            scoresOf((top) => new Engine(each).recommend(algorithm, queryOf(pin), params, 0, top)),
          );
          expectSameScores(actual!.scores, expected!.scores, 'largest');
          expect(actual!.stats.candidates).toBe(expected!.stats.candidates);
        }
      }),
    );
  });

  test('answers with the same bytes as the graph that it was made from, while nothing is written', () => {
    const { graph } = live(smallGraph);
    for (const { algorithm, params } of Object.values(presets)) {
      const [actual, expected] = [graph, smallGraph].map((each) =>
        scoresOf((top) => new Engine(each).recommend(algorithm, queryOf(1, 4), params, 7, top)),
      );
      expect(actual).toEqual(expected);
    }
  });

  test('gives new pins, boards and users their places, and tells what is left', () => {
    const { pins, boards, users } = sizeOf(smallGraph);
    const graph = live(smallGraph, { slots: 9, pins: 2, boards: 2, users: 2 });
    expect(graph.remaining).toEqual({ slots: 9, pins: 2, boards: 2, users: 2 });
    expect(graph.addBoard(boards, users + 1)).toBe('added');
    expect(graph.addSave(boards, pins + 1)).toBe('added');
    expect(graph.size).toEqual({ pins: pins + 2, boards: boards + 1, users: users + 2 });
    expect(graph.remaining).toEqual({ slots: 5, pins: 0, boards: 1, users: 0 });
    expect([...neighborsOf(graph.graph.pinToBoard, pins + 1)]).toEqual([boards]);
    expect(graph.graph.boardToUser[boards]).toBe(users + 1);
    expect(graph.graph.boardToUser[boards + 1]).toBe(-1);
  });

  test('takes the last places, then refuses what would need more and changes nothing', () => {
    const graph = live(smallGraph, { ...roomy, slots: 5 });
    // Pin 8 takes 4 places by pin, board 5, of one pin, 4 by board.
    expect(graph.addSave(5, 8)).toBe('added');
    expect(graph.remaining.slots).toBe(1);
    const before = structuredClone(graph.graph);
    // Pin 8 has room, board 4 has two pins and no place to move to.
    expect(graph.addSave(4, 8)).toBe('full');
    expect(graph.graph).toEqual(before);
    // Both have room left.
    expect(graph.removeSave(5, 0)).toBe(true);
    expect(graph.addSave(5, 0)).toBe('added');
    expect(graph.remaining.slots).toBe(1);
  });

  test('takes many saves at once as it takes them one by one', () => {
    fc.assert(
      fc.property(
        someSaves,
        fc.array(fc.tuple(fc.nat(11), fc.nat(17)), { maxLength: 300 }),
        (saves, more) => {
          const [one, many] = [0, 1].map(() =>
            live(graphOf([...saves, [11, 14] as const].filter(isFirst)), { ...roomy, pins: 3, slots: 90 }),
          );
          const outcomes = more.map(([board, pin]) => one!.addSave(board, pin));
          const full = outcomes.indexOf('full');
          const [boards, pins] = [0, 1].map((side) => Int32Array.from(more, (save) => save[side]!));
          const done = full < 0 ? more.length : full;
          const added = outcomes.slice(0, done).filter((outcome) => outcome === 'added').length;
          expect(many!.addSaves(boards!, pins!)).toEqual({ done, added });
          if (full < 0) expect(many!.graph).toEqual(one!.graph);
        },
      ),
    );
  });

  test('refuses what is no index, no size and no reserve', () => {
    const graph = live(smallGraph);
    const refusal = (field: string) => expect.objectContaining({ code: 'invalid-parameter', field });
    for (const index of [-1, 0.5, NaN, Infinity]) {
      expect(() => graph.addSave(0, index)).toThrow(refusal('pin'));
      expect(() => graph.addSave(index, 0)).toThrow(refusal('board'));
      expect(() => graph.addBoard(0, index)).toThrow(refusal('user'));
      expect([graph.hasSave(index, 0), graph.hasSave(0, index)]).toEqual([false, false]);
      expect([graph.removeSave(index, 0), graph.removeSave(0, index)]).toEqual([false, false]);
      expect(() => withReserve(smallGraph, { ...roomy, pins: index })).toThrow(refusal('reserve'));
    }
    expect(() => withReserve(smallGraph, { ...roomy, slots: 2 ** 31 })).toThrow(refusal('reserve'));
    expect(() => new LiveGraph(smallGraph, sizeOf(smallGraph))).toThrow(refusal('graph'));
    const size = { ...sizeOf(smallGraph), pins: 10 };
    expect(() => new LiveGraph(withReserve(smallGraph, { ...roomy, pins: 0 }), size)).toThrow(
      refusal('size'),
    );
  });

  test('that lost all its saves recommends nothing and fails nowhere', () => {
    const emptied = live(smallGraph);
    for (let board = 0; board < nodeCount(smallGraph.boardToPin); board++) {
      for (const pin of neighborsOf(smallGraph.boardToPin, board)) emptied.removeSave(board, pin);
    }
    expect(normalForm(emptied.graph, emptied.size)).toEqual({
      ...graphOf([], 9),
      boardToPin: { ...smallGraph.boardToPin, slices: sharedInt32Array(12), neighbors: sharedInt32Array(0) },
      boardToUser: smallGraph.boardToUser,
      userCount: 6,
    });
    for (const algorithm of ['pixie', 'paths', 'ppr', 'itemknn', 'popular'] as const) {
      const { stats, scores } = scoresOf((top) =>
        new Engine(emptied.graph).recommend(algorithm, queryOf(0, 4), {}, 1, top),
      );
      expect([stats.candidates, scores.size]).toEqual([0, 0]);
    }
  });

  test('gives the most saved pins of this moment', () => {
    const graph = live(smallGraph);
    const engine = new Engine(graph.graph);
    const best = () => {
      const top = new TopPins(1);
      engine.popular(top);
      return top.drain();
    };
    expect(best()).toEqual([{ pin: 0, score: 4 }]);
    for (let board = 0; board < 6; board++) graph.addSave(board, 8);
    expect(best()).toEqual([{ pin: 8, score: 6 }]);
  });

  test('has reasons for a pin that came a moment ago', () => {
    const graph = live(smallGraph);
    graph.addBoard(6, 6);
    for (const [board, pin] of [
      [3, 9],
      [6, 9],
      [6, 5],
    ] as const)
      graph.addSave(board, pin);
    const [reason] = findReasons(graph.graph, queryOf(5), [9], createReasonScratch());
    expect(reason!.via).toEqual([{ queryPin: 5, board: 6, paths: 2 }]);
  });

  test('has pins without PageRank and without communities, which take part all the same', () => {
    const ranked = [
      { pin: 1, score: 1 },
      { pin: 12, score: 1 },
    ];
    expect(correctHubs(ranked, Float32Array.of(0.25, 0.75), 1)).toEqual([
      { pin: 12, score: 1 },
      { pin: 1, score: 1 / 1.5 },
    ]);
    const communities = { levels: 2, pinCount: 2, pins: Int32Array.of(0, 0, 0, 0) };
    expect([similarity(communities, 0, 1), similarity(communities, 1, 2)]).toEqual([1, 0]);
  });
});

describe('biased walks on a live graph', () => {
  test('have a copy of it, sorted by features, which later writes leave alone', () => {
    fc.assert(
      fc.property(someLiveGraphs, ({ graph, fresh }) => {
        // Pins from 10 on are newer than the features.
        const pins = Int32Array.from({ length: 10 }, (_, pin) => pin % 3);
        const features = { pins, boards: boardFeaturesOf(fresh, pins) };
        const sorted = sortByFeature(graph.graph, features);
        const expected = sortByFeature(fresh, features);
        for (const side of ['pinToBoard', 'boardToPin'] as const) {
          for (let node = 0; node < nodeCount(fresh[side]); node++) {
            expect([...neighborsOf(sorted[side], node)]).toEqual([...neighborsOf(expected[side], node)]);
          }
        }
        const before = structuredClone(sorted);
        for (const pin of [0, 1, 2]) if (!graph.removeSave(0, pin)) graph.addSave(0, pin);
        expect(sorted).toEqual(before);
        expect(sorted.writes).toBeUndefined();
      }),
    );
  });
});

/** The same saves, after every slice has moved and been shuffled by saves that came and went. */
function churned(graph: PinBoardGraph): PinBoardGraph {
  const size = sizeOf(graph);
  const writer = live(graph, { ...roomy, slots: 10_000 });
  const stream = randomStream(5);
  const added: [number, number][] = [];
  for (let i = 0; i < 300; i++) {
    const [board, pin] = [nextBelow(stream, size.boards), nextBelow(stream, size.pins)];
    if (writer.addSave(board, pin) === 'added') added.push([board, pin]);
    else if (!added.some((save) => save[0] === board && save[1] === pin)) {
      writer.removeSave(board, pin);
      writer.addSave(board, pin);
    }
  }
  for (const [board, pin] of added) writer.removeSave(board, pin);
  return writer.graph;
}

const scratch = createWalkScratch();
describeWalker('the kernel, on a live graph', (graph, queryPin, steps, restartProbability, randomSeed) => {
  const { visits } = scratch;
  const walked = churned(graph);
  expect(normalForm(walked, sizeOf(graph))).toEqual({ ...graph, writes: undefined });
  visits.begin(steps, nodeCount(walked.pinToBoard));
  walkFrom(walked, queryPin, steps, restartProbability, randomSeed, scratch);
  return new Map(
    [...visits.touched.subarray(0, visits.size)].map((slot) => [
      visits.entries[2 * slot]!,
      visits.entries[2 * slot + 1]!,
    ]),
  );
});
