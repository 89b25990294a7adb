import type { PinBoardGraph } from '../graph/index.ts';
import { type Memory, type Module, compile, createMemory, instantiate } from '../wasm/index.ts';
import { kernelModule, variantName } from './kernel-module.ts';
import { laneCount, laneOffsets, lanesBytes } from './lane-layout.ts';
import type { VisitTable } from './visit-table.ts';

/** The module bound to a graph. */
interface Bound {
  readonly pins: Memory;
  readonly boards: Memory;
  readonly functions: ReturnType<typeof instantiate>;
}

/** The memory of the lanes, and the kernel's module, bound to visit tables and graphs as walks need them. One per thread. */
export class Kernel {
  readonly #memory = createMemory(lanesBytes);
  /** The latest graph, by the memory of a visit table. */
  readonly #bound = new WeakMap<Memory, Bound>();
  #module: Module | undefined;

  /** A view of an array in the memory. */
  lanes(name: keyof typeof laneOffsets): Int32Array {
    return new Int32Array(this.#memory.buffer, laneOffsets[name], laneCount);
  }

  /** A variant of the kernel on a graph and a table. Some 10 µs if either is another than before. */
  variant(
    graph: PinBoardGraph,
    { memory }: VisitTable,
    counts: 'pins' | 'boards',
    losesWalkers: boolean,
  ): (...parameters: number[]) => void {
    const [pins, boards] = [graph.pinToBoard.memory, graph.boardToPin.memory];
    let bound = this.#bound.get(memory);
    if (bound?.pins !== pins || bound.boards !== boards) {
      this.#module ??= compile(kernelModule());
      const memories = { lanes: this.#memory, visits: memory, pinToBoard: pins, boardToPin: boards };
      bound = { pins, boards, functions: instantiate(this.#module, memories) };
      this.#bound.set(memory, bound);
    }
    return bound.functions[variantName(counts, losesWalkers)]!;
  }
}
