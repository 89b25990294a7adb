import { parentPort, workerData } from 'node:worker_threads';
import {
  type PinBoardGraph,
  Engine,
  TopPins,
  createReasonScratch,
  findReasons,
  neighborsOf,
  nextBelow,
  nodeCount,
  presets,
  randomStream,
  walkFrom,
} from '../../engine/index.ts';

/**
 * A thread that reads a graph in every way there is while another one writes it. All neighbors of a node are of its
 * component, which its number tells; what was never written is 0, of a component that has no saves. So a read
 * outside a slice is seen. Writer and readers work on one group of nodes at a time, so that they meet.
 */

export const components = 16;
export const groups = 64;
/** On each side: 16 of each component. */
export const nodesPerGroup: number = 16 * components;
/** Says that a thread was started to read: the constants are for the other side too. */
export const readerName = 'live-reader';
/** Places of the control array. */
export const runningAt = 0;
export const isOverAt = 1;
export const groupAt = 2;

export interface Round {
  readonly graph: PinBoardGraph;
  readonly control: Int32Array<SharedArrayBuffer>;
  readonly seed: number;
}

export interface Readings {
  slices: number;
  walks: number;
  answers: number;
  /** Of these, those with something from another component. */
  wrong: number;
  /** Scores that are no finite numbers. */
  notFinite: number;
}

const algorithms = ['pixie', 'paths', 'ppr', 'itemknn'] as const;

function read({ graph, control, seed }: Round): Readings {
  const engine = new Engine(graph);
  const reasonScratch = createReasonScratch();
  const stream = randomStream(seed);
  const readings: Readings = { slices: 0, walks: 0, answers: 0, wrong: 0, notFinite: 0 };
  const someNode = (): number => {
    const node = control[groupAt]! * nodesPerGroup + nextBelow(stream, nodesPerGroup);
    return node % components === 0 ? node + 1 : node;
  };
  Atomics.add(control, runningAt, 1);
  while (Atomics.load(control, isOverAt) === 0) {
    for (let i = 0; i < 1_000; i++) {
      const adjacency = i % 2 === 0 ? graph.pinToBoard : graph.boardToPin;
      const node = someNode();
      for (const neighbor of neighborsOf(adjacency, node)) {
        if (neighbor % components !== node % components) readings.wrong++;
      }
      readings.slices++;
    }
    for (let i = 0; i < 20; i++) {
      const pin = someNode();
      const { visits } = engine.walkScratch;
      visits.begin(2_000, nodeCount(graph.pinToBoard));
      walkFrom(graph, pin, 2_000, 0.5, nextBelow(stream, 1e9), engine.walkScratch);
      for (const slot of visits.touched.subarray(0, visits.size)) {
        if (visits.entries[2 * slot]! % components !== pin % components) readings.wrong++;
      }
      readings.walks++;
    }
    const pin = someNode();
    const query = { pins: [pin], weights: [1] };
    const requests = [
      ...Object.values(presets),
      ...algorithms.map((algorithm) => ({ algorithm, params: {} })),
      { algorithm: 'paths', params: { z: 0.5, sharpening: 1, boardSharpening: 0.5 } } as const,
    ];
    for (const { algorithm, params } of requests) {
      const top = new TopPins(10);
      // As many steps as take no longer than the other ways to read.
      const few = algorithm === 'pixie' ? { ...params, steps: 2_000 } : params;
      engine.recommend(algorithm, query, few, nextBelow(stream, 1e9), top);
      const best = top.drain();
      const reasons = findReasons(
        graph,
        query,
        best.map((each) => each.pin),
        reasonScratch,
      );
      const named = best.map((each) => each.pin);
      for (const { via, bridge } of reasons) {
        for (const { board } of via) named.push(board);
        if (bridge !== undefined) named.push(bridge.board, bridge.pin, bridge.queryBoard);
      }
      for (const node of named) {
        if (node % components !== pin % components) readings.wrong++;
      }
      for (const { score } of best) if (!Number.isFinite(score)) readings.notFinite++;
      readings.answers++;
    }
  }
  if (reasonScratch.heads.some((head) => head !== 0)) throw new Error('reasons left marks behind');
  return readings;
}

if (workerData === readerName) {
  // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort!.on('message', (round: Round) => parentPort!.postMessage(read(round)));
}
