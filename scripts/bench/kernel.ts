import {
  type PinBoardGraph,
  type WalkScratch,
  TopPins,
  buildGraph,
  createWalkScratch,
  walkFrom,
  nodeCount,
  nextBelow,
  pixie,
  pixieDefaults,
  randomStream,
  saveCount,
  sharedInt32Array,
} from '../../engine/index.ts';
import { syntheticBoards } from '../../graph-data/index.ts';
import { type BenchCase, hashOf, median } from './case.ts';
import { oneWalkerKernel } from './one-walker-kernel.ts';

const steps = 200_000;
const restartProbability = 0.5;

/** The interleaved kernel against a single walker, alternating on the same queries. */
export function benchKernel(name: string, graph: PinBoardGraph, rounds: number): BenchCase {
  const queryPins = queriesOf(graph, 24);
  const scratch = createWalkScratch();
  const run = (walk: typeof oneWalkerKernel | typeof walkFrom): number => {
    const started = performance.now();
    for (const [seed, pin] of queryPins.entries()) {
      scratch.visits.begin(steps, nodeCount(graph.pinToBoard));
      walk(graph, pin, steps, restartProbability, seed, scratch);
    }
    return (queryPins.length * steps) / (performance.now() - started) / 1000;
  };
  run(oneWalkerKernel);
  run(walkFrom);
  const pairs = Array.from({ length: rounds }, () => [run(walkFrom), run(oneWalkerKernel)] as const);
  const hash = hashOf(queryPins.slice(0, 5).map((pin) => visitsOf(graph, pin, scratch)));
  return {
    name,
    value: median(pairs.map(([interleaved]) => interleaved)),
    unit: 'M steps/s',
    ratio: median(pairs.map(([interleaved, one]) => interleaved / one)),
    hash,
  };
}

/** A whole query: walk, ranking, top 20. */
export function benchQuery(name: string, graph: PinBoardGraph, rounds: number): BenchCase {
  const queryPins = queriesOf(graph, 24);
  const scratch = createWalkScratch();
  const times: number[] = [];
  let lists: unknown[] = [];
  for (let round = 0; round <= rounds; round++) {
    lists = queryPins.map((pin) => {
      const top = new TopPins(20);
      const started = performance.now();
      pixie(graph, { pins: [pin], weights: [1] }, pixieDefaults, 1, scratch, top);
      const best = top.drain();
      if (round > 0) times.push(performance.now() - started); // the first round warms up
      return best;
    });
  }
  return { name, value: median(times), unit: 'ms', ratio: null, hash: hashOf(lists) };
}

/** A synthetic graph, generated in memory. */
export function syntheticGraph(saves: number): PinBoardGraph {
  const boardCount = Math.floor(saves / 6.6);
  const pinCount = Math.floor(saves / 4);
  const boards = new Int32Array(saves);
  const pins = new Int32Array(saves);
  let size = 0;
  for (const each of syntheticBoards({ pins: pinCount, boards: boardCount, saves, topics: 50 })) {
    boards.fill(each.board, size, size + each.pins.length);
    pins.set(each.pins, size);
    size += each.pins.length;
  }
  return buildGraph({ boards, pins, pinCount, boardToUser: sharedInt32Array(boardCount), userCount: 1 });
}

/** Query pins drawn by degree, as in requests. */
export function queriesOf(graph: PinBoardGraph, count: number): number[] {
  const stream = randomStream(2026);
  const saves = saveCount(graph);
  return Array.from({ length: count }, () => graph.boardToPin.neighbors[nextBelow(stream, saves)]!);
}

/** The visit counts of a walk, by pin. */
export function visitsOf(graph: PinBoardGraph, pin: number, scratch: WalkScratch): [number, number][] {
  const { visits } = scratch;
  visits.begin(steps, nodeCount(graph.pinToBoard));
  walkFrom(graph, pin, steps, restartProbability, 1, scratch);
  return [...visits.touched.subarray(0, visits.size)]
    .map((slot): [number, number] => [visits.entries[2 * slot]!, visits.entries[2 * slot + 1]!])
    .toSorted((a, b) => a[0] - b[0]);
}
