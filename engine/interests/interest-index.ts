import { type PinBoardGraph, neighborsOf, nodeCount } from '../graph/index.ts';
import type { LeveledCommunities } from './grow-tree.ts';

/** Where a community of a level belongs: the number of an interest. */
interface Placed {
  readonly level: number;
  readonly community: number;
  readonly interest: number;
}

/** Boards of a pin that vote on where it belongs. */
const boardsMax = 32;

/** Finds the interest of a pin: that of its finest community that belongs to one. */
export class InterestIndex {
  readonly #graph: PinBoardGraph;
  readonly #communities: LeveledCommunities;
  readonly #interests: readonly Int32Array[];

  constructor(graph: PinBoardGraph, communities: LeveledCommunities, placed: readonly Placed[]) {
    this.#graph = graph;
    this.#communities = communities;
    const size = 1 + placed.reduce((max, { community }) => Math.max(max, community), -1);
    this.#interests = Array.from({ length: communities.levels }, () => new Int32Array(size).fill(-1));
    for (const { level, community, interest } of placed) this.#interests[level]![community] = interest;
  }

  /**
   * The interest of a pin; -1 if it has none. A pin without a community of some size, such as one newer than the build, is
   * where most of its boards are, ties to the smaller number. O(levels), or O(levels · boards), of up to 32.
   */
  of(pin: number): number {
    const { levels, pins } = this.#communities;
    const own = this.#at(pins, pins.length / levels, pin);
    if (own >= 0 || pin >= nodeCount(this.#graph.pinToBoard)) return own;
    const counts = new Map<number, number>();
    for (const board of neighborsOf(this.#graph.pinToBoard, pin).subarray(0, boardsMax)) {
      const interest = this.ofBoard(board);
      if (interest >= 0) counts.set(interest, (counts.get(interest) ?? 0) + 1);
    }
    return [...counts].reduce(
      (best, each) => (each[1] > best[1] || (each[1] === best[1] && each[0] < best[0]) ? each : best),
      [-1, 0],
    )[0];
  }

  /** The interest of a board of the build; -1 if it has none. O(levels). */
  ofBoard(board: number): number {
    const { levels, boards } = this.#communities;
    return this.#at(boards, boards.length / levels, board);
  }

  #at(communities: Int32Array, count: number, node: number): number {
    if (node >= count) return -1;
    for (const [level, interests] of this.#interests.entries()) {
      const interest = interests[communities[level * count + node]!];
      if (interest !== undefined && interest >= 0) return interest;
    }
    return -1;
  }
}
