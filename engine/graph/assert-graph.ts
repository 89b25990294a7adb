import { EngineError } from '../base/index.ts';
import { type Adjacency, type PinBoardGraph, degreeOf, nodeCount } from './adjacency.ts';

/**
 * Throws `invalid-graph` unless every slice lies inside `neighbors`, every neighbor is a node of the other side,
 * both directions hold equally many saves, and every board with saves has an owner.
 *
 * The kernels check no bounds, so every graph passes through here once. O(saves + nodes).
 */
export function assertGraph(graph: PinBoardGraph): void {
  const { pinToBoard, boardToPin, boardToUser, userCount } = graph;
  const pinCount = nodeCount(pinToBoard);
  const boardCount = nodeCount(boardToPin);
  const savesByPin = assertAdjacency('pinToBoard', pinToBoard, boardCount);
  const savesByBoard = assertAdjacency('boardToPin', boardToPin, pinCount);
  if (savesByPin !== savesByBoard) {
    fail('pinToBoard', `${savesByPin} saves by pin but ${savesByBoard} by board`);
  }
  if (boardToUser.length !== boardCount) {
    fail('boardToUser', `${boardToUser.length} owners for ${boardCount} boards`);
  }
  for (let board = 0; board < boardCount; board++) {
    const owner = boardToUser[board]!;
    if (owner === -1 && degreeOf(boardToPin, board) === 0) continue;
    if (owner < 0 || owner >= userCount) {
      fail('boardToUser', `board ${board} is owned by ${owner}, not in [0, ${userCount})`);
    }
  }
}

function assertAdjacency(field: string, adjacency: Adjacency, targetCount: number): number {
  const { slices, neighbors } = adjacency;
  if (slices.length % 2 !== 0) fail(field, `${slices.length} slice entries, not two per node`);
  let saves = 0;
  for (let node = 0; node < slices.length / 2; node++) {
    const start = slices[2 * node]!;
    const degree = slices[2 * node + 1]!;
    if (start < 0 || degree < 0 || start + degree > neighbors.length) {
      fail(field, `node ${node}: slice ${start}+${degree} exceeds ${neighbors.length} neighbors`);
    }
    saves += degree;
    for (let edge = start; edge < start + degree; edge++) {
      const neighbor = neighbors[edge]!;
      if (neighbor < 0 || neighbor >= targetCount) {
        fail(field, `node ${node}: neighbor ${neighbor}, not in [0, ${targetCount})`);
      }
    }
  }
  return saves;
}

function fail(field: string, message: string): never {
  throw new EngineError('invalid-graph', field, `${field}: ${message}`);
}
