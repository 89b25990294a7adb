import { type GraphSize, type PinBoardGraph, sharedInt32Array, sizeOf } from '../engine/index.ts';
import { transpose } from '../engine/graph/build-graph.ts';

/**
 * The graph that a build of the same saves gives, byte for byte: slices packed and ascending, without unused nodes. Each
 * direction is built from the other one, so graphs with equal normal forms agree in both. Call it from the writing thread,
 * or while there are no writes. O(saves + nodes).
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
