import { UndirectedGraph } from 'graphology';
import louvainModule from 'graphology-communities-louvain';
import forceAtlas2Module from 'graphology-layout-forceatlas2';

/** The graph to lay out: x and y of node i are `positions[2 · i]` and the next number; an edge is two nodes in a row. */
export interface LayoutInput {
  readonly positions: Float32Array<ArrayBuffer>;
  /** Radii in pixels. */
  readonly sizes: Float32Array<ArrayBuffer>;
  readonly edges: Int32Array<ArrayBuffer>;
  /** The query pins. Nearly every node is connected to them, so they belong to no community. */
  readonly hubs: readonly number[];
}

/** First the communities, then positions several times; the last ones are `isDone`. */
export type LayoutResult =
  | { readonly communities: Int32Array<ArrayBuffer> }
  | { readonly positions: Float32Array<ArrayBuffer>; readonly isDone: boolean };

/** The worker's side of the channel, which the types of the DOM library do not have. */
const page = globalThis as unknown as {
  postMessage: (result: LayoutResult, transferred: Transferable[]) => void;
  addEventListener: (type: 'message', onMessage: (event: MessageEvent<LayoutInput>) => void) => void;
};
// The types of these packages do not describe ES modules.
const louvain = louvainModule as unknown as typeof louvainModule.default;
const forceAtlas2 = forceAtlas2Module as unknown as typeof forceAtlas2Module.default;

/** How strongly a save pulls its ends together; 1 between communities. */
const hubPull = 0.3;
const communityPull = 6;
const goldenAngle = Math.PI * (3 - Math.sqrt(5));
const iterationsAtOnce = 20;
const separations = 20;
/** The width of a typical drawing. */
const pixelsWide = 480;
/** Bounds the work: less than three seconds for 2,000 nodes on a slow machine. */
const iterationsOf = (nodes: number): number => (nodes > 800 ? 200 : nodes > 200 ? 300 : 500);

page.addEventListener('message', ({ data: { positions, sizes, edges, hubs } }) => {
  const communities = communitiesOf(positions, edges, new Set(hubs));
  const graph = graphOf(positions, edges, hubs, communities);
  page.postMessage({ communities }, [communities.buffer]);
  const nodes = graph.order;
  const settings = {
    ...forceAtlas2.inferSettings(graph),
    barnesHutOptimize: nodes > 400,
    barnesHutTheta: 0.8,
    linLogMode: true,
    gravity: 0.6,
    strongGravityMode: false,
    scalingRatio: 4,
  };
  const iterations = nodes > 1 ? iterationsOf(nodes) : 0;
  for (let done = 0; done < iterations; done += iterationsAtOnce) {
    forceAtlas2.assign(graph, { iterations: iterationsAtOnce, settings });
    postPositions(graph, false);
  }
  separate(graph, sizes);
  postPositions(graph, true);
});

function graphOf(
  positions: Float32Array,
  edges: Int32Array,
  hubs: readonly number[],
  communities: Int32Array,
): UndirectedGraph {
  const graph = new UndirectedGraph();
  for (let i = 0; 2 * i < positions.length; i++) {
    const [x, y] = [positions[2 * i]!, positions[2 * i + 1]!];
    const start = startOf(communities[i]!, positions.length / 2);
    graph.addNode(i, { x: x / 4 + start.x, y: y / 4 + start.y });
  }
  for (let i = 0; i < edges.length; i += 2) graph.addEdge(edges[i], edges[i + 1]);
  // Popular pins pull less and query pins least, otherwise everything would gather around them.
  graph.forEachEdge((edge, _attributes, pin, board) => {
    const isWithin = communities[Number(pin)] === communities[Number(board)];
    const pull = hubs.includes(Number(pin)) ? hubPull : isWithin ? communityPull : 1;
    graph.setEdgeAttribute(edge, 'weight', pull / Math.sqrt(graph.degree(pin)));
  });
  return graph;
}

/** Where a community starts: each in another direction from the center. */
function startOf(community: number, nodes: number): { x: number; y: number } {
  const radius = community < 0 ? 0 : 12 * Math.sqrt(nodes);
  return { x: radius * Math.cos(community * goldenAngle), y: radius * Math.sin(community * goldenAngle) };
}

/** Pushes nodes apart until few overlap, at their size when the whole picture is in view. */
function separate(graph: UndirectedGraph, sizes: Float32Array): void {
  const xs = new Float64Array(graph.order);
  const ys = new Float64Array(graph.order);
  graph.forEachNode((node, { x, y }) => {
    xs[Number(node)] = x as number;
    ys[Number(node)] = y as number;
  });
  const unit = Math.max(spanOf(xs), spanOf(ys)) / pixelsWide;
  for (let pass = 0; pass < separations; pass++) {
    for (let i = 0; i < xs.length; i++) {
      for (let j = i + 1; j < xs.length; j++) {
        const [dx, dy] = [xs[j]! - xs[i]!, ys[j]! - ys[i]!];
        const distance = Math.sqrt(dx * dx + dy * dy);
        const overlap = (sizes[i]! + sizes[j]! + 1) * unit - distance;
        if (overlap <= 0 || distance === 0) continue;
        const [stepX, stepY] = [(dx / distance) * overlap * 0.5, (dy / distance) * overlap * 0.5];
        xs[i]! -= stepX;
        ys[i]! -= stepY;
        xs[j]! += stepX;
        ys[j]! += stepY;
      }
    }
  }
  graph.updateEachNodeAttributes((node, attributes) => {
    attributes['x'] = xs[Number(node)];
    attributes['y'] = ys[Number(node)];
    return attributes;
  });
}

function spanOf(values: Float64Array): number {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) [least, most] = [Math.min(least, value), Math.max(most, value)];
  return most - least;
}

/** Louvain communities, visited in a fixed pseudo-random order. A node without edges is a community of its own. */
function communitiesOf(
  positions: Float32Array,
  edges: Int32Array,
  hubs: ReadonlySet<number>,
): Int32Array<ArrayBuffer> {
  const graph = new UndirectedGraph();
  const communities = new Int32Array(positions.length / 2).fill(-1);
  for (const i of communities.keys()) if (!hubs.has(i)) graph.addNode(i);
  for (let i = 0; i < edges.length; i += 2) {
    if (!hubs.has(edges[i]!) && !hubs.has(edges[i + 1]!)) graph.addEdge(edges[i], edges[i + 1]);
  }
  if (graph.size === 0) return communities;
  const found = louvain(graph, { rng: seeded(1) });
  for (const [node, community] of Object.entries(found)) communities[Number(node)] = community;
  return communities;
}

/** Pseudo-random numbers in [0, 1): a linear congruential generator with the constants of Numerical Recipes. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function postPositions(graph: UndirectedGraph, isDone: boolean): void {
  const positions = new Float32Array(2 * graph.order);
  let at = 0;
  graph.forEachNode((_node, { x, y }) => {
    positions[at++] = x as number;
    positions[at++] = y as number;
  });
  page.postMessage({ positions, isDone }, [positions.buffer]);
}
