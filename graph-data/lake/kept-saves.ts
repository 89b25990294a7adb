import { type Adjacency, createAdjacency } from '../../engine/graph/index.ts';

/** Keeps the pins of all boards while a first load writes the saves, four bytes each: a build then need not read them. */
export class KeptSaves {
  readonly #all: Adjacency;
  #saves = 0;

  /** Memory that no save needs takes no physical pages. */
  constructor(boards: number, savesMax: number) {
    this.#all = createAdjacency(boards, savesMax);
  }

  /** Saves come by board, then pin, each once. */
  add(board: number, pin: number): void {
    const { slices, neighbors } = this.#all;
    if (slices[2 * board + 1]!++ === 0) slices[2 * board] = this.#saves;
    neighbors[this.#saves++] = pin;
  }

  adjacency(): Adjacency {
    return { ...this.#all, neighbors: this.#all.neighbors.subarray(0, this.#saves) };
  }
}
