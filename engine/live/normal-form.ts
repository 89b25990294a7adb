import { type PinBoardGraph, nodeCount, sharedInt32Array, transpose } from '../graph/index.ts';
import type { GraphSize } from './live-graph.ts';

/**
 * The graph that a build of the same saves gives, byte for byte: slices packed and ascending, and no more nodes than
 * `size` tells. Each direction is made from the other one, so two graphs whose normal forms are equal are equal in
 * both. For the thread that writes, or while nobody does. O(saves + nodes).
 */
export function normalForm(graph: PinBoardGraph, size: GraphSize = sizeOf(graph)): PinBoardGraph {
  const boardToUser = sharedInt32Array(size.boards);
  boardToUser.set(graph.boardToUser.subarray(0, size.boards));
  return {
    pinToBoard: transpose(graph.boardToPin, size.pins),
    boardToPin: transpose(graph.pinToBoard, size.boards),
    boardToUser,
    userCount: size.users,
  };
}

/** The size of a graph of which everything is in use. */
export function sizeOf({ pinToBoard, boardToPin, userCount }: PinBoardGraph): GraphSize {
  return { pins: nodeCount(pinToBoard), boards: nodeCount(boardToPin), users: userCount };
}
