// Programs that import pinwalk find these types only through this line.
// eslint-disable-next-line typescript/triple-slash-reference
/// <reference path="./ngraph-pagerank.d.ts" />
import pageRank from 'ngraph.pagerank';
import { EngineError } from '../../engine/base/index.ts';
import {
  type PinBoardGraph,
  neighborsOf,
  nodeCount,
  saveCount,
  sharedFloat32Array,
} from '../../engine/graph/index.ts';

/** PageRank of every pin and board; all ranks together sum to 1. */
interface PageRank {
  readonly pins: Float32Array<SharedArrayBuffer>;
  readonly boards: Float32Array<SharedArrayBuffer>;
}

interface PageRankOptions {
  /** Probability of following a save instead of jumping to a random node, in (0, 1). */
  readonly dampingFactor: number;
  /** Stops when an iteration changes the sum of ranks by less than this, in [1e-12, 1): below, rounding prevents it. */
  readonly tolerance: number;
}

/**
 * Each iteration multiplies the change by 0.85, so 1e-4 takes at most 61 iterations. The remaining error is at most 6e-4
 * summed over all ranks; on the sample graph, at most 1e-4 relative to any pin's rank.
 */
const pageRankDefaults: PageRankOptions = { dampingFactor: 0.85, tolerance: 1e-4 };

/**
 * Global PageRank of the undirected graph of pins and boards: the stationary distribution of a walker that follows a
 * random save with probability `dampingFactor`, and otherwise, or at a node without saves, jumps to a random pin or
 * board. Brin and Page, "The anatomy of a large-scale hypertextual web search engine", 1998,
 * doi:10.1016/S0169-7552(98)00110-X; computed by ngraph.pagerank.
 *
 * O(iterations · saves); besides the result, about 16 bytes per save and 60 per node while it runs. Deterministic.
 * Throws `invalid-parameter` for options out of range.
 */
export function globalPageRank(
  graph: PinBoardGraph,
  { dampingFactor, tolerance }: PageRankOptions = pageRankDefaults,
): PageRank {
  if (!(dampingFactor > 0 && dampingFactor < 1))
    throw new EngineError('invalid-parameter', 'dampingFactor', `${dampingFactor} is not between 0 and 1`);
  if (!(tolerance >= 1e-12 && tolerance < 1))
    throw new EngineError('invalid-parameter', 'tolerance', `${tolerance} is not in [1e-12, 1)`);
  const pinCount = nodeCount(graph.pinToBoard);
  const ranks = pageRank(linksOf(graph), dampingFactor, tolerance);
  const pins = sharedFloat32Array(pinCount);
  const boards = sharedFloat32Array(nodeCount(graph.boardToPin));
  for (let pin = 0; pin < pins.length; pin++) pins[pin] = ranks[pin]!;
  for (let board = 0; board < boards.length; board++) boards[board] = ranks[pinCount + board]!;
  return { pins, boards };
}

/**
 * Adapts the arrays to the graph interface of ngraph.pagerank: nodes are the pins, then the boards; a save is a link in
 * each direction. The package keeps no reference to the objects passed, so they are reused.
 */
function linksOf(graph: PinBoardGraph): Parameters<typeof pageRank>[0] {
  const pinCount = nodeCount(graph.pinToBoard);
  const nodesCount = pinCount + nodeCount(graph.boardToPin);
  return {
    getNodesCount: () => nodesCount,
    getLinksCount: () => 2 * saveCount(graph),
    forEachNode(callback) {
      const node = { id: 0 };
      for (; node.id < nodesCount; node.id++) callback(node);
    },
    forEachLinkedNode(id, callback) {
      const isPin = id < pinCount;
      const neighbors = isPin
        ? neighborsOf(graph.pinToBoard, id)
        : neighborsOf(graph.boardToPin, id - pinCount);
      const other = { id: 0 };
      const there = { fromId: id, toId: 0 };
      const back = { fromId: 0, toId: id };
      for (const neighbor of neighbors) {
        other.id = there.toId = back.fromId = isPin ? pinCount + neighbor : neighbor;
        callback(other, there);
        callback(other, back);
      }
    },
  };
}
