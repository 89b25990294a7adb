export {
  type Adjacency,
  type BoardIndex,
  type PinBoardGraph,
  type PinIndex,
  type UserIndex,
  degreeOf,
  neighborsOf,
  nodeCount,
  saveCount,
  sharedInt32Array,
} from './adjacency.ts';
export { assertGraph } from './assert-graph.ts';
export { type SavePairs, buildGraph, graphFromBoards, transpose } from './build-graph.ts';
