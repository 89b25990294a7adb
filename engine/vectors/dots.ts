import { Linker, createMemory } from '../wasm/index.ts';
import { dimsPerTurn, dotsModule } from './dots-module.ts';
import { dimsMax } from './quantize.ts';
import type { Vectors } from './vectors.ts';

/** Vectors of a block: their products stay in the cache until they are read. */
export const dotsMax = 4096;
/** The query lies before the products, 2 bytes a coordinate. */
const productsOffset = 2 * dimsMax;

/**
 * Dot products of an int8 vector with many, by WebAssembly SIMD: a ninth to an eleventh of the time of a plain loop, and the same
 * integers (`npm run -s study -- vectors`). Each thread has its own.
 */
export class Dots {
  readonly #linker = new Linker(dotsModule);
  readonly #work = createMemory(productsOffset + 4 * dotsMax);
  readonly #query = new Int16Array(this.#work.buffer, 0, dimsMax);
  readonly #products = new Int32Array(this.#work.buffer, productsOffset, dotsMax);

  /** Whether {@link of} takes these vectors: int8 in a memory of their own, of a multiple of 16 dimensions. */
  static canTake({ memory, dims }: Vectors): boolean {
    return memory !== undefined && dims % dimsPerTurn === 0;
  }

  /**
   * The products of a query with vectors [from, to), at most {@link dotsMax} of them: valid until the next call. O(coordinates).
   */
  of({ memory, dims }: Vectors, query: Int8Array, from: number, to: number): Int32Array {
    const functions = this.#linker.link(memory!, { vectors: memory!, work: this.#work });
    this.#query.set(query);
    functions['dots']!(from * dims, to * dims, dims, productsOffset);
    return this.#products.subarray(0, to - from);
  }
}
