import { type Work, prices } from '../base/index.ts';
import { type PinBoardGraph, degreeOf, nodeCount } from '../graph/index.ts';
import { nextBelow, randomStream } from '../random/index.ts';
import type { SparseVector } from '../sparse/index.ts';
import { type Functions, Linker, createMemory } from '../wasm/index.ts';
import type { Shares } from './shares-vector.ts';
import { resultsOffset, runBytes, runsMax, spreadModule } from './spread-module.ts';
import type { VisitTable } from './visit-table.ts';

/** The mass of a board is spread over at most this many of its pins. */
const spreadMax = 512;
const spreadStream = 0x4000_0002;

/**
 * Gives the masses of boards to their pins, which replaces the draw of a last hop by its expectation and so removes the draw's
 * variance (Rao-Blackwellisation). Of a board of more than 512 pins, a window of 512 at a random offset represents all, which
 * bounds the work and keeps the mean. The loops are WebAssembly (spread-module.ts). One per thread.
 */
export class Spreader {
  readonly #memory = createMemory(resultsOffset + 24);
  readonly #offsets = new Int32Array(this.#memory.buffer, 0, resultsOffset / 4);
  readonly #amounts = new Float64Array(this.#memory.buffer, 0, resultsOffset / 8);
  readonly #results = new Int32Array(this.#memory.buffer, resultsOffset, 3);
  readonly #total = new Float64Array(this.#memory.buffer, resultsOffset + 16, 1);
  readonly #linker = new Linker(spreadModule);
  /** Runs that wait to be added. */
  #runs = 0;

  /**
   * Shares of pins from visits counted at boards: visits / (degree + shrinkage) of each board for each of its pins. O(edges of the
   * boards), at most 512 per board. Ends when `work` is spent.
   */
  spreadVisits(
    graph: PinBoardGraph,
    visits: VisitTable,
    boardShrinkage: number,
    randomSeed: number,
    shares: Shares,
    work: Work,
  ): void {
    const { boardToPin, pinToBoard } = graph;
    const { entries, touched, size } = visits;
    shares.begin(nodeCount(pinToBoard));
    const functions = this.#link(graph, visits, shares);
    let total = 0;
    for (let i = 0; i < size;) {
      functions['planRuns']!(
        touched.byteOffset + 4 * i,
        touched.byteOffset + 4 * size,
        runBytes * this.#runs,
        boardToPin.neighbors.byteOffset,
        spreadMax,
        Math.min(work.left(prices.edge), 2 ** 31 - 1),
        boardShrinkage,
        total,
      );
      i = (this.#results[0]! - touched.byteOffset) / 4;
      this.#runs = this.#results[1]! / runBytes;
      work.take(this.#results[2]!, prices.edge);
      total = this.#total[0]!;
      if (this.#runs > runsMax - 2) this.#addRuns(functions, shares);
      else if (i < size) {
        // A long board, or one too many for the work that is left.
        const board = entries[2 * touched[i]!]!;
        const degree = degreeOf(boardToPin, board);
        const edges = Math.min(degree, spreadMax);
        if (work.take(edges, prices.edge) < edges) break;
        const mass = entries[2 * touched[i]! + 1]! / (degree + boardShrinkage);
        total += this.#planRuns(graph, board, mass, randomSeed);
        i++;
      }
    }
    this.#addRuns(functions, shares);
    shares.divisor = total;
  }

  /** Like {@link spreadVisits}, from the masses of boards. */
  spreadMasses(
    graph: PinBoardGraph,
    visits: VisitTable,
    masses: SparseVector,
    randomSeed: number,
    shares: Shares,
    work: Work,
  ): void {
    shares.begin(nodeCount(graph.pinToBoard));
    const functions = this.#link(graph, visits, shares);
    let total = 0;
    for (let i = 0; i < masses.size; i++) {
      const board = masses.nodes[i]!;
      const mass = masses.values[board]!;
      const edges = Math.min(degreeOf(graph.boardToPin, board), spreadMax);
      if (mass > 0 && work.take(edges, prices.edge) < edges) break;
      if (this.#runs > runsMax - 2) this.#addRuns(functions, shares);
      if (mass > 0) total += this.#planRuns(graph, board, mass, randomSeed);
    }
    this.#addRuns(functions, shares);
    shares.divisor = total;
  }

  /** One run for a board, or two if its window wraps around. Returns the mass that they give. */
  #planRuns({ boardToPin }: PinBoardGraph, board: number, mass: number, randomSeed: number): number {
    const { slices, neighbors } = boardToPin;
    const degree = slices[2 * board + 1]!;
    const start = slices[2 * board]!;
    // A board of a live graph may have lost all its pins since the visit.
    if (degree === 0) return 0;
    const { count, offset } = windowOf(board, degree, randomSeed);
    const amount = mass * (degree / count);
    const wrapped = Math.max(0, offset + count - degree);
    this.#plan(neighbors, start + offset, start + offset + count - wrapped, amount);
    if (wrapped > 0) this.#plan(neighbors, start, start + wrapped, amount);
    return amount * count;
  }

  #plan({ byteOffset }: Int32Array, start: number, end: number, amount: number): void {
    const run = this.#runs++;
    this.#offsets[4 * run] = byteOffset + 4 * start;
    this.#offsets[4 * run + 1] = byteOffset + 4 * end;
    this.#amounts[2 * run + 1] = amount;
  }

  #addRuns(functions: Functions, { marksOffset }: Shares): void {
    if (this.#runs > 0) functions['addRuns']!(runBytes * this.#runs, marksOffset);
    this.#runs = 0;
  }

  #link({ boardToPin }: PinBoardGraph, { memory: visits }: VisitTable, shares: Shares): Functions {
    const memories = { runs: this.#memory, shares: shares.memory, visits, boardToPin: boardToPin.memory };
    return this.#linker.link(visits, memories);
  }
}

/** The window of pins that represents a board: `count` pins from `offset` on, wrapping around. */
export function windowOf(
  board: number,
  degree: number,
  randomSeed: number,
): { count: number; offset: number } {
  if (degree <= spreadMax) return { count: degree, offset: 0 };
  return { count: spreadMax, offset: nextBelow(randomStream(randomSeed, board, spreadStream), degree) };
}
