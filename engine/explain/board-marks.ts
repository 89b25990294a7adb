import type { PinBoardGraph } from '../graph/index.ts';
import { type Functions, type Memory, Linker, createMemory } from '../wasm/index.ts';
import { comparedMax } from './limits.ts';
import { countOffset, foundOffset, marksModule, marksOffset } from './marks-module.ts';

/**
 * Marks on boards that hold a query pin, one byte for each board of the graph, so that most look-ups hit the cache, and the list of
 * marked boards. The loops are WebAssembly (marks-module.ts): marking takes 0.4, counting 0.6 of the time of TypeScript
 * (docs/perf-notes.md). One per thread, reused.
 */
export class BoardMarks {
  /** By board: 1 if it is marked. All 0 between searches. */
  marks!: Uint8Array;
  /** The marked boards; a board appears once for each query pin on it. */
  boards!: Int32Array;
  /** The marked boards that {@link count} found first. */
  found!: Int32Array;
  #memory!: Memory;
  #results!: Int32Array;
  #functions: Functions | undefined;
  readonly #linker = new Linker(marksModule);

  constructor() {
    this.#use(0, 0);
  }

  /** Makes room for marks on boards in [0, boardCount) and for a list of that many. Nothing may be marked. */
  reserve(boardCount: number, listed: number): void {
    if (this.marks.length >= boardCount && this.boards.length >= listed) return;
    this.#use(Math.max(boardCount, this.marks.length), Math.max(listed, this.boards.length));
  }

  /** Marks the first boards of the list, so that neighbors in a graph can be counted. O(size). */
  mark({ pinToBoard: { memory } }: PinBoardGraph, size: number): void {
    this.#functions = this.#linker.link(memory, { own: this.#memory, pinToBoard: memory });
    this.#set(size, 1);
  }

  /** Clears the marks of the first boards of the list, and keeps nothing of the graph. O(size). */
  unmark(size: number): void {
    this.#set(size, 0);
    this.#functions = undefined;
  }

  /** The number of marked boards among neighbors [start, end) of pins. The first 32 are in `found`. O(end − start). */
  count({ pinToBoard }: PinBoardGraph, start: number, end: number): number {
    const { byteOffset } = pinToBoard.neighbors;
    this.#functions!['count']!(byteOffset + 4 * start, byteOffset + 4 * end, comparedMax);
    return this.#results[0]!;
  }

  #set(size: number, mark: 0 | 1): void {
    const start = this.boards.byteOffset;
    this.#functions!['setMarks']!(start, start + 4 * size, mark);
  }

  #use(boards: number, listed: number): void {
    const listOffset = marksOffset + 4 * Math.ceil(boards / 4);
    const memory = createMemory(listOffset + 4 * listed);
    const { buffer } = memory;
    this.#memory = memory;
    this.#results = new Int32Array(buffer, countOffset, 1);
    this.found = new Int32Array(buffer, foundOffset, comparedMax);
    this.marks = new Uint8Array(buffer, marksOffset, boards);
    this.boards = new Int32Array(buffer, listOffset, listed);
  }
}
