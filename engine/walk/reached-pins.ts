import { type PinBoardGraph, nodeCount } from '../graph/index.ts';
import type { Candidates } from '../rank/index.ts';
import { type Functions, type Memory, Linker, createMemory } from '../wasm/index.ts';
import { boardBytes, log2SlotsMin, reachedLayout } from './reached-layout.ts';
import { hashMultiplier, reachedModule, readAhead } from './reached-module.ts';
import { stepsBase } from './round-steps.ts';
import { runBytes } from './spread-module.ts';

/** Pins handed out before {@link ReachedPins.next} returns: the fewer, the sooner a full top rejects the rest. */
const batchSize = 32;

/**
 * The pins that a walk reaches, in the order in which it reaches them, each with a share to be divided by `divisor`; and the
 * boards that give them their shares, with the edges between them. Sharpened walks pass over all these several times: the first
 * pass reads the graph, and the others find the shares in a dense list, in the cache (docs/perf-notes.md). The loops are
 * WebAssembly (reached-module.ts). One per thread, reused.
 *
 * Reserves 28 to 36 bytes a pin, 24 a board and 4 an edge of the graph; uses what the largest walk needs.
 *
 * As {@link Candidates}, hands out its pins in the order in which the walk reached them.
 */
export class ReachedPins implements Candidates {
  divisor = 1;
  nonzero = 0;
  /** Number of pins. */
  size = 0;
  /** Number of boards. */
  boardCount = 0;
  readonly nodes: Int32Array = new Int32Array(batchSize);
  readonly positions: Int32Array = new Int32Array(batchSize);
  values!: Float64Array;
  /** Of boards. */
  masses!: Float64Array;
  /** Another number for each board: a sum, or what to add. */
  amounts!: Float64Array;
  #pins!: Int32Array;
  #slots!: Int32Array;
  #log2Slots = log2SlotsMin;
  /** {@link boardBytes} for each. */
  #boards!: Int32Array;
  #edges!: Int32Array;
  #results!: Int32Array;
  #sum!: Float64Array;
  #memories: { readonly reached: Memory; readonly edges: Memory } | undefined;
  #layout = reachedLayout(0, 0);
  #edgesEnd = 0;
  #next = 0;
  #functions!: Functions;
  readonly #linker = new Linker(reachedModule);
  readonly #runs: Memory;

  /** @param runs Where runs of neighbors are planned (spread-module.ts). */
  constructor(runs: Memory) {
    this.#runs = runs;
  }

  /** Forgets all pins and boards, and makes room for those of a graph. O(pins of so many boards). */
  begin({ boardToPin, pinToBoard }: PinBoardGraph, boardsExpected = 0): void {
    const [pins, boards, edges] = [nodeCount(pinToBoard), nodeCount(boardToPin), boardToPin.neighbors.length];
    const { reached, edges: edgeMemory } = this.#memoriesFor(pins, boards, edges);
    const memories = {
      runs: this.#runs,
      reached,
      edges: edgeMemory,
      boardToPin: boardToPin.memory,
      pinToBoard: pinToBoard.memory,
    };
    this.#functions = this.#linker.link(reached, memories);
    this.size = 0;
    this.boardCount = 0;
    this.#useSlots(0);
    this.#makeRoom(Math.min(pins, boardsExpected * (edges / Math.max(boards, 1))));
    this.#edgesEnd = 0;
    this.divisor = 1;
  }

  /** Adds to the share of a pin. */
  add(pin: number, amount: number): void {
    this.#makeRoom(this.size + 1);
    const slot = this.#slotOf(pin);
    const known = this.#slots[slot]! - 1;
    const place = known < 0 ? this.size++ : known;
    if (known < 0) {
      this.#slots[slot] = place + 1;
      this.#pins[place] = pin;
      this.values[place] = 0;
    }
    this.values[place]! += amount;
  }

  /** Adds that many runs to the shares of their pins, and to the boards. */
  addRuns(runs: number): void {
    const { values, masses, slots, pins, boards } = this.#layout;
    this.#functions['gather']!(runBytes * runs, this.#edgesEnd);
    this.#makeRoom(this.size + (this.#results[2]! - this.#edgesEnd) / 4);
    const boardsEnd = boards + boardBytes * this.boardCount;
    const massesEnd = masses + 8 * this.boardCount;
    this.#functions['reach']!(
      runBytes * runs,
      this.size,
      boardsEnd,
      massesEnd,
      this.#edgesEnd,
      values,
      slots,
      this.#log2Slots,
      pins,
    );
    this.size = this.#results[0]!;
    this.boardCount = (this.#results[1]! - boards) / boardBytes;
    this.#edgesEnd = this.#results[2]!;
  }

  /**
   * Divides `steps` among the pins by their shares, rounded up or down at random, and calls `add` for those that get any, by
   * ascending pin. O(pins + s log s) for s pins with steps.
   */
  roundSteps(
    steps: number,
    { randomSeed, substream }: { readonly randomSeed: number; readonly substream: number },
    add: (pin: number, steps: number) => void,
  ): void {
    if (this.size === 0) return;
    const { values, amounts, pins } = this.#layout;
    const valuesEnd = values + 8 * this.size;
    this.#functions['roundSteps']!(
      values,
      valuesEnd,
      pins,
      amounts,
      this.divisor,
      steps,
      randomSeed,
      substream,
    );
    const drawn = this.amounts.subarray(0, (this.#results[0]! - amounts) / 8).toSorted();
    for (const pair of drawn) add(Math.floor(pair / stepsBase), pair % stepsBase);
  }

  /** Divides each share by the degree of its pin. O(pins). */
  divideByDegree(): void {
    const { values, pins } = this.#layout;
    if (this.size > 0) this.#functions['divideByDegree']!(values, values + 8 * this.size, pins, this.divisor);
    this.divisor = 1;
  }

  /** Leaves in `amounts` the sums of the shares of the pins of each of the first boards. O(their edges). */
  sumBoards(boards: number): void {
    this.#forBoards('sumBoards', boards);
  }

  /** Replaces all shares by the `amounts` of the first boards, each given to every pin of its board. O(pins + edges of these boards). */
  addBoards(boards: number): void {
    this.values.fill(0, 0, this.size);
    this.#forBoards('addBoards', boards);
  }

  #forBoards(name: string, count: number): void {
    const { amounts, boards, values } = this.#layout;
    if (count > 0) this.#functions[name]!(amounts, amounts + 8 * count, boards, values);
  }

  /** Sum over the pins of a reached board of (share / `divisor` - excess) / degree. */
  sumWindow(board: number, excess: number): number {
    const { values, pins } = this.#layout;
    const [start, end] = [this.#edgesBefore(board), this.#edgesBefore(board + 1)];
    this.#functions['sumWindow']!(start, end, values, pins, this.divisor, excess);
    return this.#sum[0]!;
  }

  /** How many pins of a reached board have a share of it. */
  pinCountOf(board: number): number {
    return (this.#edgesBefore(board + 1) - this.#edgesBefore(board)) / 4;
  }

  /** The degree of a reached board when it was reached. */
  degreeOf(board: number): number {
    return this.#boards[2 * board]!;
  }

  list(): number {
    return this.size;
  }

  listed(index: number): number {
    return this.values[index]!;
  }

  drop(pin: number): void {
    const place = this.#slots[this.#slotOf(pin)]! - 1;
    if (place >= 0) this.values[place] = 0;
  }

  restart(): void {
    this.#next = 0;
    this.nonzero = 0;
  }

  next(least: number): number {
    let found = 0;
    for (; this.#next < this.size && found < batchSize; this.#next++) {
      const value = this.values[this.#next]!;
      this.nonzero += Number(value !== 0);
      if (value <= least) continue;
      this.nodes[found] = this.#pins[this.#next]!;
      this.positions[found++] = this.#next;
    }
    return found;
  }

  /** The slot of a pin, or the empty one where it belongs. Terminates because the table is at most half full. */
  #slotOf(pin: number): number {
    const mask = 2 ** this.#log2Slots - 1;
    let slot = Math.imul(pin, hashMultiplier) >>> (32 - this.#log2Slots);
    while (this.#slots[slot] !== 0 && this.#pins[this.#slots[slot]! - 1] !== pin) slot = (slot + 1) & mask;
    return slot;
  }

  /** Makes the table large enough for that many pins. */
  #makeRoom(pins: number): void {
    if (2 * pins > 2 ** this.#log2Slots) this.#useSlots(Math.ceil(Math.log2(2 * pins)));
  }

  #useSlots(log2Slots: number): void {
    this.#log2Slots = Math.min(Math.max(log2Slots, log2SlotsMin), this.#layout.log2Slots);
    this.#slots.fill(0, 0, 2 ** this.#log2Slots);
    for (let place = 0; place < this.size; place++) this.#slots[this.#slotOf(this.#pins[place]!)] = place + 1;
  }

  /** In bytes. */
  #edgesBefore(board: number): number {
    return board === 0 ? 0 : this.#boards[2 * board - 1]!;
  }

  #memoriesFor(
    pins: number,
    boards: number,
    edges: number,
  ): { readonly reached: Memory; readonly edges: Memory } {
    const known = this.#memories;
    if (
      known !== undefined &&
      pins <= this.#pins.length &&
      2 * boards <= this.#boards.length &&
      edges <= this.#edges.length
    )
      return known;
    const layout = reachedLayout(pins, boards);
    const memories = { reached: createMemory(layout.bytes), edges: createMemory(4 * (edges + readAhead)) };
    const { buffer } = memories.reached;
    this.#layout = layout;
    this.#memories = memories;
    this.values = new Float64Array(buffer, layout.values, pins);
    this.amounts = new Float64Array(buffer, layout.amounts, Math.max(pins, boards));
    this.masses = new Float64Array(buffer, layout.masses, boards);
    this.#slots = new Int32Array(buffer, layout.slots, 2 ** layout.log2Slots);
    this.#pins = new Int32Array(buffer, layout.pins, pins);
    this.#boards = new Int32Array(buffer, layout.boards, 2 * boards);
    this.#results = new Int32Array(buffer, 0, 3);
    this.#sum = new Float64Array(buffer, 16, 1);
    this.#edges = new Int32Array(memories.edges.buffer, 0, edges);
    return memories;
  }
}
