import type { PinBoardGraph } from '../graph/index.ts';
import { Linker, createMemory } from '../wasm/index.ts';
import { kernelModule, variantName } from './kernel-module.ts';
import { laneCount, laneOffsets, lanesBytes } from './lane-layout.ts';
import type { VisitTable } from './visit-table.ts';

/** The memory of the lanes, and the kernel's module, linked to visit tables and graphs as walks need them. One per thread. */
export class Kernel {
  readonly #memory = createMemory(lanesBytes);
  readonly #linker = new Linker(kernelModule);

  /** A view of an array in the memory. */
  lanes(name: keyof typeof laneOffsets): Int32Array {
    return new Int32Array(this.#memory.buffer, laneOffsets[name], laneCount);
  }

  /** A variant of the kernel on a graph and a table. */
  variant(
    { pinToBoard, boardToPin }: PinBoardGraph,
    { memory: visits }: VisitTable,
    counts: 'pins' | 'boards',
    losesWalkers: boolean,
  ): (...parameters: number[]) => void {
    const functions = this.#linker.link(visits, {
      lanes: this.#memory,
      visits,
      pinToBoard: pinToBoard.memory,
      boardToPin: boardToPin.memory,
    });
    return functions[variantName(counts, losesWalkers)]!;
  }
}
