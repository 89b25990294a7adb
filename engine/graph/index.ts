export {
  type Adjacency,
  type PinBoardGraph,
  type PinIndex,
  createAdjacency,
  degreeOf,
  liveCounters,
  neighborsOf,
  nodeCount,
  saveCount,
  sharedFloat32Array,
  sharedInt32Array,
} from './adjacency.ts';
export { type SavePairs, buildGraph, graphFromBoards } from './build-graph.ts';
export type { PinTopics } from './board-topics.ts';
export { DegreeHistogram, type DegreeSummary } from './degree-histogram.ts';
export { type NodeKind, nodeKinds, nodeNames } from './node-kind.ts';
export { type PruneOptions, type PruneReport, checkPruneOptions, pruneGraph } from './prune.ts';
