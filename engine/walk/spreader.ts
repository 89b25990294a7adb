import { type Work, prices } from '../base/index.ts';
import { type PinBoardGraph, degreeOf, nodeCount } from '../graph/index.ts';
import { type Functions, type Memory, Linker, createMemory } from '../wasm/index.ts';
import type { ReachedPins } from './reached-pins.ts';
import type { Shares } from './shares-vector.ts';
import { resultsOffset, runBytes, runsMax, spreadModule } from './spread-module.ts';
import { spreadMax, windowOf } from './window.ts';
import type { VisitTable } from './visit-table.ts';

/**
 * Gives the masses of boards to their pins, which replaces the draw of a last hop by its expectation and so removes the draw's
 * variance (Rao-Blackwellisation). Of a board of more than 512 pins, a window of 512 at a random offset represents all, which
 * bounds the work and keeps the mean. The loops are WebAssembly (spread-module.ts). One per thread.
 */
export class Spreader {
  /** Runs of neighbors (spread-module.ts), and what its functions return. */
  readonly runs: Memory = createMemory(resultsOffset + 24);
  readonly #integers = new Int32Array(this.runs.buffer, 0, resultsOffset / 4);
  readonly #floats = new Float64Array(this.runs.buffer, 0, resultsOffset / 8);
  readonly #results = new Int32Array(this.runs.buffer, resultsOffset, 3);
  readonly #total = new Float64Array(this.runs.buffer, resultsOffset + 16, 1);
  readonly #linker = new Linker(spreadModule);
  /** Runs that wait to be added. */
  #runs = 0;

  /**
   * Shares of pins from visits counted at boards: visits / (degree + shrinkage) of each board for each of its pins. O(edges of the
   * boards), at most 512 per board. Ends when `work` is spent. Into `reached` instead of `shares`, if it is given.
   */
  spreadVisits(
    graph: PinBoardGraph,
    visits: VisitTable,
    boardShrinkage: number,
    randomSeed: number,
    shares: Shares,
    work: Work,
    reached?: ReachedPins,
  ): void {
    const { boardToPin, pinToBoard } = graph;
    const { entries, touched, size } = visits;
    if (reached === undefined) shares.begin(nodeCount(pinToBoard));
    else reached.begin(graph);
    const functions = this.#link(graph, visits, shares);
    const addRuns = (): void => {
      if (this.#runs === 0) return;
      if (reached === undefined) functions['addRuns']!(runBytes * this.#runs, shares.marksOffset);
      else reached.addRuns(this.#runs);
      this.#runs = 0;
    };
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
      if (this.#runs > runsMax - 2) addRuns();
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
    addRuns();
    reached?.spreadBoards();
    (reached ?? shares).divisor = total;
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
    const plan = (from: number, to: number): void => {
      const run = this.#runs++;
      this.#integers.set([neighbors.byteOffset + 4 * from, neighbors.byteOffset + 4 * to], 8 * run);
      this.#floats.set([amount, mass], 4 * run + 1);
      this.#integers.set([board, degree], 8 * run + 6);
    };
    plan(start + offset, start + offset + count - wrapped);
    if (wrapped > 0) plan(start, start + wrapped);
    return amount * count;
  }

  #link({ boardToPin }: PinBoardGraph, { memory: visits }: VisitTable, shares: Shares): Functions {
    const memories = { runs: this.runs, shares: shares.memory, visits, boardToPin: boardToPin.memory };
    return this.#linker.link(visits, memories);
  }
}
