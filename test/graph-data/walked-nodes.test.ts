import graphology from 'graphology';
import gexf from 'graphology-gexf';
import { parse as parseGraphml } from 'graphology-graphml';
import { describe, expect, test } from 'vitest';
import { TopPins, WalkTrace, createWalkScratch, degreeOf, pixie } from '../../engine/index.ts';
import { graphFormatOf, toGraphology, walkedNodes, writeGraphology } from '../../graph-data/index.ts';
import { smallGraph } from '../graphs.ts';

function traceFrom(pins: readonly number[]): WalkTrace {
  const trace = new WalkTrace(smallGraph);
  const query = { pins, weights: pins.map(() => 1) };
  const top = new TopPins(5);
  pixie(smallGraph, query, { steps: 5_000 }, 1, createWalkScratch(), top, undefined, {
    onStep: trace.onStep,
  });
  return trace;
}

function nodesOf(pins: readonly number[], nodesMax: number) {
  const { pinVisits, boardVisits } = traceFrom(pins);
  return walkedNodes(smallGraph, { queryPins: pins, pinVisits, boardVisits, nodesMax });
}

test('walkedNodes returns the query pins, the most visited pins, and boards that hold two of them', () => {
  const { pinVisits } = traceFrom([5]);
  const nodes = nodesOf([5], 6);
  const pins = nodes.filter(({ kind }) => kind === 'pin').map(({ index }) => index);
  expect(pins).toHaveLength(3);
  expect(pins[0]).toBe(5);
  const least = Math.min(...pins.slice(1).map((pin) => pinVisits.visitCountOf(pin)));
  for (const other of [0, 1, 2, 3, 4, 6, 7].filter((pin) => !pins.includes(pin))) {
    expect(pinVisits.visitCountOf(other)).toBeLessThanOrEqual(least);
  }
  const graph = toGraphology(smallGraph, { nodes });
  const boards = nodes.filter(({ kind }) => kind === 'board');
  expect(boards.length).toBeGreaterThan(0);
  for (const { index } of boards) expect(graph.degree(`b${index}`)).toBeGreaterThanOrEqual(2);
});

test('walkedNodes never exceeds nodesMax, and returns all visited nodes if there is room', () => {
  for (let nodesMax = 2; nodesMax < 20; nodesMax++) {
    expect(nodesOf([0, 4, 5], nodesMax).length).toBeLessThanOrEqual(nodesMax);
  }
  const all = nodesOf([0], 1_000);
  expect(all.filter(({ kind }) => kind === 'pin')).toHaveLength(8);
  // Board 5 holds pin 0 alone: it leads nowhere.
  expect(
    all
      .filter(({ kind }) => kind === 'board')
      .map(({ index }) => index)
      .toSorted((a, b) => a - b),
  ).toEqual([0, 1, 2, 3, 4]);
  expect(degreeOf(smallGraph.boardToPin, 5)).toBe(1);
});

test('walkedNodes gives at most half of the pins to query pins', () => {
  const pins = nodesOf([1, 2, 3, 5, 6, 7], 8).filter(({ kind }) => kind === 'pin');
  expect(pins.slice(0, 2).map(({ index }) => index)).toEqual([1, 2]);
  expect(pins.map(({ index }) => index)).toContain(0); // the hub, visited most
});

describe('graph files', () => {
  const label = (pin: number) => `Pin <${pin}> & "co" \u0007 “é”`;
  const graph = toGraphology(smallGraph, {
    nodes: nodesOf([0, 5], 12),
    pinAttributes: (pin) => ({ label: label(pin), score: pin / 8, query: pin === 5, visits: pin }),
  });
  const read = {
    gexf: (text: string) => gexf.parse(graphology.UndirectedGraph, text),
    graphml: (text: string) => parseGraphml(graphology.UndirectedGraph, text),
    json: (text: string) => graphology.UndirectedGraph.from(JSON.parse(text)),
  };

  test.each(['gexf', 'graphml', 'json'] as const)(
    'a graph written as %s is read back with every attribute',
    async (format) => {
      const again = read[format](await writeGraphology(graph, format));
      expect(again.nodes()).toEqual(graph.nodes());
      expect(
        new Set(again.mapEdges((_edge, _attributes, source, target) => [source, target].toSorted().join())),
      ).toEqual(
        new Set(graph.mapEdges((_edge, _attributes, source, target) => [source, target].toSorted().join())),
      );
      const expected = { ...graph.getNodeAttributes('p5'), label: label(5) };
      if (format !== 'json') expected.label = label(5).replace('\u0007', '\uFFFD');
      expect(again.getNodeAttributes('p5')).toEqual(expected);
    },
  );

  test('graphFormatOf derives the format from the file extension', () => {
    expect(['a.gexf', 'B.GEXF', 'x.graphml', 'y.json', 'z.svg', 'gexf'].map(graphFormatOf)).toEqual([
      'gexf',
      'gexf',
      'graphml',
      'json',
      undefined,
      undefined,
    ]);
  });
});
