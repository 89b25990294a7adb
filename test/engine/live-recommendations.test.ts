import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AlgorithmName,
  type Params,
  type PinBoardGraph,
  Engine,
  TopPins,
  createAdjacency,
  createReasonScratch,
  createWalkScratch,
  findReasons,
  neighborsOf,
  nextBelow,
  nodeCount,
  randomStream,
  sizeOf,
  walkFrom,
} from '../../engine/index.ts';
import { describeWalker } from '../contract/walker.ts';
import { normalForm } from '../normal-form.ts';
import { graphOf, smallGraph } from '../graphs.ts';
import { presetCandidates } from '../preset-candidates.ts';
import { expectSameScores, queryOf, scoresOf } from '../scores.ts';
import { live, roomy, someLiveGraphs } from './live-model.ts';

test('a live graph has the exact scores of a build of the same saves', () => {
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

test('a live graph has the results of the original graph, byte for byte, until the first write', () => {
  const { graph } = live(smallGraph);
  for (const { algorithm, params, specificity } of presetCandidates) {
    const [actual, expected] = [graph, smallGraph].map((each) =>
      scoresOf((top) =>
        new Engine(each).recommend(algorithm, queryOf(1, 4), params, 7, top, undefined, { specificity }),
      ),
    );
    expect(actual).toEqual(expected);
  }
});

test('a live graph recommends nothing after losing all its saves', () => {
  const emptied = live(smallGraph);
  for (let board = 0; board < nodeCount(smallGraph.boardToPin); board++) {
    for (const pin of neighborsOf(smallGraph.boardToPin, board)) emptied.removeSave(board, pin);
  }
  expect(normalForm(emptied.graph, emptied.size)).toEqual({
    ...graphOf([], 9),
    boardToPin: createAdjacency(6, 0),
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

test('a live graph ranks popular pins by their current saves', () => {
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

test('a live graph explains a pin that was just added', () => {
  const graph = live(smallGraph);
  graph.addBoard(6, 6);
  for (const [board, pin] of [
    [3, 9],
    [6, 9],
    [6, 5],
  ] as const)
    graph.addSave(board, pin);
  const [reason] = findReasons(graph.graph, queryOf(5), [9], createReasonScratch());
  expect(reason!.via).toEqual([{ queryPin: 5, board: 6, paths: 2, isLowerBound: false }]);
});

/** The same saves, after additions and removals have moved and shuffled the slices. */
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
describeWalker('the kernel on a live graph', (graph, queryPin, steps, restartProbability, randomSeed) => {
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
