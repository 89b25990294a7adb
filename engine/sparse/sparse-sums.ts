import { NodeFilter } from './node-filter.ts';
import type { SparseVector } from './sparse-vector.ts';

/** Values added up between two comparisons with the largest useful sum. */
const chunk = 256;
/** With more, most nodes seem to have a value. */
const filteredMax = 2 ** 14;
/** Lists of fewer nodes are short enough that the values of these stay in the cache. */
const listedMin = 2 ** 23;

/**
 * Sums of a sparse vector over lists of nodes. In a large graph, few of these have a value, and a filter in the cache saves the look-ups
 * of the others (docs/perf-notes.md). Adds in the order of the list, so sums are those of a plain loop to the last bit.
 */
export class SparseSums {
  readonly #vector: SparseVector;
  readonly #filter: NodeFilter | undefined;

  /** @param listed Nodes in all lists. */
  constructor(vector: SparseVector, listed: number) {
    this.#vector = vector;
    const isFiltered = vector.size <= filteredMax && listed >= listedMin;
    this.#filter = isFiltered ? new NodeFilter(vector.nodes, vector.size) : undefined;
  }

  /** The sum of the values at `indexes[start .. end)`; undefined if it exceeds `max` early enough to save work. */
  upTo(max: number, indexes: Int32Array, start: number, end: number): number | undefined {
    const { values } = this.#vector;
    const filter = this.#filter;
    let sum = 0;
    for (let i = start; i < end;) {
      const chunkEnd = Math.min(end, i + chunk);
      if (filter === undefined) for (; i < chunkEnd; i++) sum += values[indexes[i]!]!;
      else {
        for (; i < chunkEnd; i++) {
          const node = indexes[i]!;
          if (filter.mayHave(node)) sum += values[node]!;
        }
      }
      if (sum > max) return undefined;
    }
    return sum;
  }
}
