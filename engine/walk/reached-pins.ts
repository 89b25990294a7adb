import { type Adjacency, type PinBoardGraph, nodeCount } from '../graph/index.ts';
import type { Candidates } from '../rank/index.ts';
import { NodeFilter } from '../sparse/index.ts';
import { type Functions, type Memory, Linker, createMemory, memoryBytesMax } from '../wasm/index.ts';
import { sortedBytes } from './number-pins.ts';
import { boardBytes, foundMax, reachedLayout } from './reached-layout.ts';
import { degreeUnknown, reachedModule } from './reached-module.ts';
import { stepsBase } from './round-steps.ts';
import { runBytes } from './spread-module.ts';

/**
 * The pins that a walk reaches, each with a share to be divided by `divisor`; and the
 * boards that give them their shares, with the edges between them. Sharpened walks pass over all these several times: the first
 * pass reads the graph and numbers the pins, and the others find the shares in a dense list, in the cache (docs/perf-notes.md). The loops are
 * WebAssembly (reached-module.ts). One per thread, reused.
 *
 * Reserves 20 bytes a pin, 24 a board and 12 an edge of the graph; uses what the largest walk needs.
 *
 * As {@link Candidates}, hands out its pins in the order of their numbers.
 */
export class ReachedPins implements Candidates {
  divisor = 1;
  nonzero = 0;
  /** Number of pins. */
  size = 0;
  /** Number of boards. */
  boardCount = 0;
  readonly nodes: Int32Array = new Int32Array(foundMax + 2);
  readonly positions: Int32Array = new Int32Array(foundMax + 2);
  values!: Float64Array;
  /** Of boards. */
  masses!: Float64Array;
  /** Another number for each board: a sum, or what to add. */
  amounts!: Float64Array;
  #pins!: Int32Array;
  #found!: Int32Array;
  /** Of each bucket: its edges, later where they begin among the sorted ones. */
  #buckets!: Int32Array;
  /** {@link boardBytes} for each. */
  #boards!: Int32Array;
  #edgesMax = 0;
  #results!: Int32Array;
  #sum!: Float64Array;
  #memories: ReachedMemories | undefined;
  #layout = reachedLayout(0, 0);
  #edgesEnd = 0;
  #next = 0;
  #tabulated: Adjacency | undefined;
  #hasDegreeTable = false;
  #degrees: Memory = createMemory(0);
  #functions!: Functions;
  readonly #linker = new Linker(reachedModule);
  readonly #runs: Memory;

  /** @param runs Where runs of neighbors are planned (spread-module.ts). */
  constructor(runs: Memory) {
    this.#runs = runs;
  }

  /** Forgets all pins and boards, and makes room for those of a graph. O(pins / 2^16). */
  begin(graph: PinBoardGraph): void {
    const { boardToPin, pinToBoard } = graph;
    const own = this.#memoriesFor(nodeCount(pinToBoard), nodeCount(boardToPin), boardToPin.neighbors.length);
    this.#tabulate(graph);
    const memories = {
      ...own,
      runs: this.#runs,
      degrees: this.#degrees,
      boardToPin: boardToPin.memory,
      pinToBoard: pinToBoard.memory,
    };
    this.#functions = this.#linker.link(own.reached, memories);
    this.size = 0;
    this.boardCount = 0;
    this.#buckets.fill(0);
    this.#edgesEnd = 0;
    this.divisor = 1;
  }

  /** Adds a pin that is not there yet. */
  add(pin: number, share: number): void {
    this.#pins[this.size] = pin;
    this.values[this.size++] = share;
  }

  /** Adds the boards of that many runs; {@link spreadBoards} adds their pins. */
  addRuns(runs: number): void {
    const { masses, amounts, buckets, boards } = this.#layout;
    this.#functions['gather']!(
      runBytes * runs,
      this.#edgesEnd,
      buckets,
      boards + boardBytes * this.boardCount,
      masses + 8 * this.boardCount,
      amounts + 8 * this.boardCount,
    );
    this.#edgesEnd = this.#results[0]!;
    this.boardCount = (this.#results[1]! - boards) / boardBytes;
  }

  /** Adds the pins of all boards, with what these give them. O(their edges). */
  spreadBoards(): void {
    if (this.#edgesEnd === 0) return;
    let end = 0;
    for (const [bucket, edges] of this.#buckets.entries()) {
      this.#buckets[bucket] = end;
      end += sortedBytes * edges;
    }
    const { numbers, buckets, bucketCount, pins } = this.#layout;
    this.#functions['numberPins']!(this.#edgesEnd, buckets, buckets + 4 * bucketCount, numbers, pins);
    this.size = this.#results[0]!;
    this.addBoards(this.boardCount);
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

  /** Leaves the degree of each pin in `amounts`, at least 1. O(pins). */
  readDegrees(): void {
    const { pins, amounts } = this.#layout;
    const name = this.#hasDegreeTable ? 'readDegreeBytes' : 'readDegrees';
    if (this.size > 0) this.#functions[name]!(pins, pins + 4 * this.size, amounts);
  }

  /** Divides each share by the degree of its pin, from {@link readDegrees}. O(pins). */
  divideByDegree(): void {
    const { values, amounts } = this.#layout;
    if (this.size > 0)
      this.#functions['divideByDegree']!(values, values + 8 * this.size, amounts, this.divisor);
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

  /** Sum over the pins of a reached board of (share / `divisor` - excess) / degree, from {@link readDegrees}. */
  sumWindow(board: number, excess: number): number {
    const { values, amounts } = this.#layout;
    const [start, end] = [this.#edgesBefore(board), this.#edgesBefore(board + 1)];
    this.#functions['sumWindow']!(start, end, values, amounts, this.divisor, excess);
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

  drop(dropped: readonly number[]): void {
    const filter = new NodeFilter(dropped);
    const isDropped = new Set(dropped);
    const pins = this.#pins;
    const { values, size } = this;
    for (let place = 0; place < size; place++) {
      if (filter.mayHave(pins[place]!) && isDropped.has(pins[place]!)) values[place] = 0;
    }
  }

  restart(): void {
    this.#next = 0;
    this.nonzero = 0;
    this.values[this.size] = 0;
  }

  next(least: number): number {
    if (this.#next >= this.size) return 0;
    const { values, found } = this.#layout;
    this.#functions['scan']!(
      values + 8 * this.#next,
      values + 8 * this.size,
      found,
      found + 4 * foundMax,
      least,
    );
    this.#next = (this.#results[0]! - values) / 8;
    const count = (this.#results[1]! - found) / 4;
    this.nonzero += this.#results[2]!;
    for (let i = 0; i < count; i++) {
      const place = (this.#found[i]! - values) / 8;
      this.positions[i] = place;
      this.nodes[i] = this.#pins[place]!;
    }
    return count;
  }

  /** In bytes. */
  #edgesBefore(board: number): number {
    return board === 0 ? 0 : this.#boards[2 * board - 1]!;
  }

  /** Bytes of degrees stay in the cache where slices do not. A live graph has none, as its degrees change. */
  #tabulate({ pinToBoard, writes }: PinBoardGraph): void {
    this.#hasDegreeTable = writes === undefined;
    if (!this.#hasDegreeTable || this.#tabulated === pinToBoard) return;
    this.#tabulated = pinToBoard;
    const { slices } = pinToBoard;
    const bytes = new Uint8Array((this.#degrees = createMemory(slices.length / 2)).buffer);
    for (let pin = 0; pin < slices.length / 2; pin++)
      bytes[pin] = Math.min(slices[2 * pin + 1]!, degreeUnknown);
  }

  #memoriesFor(pins: number, boards: number, edges: number): ReachedMemories {
    const known = this.#memories;
    const isEnough =
      known !== undefined &&
      pins < this.values.length &&
      boards <= this.masses.length &&
      edges <= this.#edgesMax;
    if (isEnough) return known;
    const layout = reachedLayout(pins, boards);
    const memories = {
      reached: createMemory(layout.bytes),
      edges: createMemory(4 * edges),
      // No walk reaches that many edges of a larger graph.
      sorted: createMemory(Math.min(sortedBytes * edges, memoryBytesMax)),
    };
    const { buffer } = memories.reached;
    this.#layout = layout;
    this.#memories = memories;
    this.#edgesMax = edges;
    this.values = new Float64Array(buffer, layout.values, pins + 1);
    this.amounts = new Float64Array(buffer, layout.amounts, Math.max(pins, boards));
    this.masses = new Float64Array(buffer, layout.masses, boards);
    this.#buckets = new Int32Array(buffer, layout.buckets, layout.bucketCount);
    this.#pins = new Int32Array(buffer, layout.pins, pins);
    this.#found = new Int32Array(buffer, layout.found, foundMax + 2);
    this.#boards = new Int32Array(buffer, layout.boards, 2 * boards);
    this.#results = new Int32Array(buffer, 0, 3);
    this.#sum = new Float64Array(buffer, 16, 1);
    return memories;
  }
}

interface ReachedMemories {
  readonly reached: Memory;
  readonly edges: Memory;
  /** The edges sorted by bucket. */
  readonly sorted: Memory;
}
