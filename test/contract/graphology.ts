import fc from 'fast-check';
import { UndirectedGraph } from 'graphology';
import { describe, expect, test } from 'vitest';
import { type PinBoardGraph, neighborsOf, nodeCount } from '../../engine/index.ts';
import type { PinwalkGraphology } from '../../graph-data/index.ts';
import type { AttributeOptions } from '../../graph-data/graphology/records.ts';
import { adjacencyOf, graphOf, smallGraph, someSaves } from '../graphs.ts';

/** A Graphology graph of the same pins, boards and saves, made by Graphology's own methods alone. */
export function plainGraphology(graph: PinBoardGraph, options: AttributeOptions = {}): PinwalkGraphology {
  const { pinAttributes, boardAttributes, saveAttributes } = options;
  const plain: PinwalkGraphology = new UndirectedGraph({ allowSelfLoops: false });
  for (let pin = 0; pin < nodeCount(graph.pinToBoard); pin++) {
    plain.addNode(`p${pin}`, { ...pinAttributes?.(pin), kind: 'pin', index: pin });
  }
  for (let board = 0; board < nodeCount(graph.boardToPin); board++) {
    plain.addNode(`b${board}`, { ...boardAttributes?.(board), kind: 'board', index: board });
  }
  for (let board = 0; board < nodeCount(graph.boardToPin); board++) {
    for (const pin of neighborsOf(graph.boardToPin, board)) {
      const attributes = { ...saveAttributes?.(pin, board) };
      plain.addUndirectedEdgeWithKey(`p${pin}-b${board}`, `p${pin}`, `b${board}`, attributes);
    }
  }
  return plain;
}

/** The graph as live appends leave it: slices anywhere, room between them, a board's pins in any order. */
export function loosened(graph: PinBoardGraph): PinBoardGraph {
  const loosen = ({ slices, neighbors }: PinBoardGraph['pinToBoard'], reverse: boolean) => {
    const loose = new Int32Array(slices.length);
    const pool: number[] = [];
    for (let node = slices.length / 2 - 1; node >= 0; node--) {
      const start = slices[2 * node]!;
      const own = [...neighbors.subarray(start, start + slices[2 * node + 1]!)];
      pool.push(0, 0, 0);
      loose.set([pool.length, own.length], 2 * node);
      pool.push(...(reverse ? own.toReversed() : own), 0, 0);
    }
    return adjacencyOf(loose, pool);
  };
  return {
    ...graph,
    pinToBoard: loosen(graph.pinToBoard, false),
    boardToPin: loosen(graph.boardToPin, true),
  };
}

export const isWrite = (method: string): boolean =>
  /^(add|merge|update|drop|clear|set|remove|replace|import)/.test(method);

/** All methods of a Graphology graph but the event emitter's. */
export const graphologyMethods: readonly string[] = Object.getOwnPropertyNames(
  Object.getPrototypeOf(UndirectedGraph.prototype),
).filter((name) => name !== 'constructor' && !name.startsWith('_'));

type Methods = Record<string, (...args: readonly unknown[]) => unknown>;
/** Stands for a callback among arguments. */
const callback = Symbol('callback');

/** What a call comes to: result or error, and what its callback was told. */
export function outcome(graph: PinwalkGraphology, method: string, args: readonly unknown[]): unknown {
  const told: unknown[][] = [];
  const listen = (...values: unknown[]): boolean => {
    told.push(values);
    return told.length % 3 === 0;
  };
  try {
    const given = args.map((arg) => (arg === callback ? listen : arg));
    return { result: plainValue((graph as unknown as Methods)[method]!(...given)), told };
  } catch (error) {
    const { name, message } = error as Error;
    return { name, message, told };
  }
}

function plainValue(value: unknown): unknown {
  if (typeof value === 'function') return 'a function';
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof UndirectedGraph || 'addNode' in value) return (value as PinwalkGraphology).export();
  return 'next' in value ? [...(value as unknown as Iterable<unknown>)] : value;
}

/** Arguments of every shape that some method takes, and so of shapes that most refuse. */
function argumentsOf(n: string, m: string, e: string): readonly unknown[][] {
  const places: unknown[][] = [[], [n], [n, m], [e]];
  const endings: unknown[][] = [[], [callback], [callback, 'from'], ['index'], ['colour']];
  return [
    ...places.flatMap((place) => endings.map((ending) => place.concat(ending))),
    [n, e],
    [e, n],
    [n, e, 'kind'],
    [{ multi: true }],
    [{ type: 'directed' }],
  ];
}

const options: AttributeOptions = {
  pinAttributes: (pin) => ({ colour: pin % 2 === 0 ? 'red' : 'blue' }),
  saveAttributes: (pin, board) => ({ weight: pin + 2 * board + 1 }),
};

/** Requires that a Graphology graph of a pinwalk graph behaves like a plain one of the same saves. */
export function describeGraphology(
  name: string,
  make: (graph: PinBoardGraph, options?: AttributeOptions) => PinwalkGraphology,
): void {
  const reads = graphologyMethods.filter((method) => !isWrite(method));

  describe(name, () => {
    test(`${name} has the properties of a plain graph`, () => {
      for (const graph of [smallGraph, graphOf([]), loosened(smallGraph)]) {
        expect(Object.assign({}, make(graph))).toEqual(Object.assign({}, plainGraphology(graph)));
      }
      expect(make(smallGraph)).toMatchObject({ order: 15, size: 15, undirectedSize: 15, directedSize: 0 });
      expect(make(smallGraph)).toMatchObject({ type: 'undirected', multi: false, allowSelfLoops: false });
    });

    test(`${name} returns for ${reads.length} read methods what a plain graph does, whatever the arguments`, () => {
      expect(reads.length).toBeGreaterThan(200);
      const node = fc.oneof(
        fc.nat(15).map((pin) => `p${pin}`),
        fc.nat(12).map((board) => `b${board}`),
        fc.constantFrom('', 'p', 'p01', 'p-1', 'p1.5', 'b1e0', 'x1', 'hasOwnProperty'),
      );
      const key = fc.tuple(fc.nat(15), fc.nat(12)).map(([pin, board]) => `p${pin}-b${board}`);
      const edge = fc.oneof(key, fc.constantFrom('', 'p0', 'p0-b0-', 'b0-p0', 'p00-b0', 'p0-p1'));
      const input = fc.record({ saves: someSaves, n: node, m: node, e: edge, save: fc.nat() });
      fc.assert(
        fc.property(input, fc.boolean(), fc.boolean(), ({ saves, n, m, e, save }, isLoose, hasOptions) => {
          const [board, pin] = saves[save % saves.length]!;
          const graph = isLoose ? loosened(graphOf(saves)) : graphOf(saves);
          const ours = make(graph, hasOptions ? options : {});
          const plain = plainGraphology(graph, hasOptions ? options : {});
          const calls = [
            ...argumentsOf(n, m, e),
            ...argumentsOf(`p${pin}`, `b${board}`, `p${pin}-b${board}`),
            ...argumentsOf(`b${board}`, `p${pin}`, `p${pin}-b${board}`),
          ];
          for (const method of reads) {
            for (const args of calls) {
              const [actual, expected] = [outcome(ours, method, args), outcome(plain, method, args)];
              expect(actual, `${method}(${args.map(String).join()})`).toEqual(expected);
            }
          }
        }),
        { numRuns: 12 },
      );
    });

    test(`${name} accepts listeners`, () => {
      const graph = make(smallGraph);
      const listener = (): void => {};
      graph.on('nodeAdded', listener);
      expect(graph.listeners('nodeAdded')).toEqual([listener]);
      expect(graph.emit('cleared')).toBe(false);
      graph.removeListener('nodeAdded', listener).setMaxListeners(20);
      expect(graph.listenerCount('nodeAdded')).toBe(0);
    });

    test(`${name} has mutable, independent copies`, () => {
      const graph = make(smallGraph, options);
      const copy = graph.copy();
      copy.setNodeAttribute('p0', 'colour', 'green');
      copy.dropNode('b0');
      expect(copy.hasNode('b0')).toBe(false);
      expect(copy.getNodeAttribute('p0', 'colour')).toBe('green');
      expect(graph.hasNode('b0')).toBe(true);
      expect(graph.getNodeAttribute('p0', 'colour')).toBe('red');
    });
  });
}
