import louvain from 'graphology-communities-louvain';
import { connectedComponents, largestConnectedComponent } from 'graphology-components';
import gexf from 'graphology-gexf';
import betweenness from 'graphology-metrics/centrality/betweenness.js';
import pagerank from 'graphology-metrics/centrality/pagerank.js';
import { degreeCentrality } from 'graphology-metrics/centrality/degree.js';
import { density } from 'graphology-metrics/graph/density.js';
import diameter from 'graphology-metrics/graph/diameter.js';
import modularity from 'graphology-metrics/graph/modularity.js';
import { bidirectional, singleSourceLength } from 'graphology-shortest-path/unweighted.js';
import dijkstra from 'graphology-shortest-path/dijkstra.js';
import { bfsFromNode, dfs } from 'graphology-traversal';
import { describe, expect, test } from 'vitest';
import { nextUnit, randomStream } from '../../engine/index.ts';
import { type PinwalkGraphology, graphologyView, syntheticBoards } from '../../graph-data/index.ts';
import type { AttributeOptions } from '../../graph-data/graphology/records.ts';
import { loosened, plainGraphology } from '../contract/graphology.ts';
import { graphOf, smallGraph } from '../graphs.ts';

const options: AttributeOptions = {
  pinAttributes: (pin) => ({ label: `Pin ${pin}` }),
  saveAttributes: (pin, board) => ({ weight: 1 + ((pin + board) % 4) }),
};
const synthetic = graphOf(
  [...syntheticBoards({ pins: 60, boards: 50, saves: 300, topics: 3 })].flatMap(({ board, pins }) =>
    [...new Set(pins)].map((pin): [number, number] => [board, pin]),
  ),
);

/** These packages are CommonJS, a function each, which their types call `default`. */
function theFunction<Type>(commonJs: { readonly default: Type }): Type {
  return commonJs as unknown as Type;
}

const seeded = () => {
  const stream = randomStream(5);
  return { rng: () => nextUnit(stream) };
};

/** Graphology's standard library, which knows nothing of arrays. */
const library: Record<string, (graph: PinwalkGraphology) => unknown> = {
  'louvain communities': (graph) => theFunction(louvain).detailed(graph, seeded()),
  modularity: (graph) =>
    theFunction(modularity)(graph, { getNodeCommunity: (_node, { index }) => index % 3 }),
  density: (graph) => density(graph),
  'degree centrality': (graph) => degreeCentrality(graph),
  betweenness: (graph) => theFunction(betweenness)(graph),
  pagerank: (graph) => theFunction(pagerank)(graph, { getEdgeWeight: 'weight', maxIterations: 500 }),
  diameter: (graph) => theFunction(diameter)(graph),
  components: (graph) => connectedComponents(graph),
  'largest component': (graph) => largestConnectedComponent(graph),
  'breadth first': (graph) => walked((note) => bfsFromNode(graph, 'p0', note)),
  'depth first': (graph) => walked((note) => dfs(graph, note)),
  'shortest path': (graph) => bidirectional(graph, 'p1', 'b3'),
  'path lengths': (graph) => singleSourceLength(graph, 'b2'),
  'weighted path': (graph) => dijkstra.bidirectional(graph, 'p1', 'b3', 'weight'),
  'gexf file': (graph) => gexf.write(graph),
};

function walked(run: (note: (...visit: unknown[]) => void) => void): unknown[][] {
  const visits: unknown[][] = [];
  run((...visit) => void visits.push(visit));
  return visits;
}

describe.each(Object.entries(library))('%s', (_name, run) => {
  test.each([
    ['a small graph', smallGraph],
    ['a synthetic graph', synthetic],
    ['slices in any order', loosened(smallGraph)],
  ])('the result on a view equals that on a plain graph: %s', (_graph, graph) => {
    const result = run(graphologyView(graph, options));
    expect(result).toEqual(run(plainGraphology(graph, options)));
    expect(result).toBeTruthy();
  });
});
