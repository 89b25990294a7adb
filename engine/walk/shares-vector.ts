import type { Candidates } from '../rank/index.ts';
import { type Functions, type Memory, Linker, createMemory } from '../wasm/index.ts';
import { blockNodes, marked, sharesLayout, valuesOffset } from './shares-layout.ts';
import { sharesModule } from './shares-module.ts';

/** Nodes found before {@link Shares.next} returns: the fewer, the sooner a full top rejects the rest. */
const batchSize = 32;

/**
 * Shares of nodes: numbers of at least 0, all to be divided by `divisor`. The values are dense, and a mark for each 8 of them
 * says that they are not all 0: adding keeps no list of nodes, and reading and clearing skip what nothing was added to. The
 * loops are WebAssembly (shares-module.ts). One per thread, reused; 12 bytes a node.
 *
 * As {@link Candidates}, hands out its nodes in ascending order.
 */
export class Shares implements Candidates {
  divisor = 1;
  nonzero = 0;
  /** Where all arrays lie. */
  memory!: Memory;
  values!: Float64Array;
  nodes!: Int32Array;
  positions!: Int32Array;
  #marks!: Uint8Array;
  #results!: Int32Array;
  #layout!: ReturnType<typeof sharesLayout>;
  #functions!: Functions;
  readonly #linker = new Linker(sharesModule);
  #nextGroup = 0;

  constructor() {
    this.#use(0);
  }

  /** Byte offset of the marks. */
  get marksOffset(): number {
    return this.#layout.marks;
  }

  /** Clears all values and makes room for nodes in [0, length). */
  begin(length: number): void {
    const { blocks, marks } = this.#layout;
    this.divisor = 1;
    if (length > this.values.length) this.#use(length);
    else this.#functions['clear']!(0, blocks, marks);
  }

  /** Adds to the value of a node. */
  add(node: number, amount: number): void {
    this.values[node]! += amount;
    this.#marks[Math.floor(node / blockNodes)] = marked;
  }

  /** Lists all nodes with a value other than 0, ascending, at the start of `nodes`. Returns their number. */
  list(): number {
    this.restart();
    return this.#scan(this.nodes.length, 0);
  }

  listed(index: number): number {
    return this.values[this.nodes[index]!]!;
  }

  drop(nodes: readonly number[]): void {
    for (const node of nodes) this.values[node] = 0;
  }

  restart(): void {
    this.#nextGroup = 0;
    this.nonzero = 0;
  }

  next(least: number): number {
    return this.#scan(batchSize, least);
  }

  #scan(size: number, least: number): number {
    const { blocks, marks, found } = this.#layout;
    this.#functions['scan']!(this.#nextGroup, blocks, marks, found, found + 4 * size, least);
    this.#nextGroup = this.#results[0]!;
    this.nonzero += this.#results[2]!;
    return (this.#results[1]! - found) / 4;
  }

  #use(length: number): void {
    const layout = sharesLayout(length);
    const { blocks, marks, found, bytes } = layout;
    const memory = createMemory(bytes);
    const { buffer } = memory;
    this.memory = memory;
    this.values = new Float64Array(buffer, valuesOffset, blockNodes * blocks);
    this.nodes = new Int32Array(buffer, found, blockNodes * blocks);
    this.positions = this.nodes;
    this.#marks = new Uint8Array(buffer, marks, blocks);
    this.#results = new Int32Array(buffer, 0, 3);
    this.#layout = layout;
    this.#functions = this.#linker.link(memory, { shares: memory });
  }
}
