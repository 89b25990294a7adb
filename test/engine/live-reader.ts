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
  randomStream,
  walkFrom,
} from '../../engine/index.ts';
import { type Candidates, presetCandidates } from '../preset-candidates.ts';
import { hasMarksLeft } from './marks-left.ts';

/**
 * A thread that reads a graph by every kind of query while another thread writes it. All neighbors of a node are in its
 * component, its index modulo the number of components. Unwritten entries are 0, in a component without saves. So a read
 * outside a slice is detected. Writer and readers work on the same group of nodes at a time, so that they collide.
 */

export const components = 16;
export const groups = 64;
/** In each direction: 16 per component. */
export const nodesPerGroup: number = 16 * components;
/** The worker data of a reader thread; the main thread imports this file for its constants only. */
export const readerName = 'live-reader';
/** Indices of the control array. */
export const startedAt = 0;
export const stopAt = 1;
export const groupAt = 2;

export interface Round {
  readonly graph: PinBoardGraph;
  readonly control: Int32Array<SharedArrayBuffer>;
  readonly seed: number;
}

export interface Readings {
  slices: number;
  walks: number;
  queries: number;
  /** Nodes of another component. */
  wrong: number;
  /** Scores that are not finite. */
  nonFinite: number;
}

const algorithms = ['pixie', 'paths', 'ppr', 'itemknn'] as const;

function read({ graph, control, seed }: Round): Readings {
  const engine = new Engine(graph);
  const reasonScratch = createReasonScratch();
  const stream = randomStream(seed);
  const readings: Readings = { slices: 0, walks: 0, queries: 0, wrong: 0, nonFinite: 0 };
  const someNode = (): number => {
    const node = control[groupAt]! * nodesPerGroup + nextBelow(stream, nodesPerGroup);
    return node % components === 0 ? node + 1 : node;
  };
  Atomics.add(control, startedAt, 1);
  while (Atomics.load(control, stopAt) === 0) {
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
    const requests: readonly Candidates[] = [
      ...presetCandidates,
      ...algorithms.map((algorithm) => ({ algorithm, params: {} })),
      { algorithm: 'paths', params: { z: 0.5, sharpening: 1, boardSharpening: 0.5 } } as const,
    ];
    for (const { algorithm, params, specificity } of requests) {
      const top = new TopPins(10);
      // Few enough steps to take no longer than the other reads.
      const limited = algorithm === 'pixie' ? { ...params, steps: 2_000 } : params;
      engine.recommend(algorithm, query, limited, nextBelow(stream, 1e9), top, undefined, { specificity });
      const best = top.drain();
      const reasons = findReasons(
        graph,
        query,
        best.map((each) => each.pin),
        reasonScratch,
      );
      const nodes = best.map((each) => each.pin);
      for (const { via, bridge } of reasons) {
        for (const { board } of via) nodes.push(board);
        if (bridge !== undefined) nodes.push(bridge.board, bridge.pin, bridge.queryBoard);
      }
      for (const node of nodes) {
        if (node % components !== pin % components) readings.wrong++;
      }
      for (const { score } of best) if (!Number.isFinite(score)) readings.nonFinite++;
      readings.queries++;
    }
  }
  if (hasMarksLeft(reasonScratch)) throw new Error('reasons left marks behind');
  return readings;
}

if (workerData === readerName) {
  // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort!.on('message', (round: Round) => parentPort!.postMessage(read(round)));
}
