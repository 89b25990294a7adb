import { describe, expect, test } from 'vitest';
import { createAdjacency, neighborsOf, sharedInt32Array } from '../../engine/index.ts';
import { graphologyView, toGraphology } from '../../graph-data/index.ts';
import {
  describeGraphology,
  graphologyMethods,
  isWrite,
  loosened,
  outcome,
  plainGraphology,
} from '../contract/graphology.ts';
import { adjacencyOf, graphOf, smallGraph } from '../graphs.ts';

describeGraphology('a view', graphologyView);
describeGraphology('a copy', (graph, options) => toGraphology(graph, options));

describe('a view', () => {
  const view = graphologyView(smallGraph);

  test('a view refuses every write and names toGraphology', () => {
    const writes = graphologyMethods.filter(isWrite);
    expect(writes.length).toBeGreaterThan(70);
    for (const method of writes) {
      for (const args of [[], ['p0'], ['p0', 'b0'], ['p0', 'kind', 'x'], [{ nodes: [] }]]) {
        expect(outcome(view, method, args)).toMatchObject({
          name: 'UsageGraphError',
          message: expect.stringMatching(`^Graph.${method}: .*read-only view.*toGraphology`) as string,
        });
      }
    }
    expect(() => Object.assign(view.getNodeAttributes('p0'), { kind: 'x' })).toThrow(TypeError);
    expect(() => Object.assign(view.getEdgeAttributes('p0-b0'), { weight: 1 })).toThrow(TypeError);
    expect(view.export()).toEqual(plainGraphology(smallGraph).export());
  });

  test('a view has no neighbor named like a property of every object', () => {
    // In a plain graph, `__proto__` is a neighbor of every node, because it looks names up in plain objects.
    expect(graphologyView(smallGraph).areNeighbors('p0', '__proto__')).toBe(false);
  });

  test('a view sees appended saves, whatever the order of slices', () => {
    const graph = loosened(graphOf([[0, 2], [0, 1], [1, 1]], 4)); // prettier-ignore
    graph.pinToBoard.neighbors.set([1, 0], graph.pinToBoard.slices[2]);
    const live = graphologyView(graph);
    expect(live.neighbors('p1')).toEqual(['b1', 'b0']);
    expect(live.hasEdge('p3', 'b0')).toBe(false);
    const [pinStart, boardStart] = [graph.pinToBoard.slices[6]!, graph.boardToPin.slices[0]!];
    graph.pinToBoard.neighbors[pinStart] = 0;
    graph.boardToPin.neighbors[boardStart + 2] = 3;
    graph.pinToBoard.slices[7]!++;
    graph.boardToPin.slices[1]!++;
    expect(live.edge('p3', 'b0')).toBe('p3-b0');
    expect(live.neighbors('b0')).toEqual(['p2', 'p1', 'p3']);
    expect(graphologyView(graph).size).toBe(4);
  });

  test('a view counts, iterates and finds more than 2^24 edges', () => {
    const edges = 2 ** 24 + 1;
    const pinToBoard = createAdjacency(edges, edges);
    const boardToPin = createAdjacency(1, edges);
    for (let pin = 0; pin < edges; pin++) {
      pinToBoard.slices.set([pin, 1], 2 * pin);
      boardToPin.neighbors[pin] = pin;
    }
    boardToPin.slices[1] = edges;
    const large = graphologyView({
      pinToBoard,
      boardToPin,
      boardToUser: sharedInt32Array(1),
      userCount: 1,
    });
    expect(large.size).toBe(edges);
    expect(large.degree('b0')).toBe(edges);
    expect(large.extremities(`p${edges - 1}-b0`)).toEqual([`p${edges - 1}`, 'b0']);
    expect(large.findEdge((_edge, _attributes, source) => source === 'p1000')).toBe('p1000-b0');
  });
});

test('toGraphology copies the neighborhood of pins, nearest first, with all saves between its nodes', () => {
  const around = (pins: number[], radius: number, nodesMax = 100) =>
    toGraphology(smallGraph, { around: { pins, radius, nodesMax } });
  expect(around([4], 0).nodes()).toEqual(['p4']);
  expect(around([4], 1).nodes()).toEqual(['p4', 'b2', 'b3']);
  expect(around([4], 1).edges()).toEqual(['p4-b2', 'p4-b3']);
  expect(around([4], 2).nodes()).toEqual(['p4', 'b2', 'b3', 'p0', 'p3', 'p5', 'p6', 'p7']);
  expect(around([4], 2, 5).nodes()).toEqual(['p4', 'b2', 'b3', 'p0', 'p3']);
  expect(around([4], 2, 5).edges()).toEqual(['p0-b2', 'p3-b2', 'p4-b2', 'p4-b3']);
  expect(around([8, 8, 5], 1).nodes()).toEqual(['p8', 'p5', 'b3']);
  expect(around([4], 100).order).toBe(14); // all but pin 8, which has no board
  const whole = around([4, 8], 100);
  expect(whole.edges().toSorted()).toEqual(plainGraphology(smallGraph).edges().toSorted());
});

test('toGraphology returns a mutable graph with attributes', () => {
  const graph = toGraphology(smallGraph, {
    around: { pins: [5], radius: 1, nodesMax: 9 },
    pinAttributes: (pin) => ({ title: `Pin ${pin}` }),
  });
  expect(graph.getNodeAttributes('p5')).toEqual({ kind: 'pin', index: 5, title: 'Pin 5' });
  graph.setNodeAttribute('p5', 'title', 'other');
  graph.addNode('new', { kind: 'pin', index: 99 });
  expect(graph.order).toBe(3);
  expect(neighborsOf(smallGraph.pinToBoard, 5)).toEqual(Int32Array.of(3));
});

test.each([
  ['pins', { pins: [9], radius: 1, nodesMax: 1 }],
  ['pins', { pins: [-1], radius: 1, nodesMax: 1 }],
  ['pins', { pins: [0.5], radius: 1, nodesMax: 1 }],
  ['radius', { pins: [0], radius: -1, nodesMax: 1 }],
  ['radius', { pins: [0], radius: NaN, nodesMax: 1 }],
  ['nodesMax', { pins: [0], radius: 1, nodesMax: 0 }],
])('toGraphology refuses %s out of range', (field, around) => {
  expect(() => toGraphology(smallGraph, { around })).toThrow(
    expect.objectContaining({ code: 'invalid-parameter', field }),
  );
});

test('toGraphology refuses more edges than Graphology can hold', () => {
  const graph = { ...smallGraph, boardToPin: adjacencyOf([0, 2 ** 24, 0, 1], [0]) };
  expect(() => toGraphology(graph)).toThrow('at most 16777216 edges');
});
