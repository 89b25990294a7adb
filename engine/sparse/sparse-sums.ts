import { NodeFilter } from './node-filter.ts';
import type { SparseVector } from './sparse-vector.ts';
import { sumOf } from './sum-of.ts';

/** Values added up between two comparisons with the largest useful sum. */
const chunk = 256;
/** With more, most nodes seem to have a value. */
const filteredMax = 2 ** 14;

/**
 * Sums of a sparse vector over lists of nodes, few of which have a value: a filter in the cache saves the look-ups of the others
 * (docs/perf-notes.md). Adds in the order of the list, so sums are those of {@link sumOf} to the last bit.
 */
export class SparseSums {
  readonly #vector: SparseVector;
  readonly #filter: NodeFilter | undefined;

  constructor(vector: SparseVector) {
    this.#vector = vector;
    this.#filter = vector.size > filteredMax ? undefined : new NodeFilter(vector.nodes, vector.size);
  }

  /** The sum of the values at `indexes[start .. end)`; undefined if it exceeds `max` early enough to save work. */
  upTo(max: number, indexes: Int32Array, start: number, end: number): number | undefined {
    const { values } = this.#vector;
    const filter = this.#filter;
    if (filter === undefined) return sumOf(values, indexes, start, end);
    let sum = 0;
    for (let i = start; i < end;) {
      for (const chunkEnd = Math.min(end, i + chunk); i < chunkEnd; i++) {
        const node = indexes[i]!;
        if (filter.mayHave(node)) sum += values[node]!;
      }
      if (sum > max) return undefined;
    }
    return sum;
  }
}
