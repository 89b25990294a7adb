import { check } from '../check.ts';
import {
  type Adjacency,
  type PinBoardGraph,
  buildGraph,
  degreeOf,
  neighborsOf,
  nodeCount,
} from '../graph/index.ts';
import { nextUnit, randomStream } from '../random/index.ts';

/** A split of a graph's saves. */
export interface SaveSplit {
  /** The graph without the held-out saves; its numbering is the same. */
  readonly train: PinBoardGraph;
  /** Held-out pins by board. */
  readonly heldOut: Adjacency;
}

/**
 * Holds out a share of the saves at random, seeded: each save by a draw of its board's stream, but leaves every
 * board a pin. For choosing parameters without a look at the test part. O(saves). Throws `invalid-parameter`.
 */
export function splitSaves(graph: PinBoardGraph, share: number, randomSeed: number): SaveSplit {
  check(share > 0 && share < 1, 'share', `${share} is not between 0 and 1`);
  const kept = { boards: [] as number[], pins: [] as number[] };
  const heldOut = { boards: [] as number[], pins: [] as number[] };
  for (let board = 0; board < nodeCount(graph.boardToPin); board++) {
    const stream = randomStream(randomSeed, board);
    let left = degreeOf(graph.boardToPin, board);
    for (const pin of neighborsOf(graph.boardToPin, board)) {
      const side = nextUnit(stream) < share && left > 1 ? heldOut : kept;
      if (side === heldOut) left--;
      side.boards.push(board);
      side.pins.push(pin);
    }
  }
  const graphFrom = ({ boards, pins }: typeof kept): PinBoardGraph =>
    buildGraph({
      boards: Int32Array.from(boards),
      pins: Int32Array.from(pins),
      pinCount: nodeCount(graph.pinToBoard),
      boardToUser: graph.boardToUser,
      userCount: graph.userCount,
    });
  return { train: graphFrom(kept), heldOut: graphFrom(heldOut).boardToPin };
}
