import { registerHooks } from 'node:module';
import { expect, test } from 'vitest';
import type { Adjacency, PinBoardGraph, RandomStream } from '../../engine/index.ts';
import type { Candidates } from '../preset-candidates.ts';

// No proxy can stop WebAssembly between two loads; test/engine/live-hammer.test.ts walks in real threads.
const url = new URL('../reference/typescript-kernel.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === './walk-kernel.ts'
      ? { url, format: 'module-typescript', shortCircuit: true }
      : nextResolve(specifier, context),
});
const {
  Engine,
  LiveGraph,
  TopPins,
  createReasonScratch,
  findReasons,
  neighborsOf,
  nextBelow,
  nodeCount,
  randomStream,
  sizeOf,
  withReserve,
} = await import('../../engine/index.ts');
const { graphOf } = await import('../graphs.ts');
const { presetCandidates } = await import('../preset-candidates.ts');
const { hasMarksLeft } = await import('./marks-left.ts');

/** All neighbors of a node are in its component, its index modulo this number; component 0 has no saves. */
const components = 4;
const nodesPerSide = 10 * components;
const steps = 300;

/**
 * A graph that is written between any two loads of a reader: `beforeLoad` is called before every load from the slices,
 * with the kind and index of the node.
 */
function withWrites(
  graph: PinBoardGraph,
  beforeLoad: (side: 'pin' | 'board', node: number) => void,
): PinBoardGraph {
  const watched = (adjacency: Adjacency, side: 'pin' | 'board'): Adjacency => {
    const get = (target: typeof adjacency.slices, key: string | symbol): unknown => {
      if (typeof key === 'string' && /^\d+$/.test(key)) beforeLoad(side, Math.floor(Number(key) / 2));
      return Reflect.get(target, key, target);
    };
    return { ...adjacency, slices: new Proxy(adjacency.slices, { get }) };
  };
  return {
    ...graph,
    pinToBoard: watched(graph.pinToBoard, 'pin'),
    boardToPin: watched(graph.boardToPin, 'board'),
  };
}

/** A live graph, and writes to it: one at the node being read, and one elsewhere, so that slices interleave. */
function writer(stream: RandomStream): { graph: PinBoardGraph; write: (side: string, node: number) => void } {
  const saves = Array.from({ length: nodesPerSide }, (_, node) => [node, node] as const).filter(
    ([node]) => node % components !== 0,
  );
  const graph = withReserve(graphOf(saves, nodesPerSide), { slots: 200_000, pins: 0, boards: 0, users: 0 });
  const live = new LiveGraph(graph, sizeOf(graph));
  const writeAt = (side: string, node: number): void => {
    if (node % components === 0) return;
    const other = (node % components) + components * nextBelow(stream, nodesPerSide / components);
    const [board, pin] = side === 'pin' ? [other, node] : [node, other];
    if (nextBelow(stream, 2) === 0) return void live.addSave(board, pin);
    // Down to the last one, so that some nodes have just lost all their neighbors.
    for (const each of neighborsOf(graph.boardToPin, board).slice(nextBelow(stream, 3))) {
      live.removeSave(board, each);
    }
  };
  return {
    graph,
    write: (side, node) => {
      if (nextBelow(stream, 3) > 0) return;
      writeAt(side, node);
      writeAt('pin', nextBelow(stream, nodesPerSide));
    },
  };
}

test('readers of a live graph find only neighbors and finite scores, whatever is written between two loads', () => {
  const reasonScratch = createReasonScratch();
  const requests: readonly Candidates[] = [
    ...presetCandidates,
    ...(['pixie', 'paths', 'ppr', 'itemknn', 'popular'] as const).map((algorithm) => ({
      algorithm,
      params: {},
    })),
    { algorithm: 'pixie', params: { earlyStop: 'stable', popularityDiscount: 0.5 } } as const,
    { algorithm: 'pixie', params: { earlyStop: 'visits', boost: true } } as const,
    { algorithm: 'pixie', params: { boardShrinkage: 1.5, stepShares: 'paper' } } as const,
    {
      algorithm: 'pixie',
      params: { lastHop: 'spread', boardSharpening: 0.5, sharpening: 1, popularityDiscount: 1 },
    } as const,
    { algorithm: 'paths', params: { z: 1, sharpening: 1, boardSharpening: 1 } } as const,
    { algorithm: 'ppr', params: { popularityDiscount: 1 } } as const,
    { algorithm: 'itemknn', params: { shrinkage: 0 } } as const,
  ];
  let [nonEmpty, nodesChecked, loads, walks, loadsOfWalks] = [0, 0, 0, 0, 0];
  for (let seed = 0; seed < 100; seed++) {
    const stream = randomStream(seed);
    const { graph, write } = writer(stream);
    const beforeLoad = (side: string, node: number): void => {
      loads++;
      write(side, node);
    };
    const engine = new Engine(withWrites(graph, beforeLoad));
    const component = 1 + nextBelow(stream, components - 1);
    const pins = [component, component + components];
    const query = { pins, weights: [1, 2] };
    for (const { algorithm, params, specificity } of requests) {
      const top = new TopPins(10);
      const limited = algorithm === 'pixie' ? { ...params, steps } : params;
      const loadsBefore = loads;
      engine.recommend(algorithm, query, limited, seed, top, undefined, { specificity });
      if (algorithm === 'pixie') {
        walks++;
        loadsOfWalks += loads - loadsBefore;
      }
      const best = top.drain();
      expect(
        best.filter(({ score }) => !Number.isFinite(score)),
        algorithm,
      ).toEqual([]);
      const recommended = best.map(({ pin }) => pin);
      const reasons = findReasons(engine.graph, query, recommended, reasonScratch);
      expect(hasMarksLeft(reasonScratch)).toBe(false);
      // Popular pins are of any component.
      const nodes = algorithm === 'popular' ? [] : recommended;
      for (const { via, bridge } of algorithm === 'popular' ? [] : reasons) {
        for (const { board } of via) nodes.push(board);
        if (bridge !== undefined) nodes.push(bridge.board, bridge.pin, bridge.queryBoard);
      }
      expect(
        nodes.filter((node) => node % components !== component),
        algorithm,
      ).toEqual([]);
      nonEmpty += Number(best.length > 0);
      nodesChecked += nodes.length;
    }
    for (const side of ['pinToBoard', 'boardToPin'] as const) {
      for (let node = 0; node < nodeCount(engine.graph[side]); node++) {
        const wrong = neighborsOf(engine.graph[side], node).filter(
          (each) => (each - node) % components !== 0,
        );
        expect([...wrong]).toEqual([]);
      }
    }
  }
  // A step loads the slices of a board and a pin, where writes come between: it does in the twin alone.
  expect(loadsOfWalks / walks).toBeGreaterThan(steps);
  expect(nonEmpty).toBeGreaterThan(500);
  expect(nodesChecked).toBeGreaterThan(1_000);
});
