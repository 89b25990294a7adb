import { EngineError } from '../base/index.ts';
import { type Adjacency, type PinBoardGraph, createAdjacency, nodeCount } from './adjacency.ts';
import { assertGraph } from './assert-graph.ts';

/** Saves as two parallel columns, in any order, without duplicates. */
export interface SavePairs {
  readonly boards: Int32Array;
  readonly pins: Int32Array;
  readonly pinCount: number;
  readonly boardToUser: Int32Array<SharedArrayBuffer>;
  readonly userCount: number;
}

/**
 * Builds the graph of a list of saves, with neighbors ascending in both directions.
 *
 * O(saves + pins + boards) time, by counting sort. Throws `invalid-graph` if an index is out of range.
 */
export function buildGraph(pairs: SavePairs): PinBoardGraph {
  const { boards, pins, pinCount, boardToUser, userCount } = pairs;
  if (boards.length !== pins.length) {
    throw new EngineError('invalid-graph', 'pins', `${boards.length} boards but ${pins.length} pins`);
  }
  assertInRange('boards', boards, boardToUser.length);
  assertInRange('pins', pins, pinCount);
  const boardToPinUnsorted = groupPairs(boards, pins, boardToUser.length);
  const pinToBoard = transpose(boardToPinUnsorted, pinCount);
  const boardToPin = transpose(pinToBoard, boardToUser.length);
  return finishGraph({ pinToBoard, boardToPin, boardToUser, userCount });
}

/** Completes a graph from its board-to-pin direction, whose slices are packed and ascending. O(saves + nodes). */
export function graphFromBoards(
  boardToPin: Adjacency,
  pinCount: number,
  boardToUser: Int32Array<SharedArrayBuffer>,
  userCount: number,
): PinBoardGraph {
  return finishGraph({ pinToBoard: transpose(boardToPin, pinCount), boardToPin, boardToUser, userCount });
}

/**
 * The opposite direction of an adjacency. Source nodes are visited in order, so every target's neighbors come out
 * ascending, whatever the order within the source slices. O(saves + nodes).
 */
export function transpose(adjacency: Adjacency, targetCount: number): Adjacency {
  const { slices: sourceSlices, neighbors: sourceNeighbors } = adjacency;
  let saves = 0;
  for (let i = 1; i < sourceSlices.length; i += 2) saves += sourceSlices[i]!;
  const transposed = createAdjacency(targetCount, saves);
  const { slices, neighbors } = transposed;
  for (let source = 0; source < nodeCount(adjacency); source++) {
    const start = sourceSlices[2 * source]!;
    const end = start + sourceSlices[2 * source + 1]!;
    for (let edge = start; edge < end; edge++) slices[2 * sourceNeighbors[edge]! + 1]!++;
  }
  startSlices(slices);
  for (let source = 0; source < nodeCount(adjacency); source++) {
    const start = sourceSlices[2 * source]!;
    const end = start + sourceSlices[2 * source + 1]!;
    for (let edge = start; edge < end; edge++) append(slices, neighbors, sourceNeighbors[edge]!, source);
  }
  return transposed;
}

function groupPairs(sources: Int32Array, targets: Int32Array, sourceCount: number): Adjacency {
  const adjacency = createAdjacency(sourceCount, sources.length);
  const { slices, neighbors } = adjacency;
  for (let i = 0; i < sources.length; i++) slices[2 * sources[i]! + 1]!++;
  startSlices(slices);
  for (let i = 0; i < sources.length; i++) append(slices, neighbors, sources[i]!, targets[i]!);
  return adjacency;
}

/** Turns degrees into packed starts and resets the degrees to 0, ready for {@link append}. */
function startSlices(slices: Int32Array): void {
  let start = 0;
  for (let i = 0; i < slices.length; i += 2) {
    slices[i] = start;
    start += slices[i + 1]!;
    slices[i + 1] = 0;
  }
}

function append(slices: Int32Array, neighbors: Int32Array, node: number, neighbor: number): void {
  neighbors[slices[2 * node]! + slices[2 * node + 1]!++] = neighbor;
}

function assertInRange(field: string, indices: Int32Array, limit: number): void {
  for (let i = 0; i < indices.length; i++) {
    if (indices[i]! < 0 || indices[i]! >= limit) {
      throw new EngineError('invalid-graph', field, `${field}[${i}] = ${indices[i]}, not in [0, ${limit})`);
    }
  }
}

function finishGraph(graph: PinBoardGraph): PinBoardGraph {
  assertGraph(graph);
  return graph;
}
