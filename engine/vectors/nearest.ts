import { check } from '../base/index.ts';
import { type ScoredPin, TopPins } from '../rank/index.ts';
import { Dots, dotsMax } from './dots.ts';
import type { Vectors } from './vectors.ts';

/** Bytes of the vectors that are compared with all queries before the next ones: less than a second-level cache. */
const blockBytes = 1 << 17;
const dotsShare = 10;

/**
 * The `k` nearest vectors to each of some of them by cosine, best first, ties to the smaller index; never a query itself,
 * nor one that `isCandidate` rejects. Exact: every vector is compared with every query, block by block, so that a block stays
 * in the cache for all queries; the same with `dots`, which makes it faster. O(queries · coordinates). Throws `invalid-parameter` (`queries`, `k`).
 */
export function nearest(
  vectors: Vectors,
  queries: Int32Array,
  k: number,
  isCandidate: (vector: number) => boolean = () => true,
  dots?: Dots,
): ScoredPin[][] {
  const { dims, values, scales } = vectors;
  const count = scales.length;
  for (const query of queries) {
    check(query >= 0 && query < count, 'queries', `${query} is not a vector in [0, ${count})`);
  }
  const tops = Array.from(queries, () => new TopPins(k));
  const block = Math.min(dotsMax, Math.max(1, Math.floor(blockBytes / (dims * values.BYTES_PER_ELEMENT))));
  const products = dots !== undefined && Dots.canTake(vectors) ? dots : undefined;
  const candidates: number[] = [];
  for (let from = 0; from < count; from += block) {
    candidates.length = 0;
    const to = Math.min(from + block, count);
    for (let vector = from; vector < to; vector++) {
      if (isCandidate(vector)) candidates.push(vector);
    }
    for (const [i, query] of queries.entries()) {
      const top = tops[i]!;
      const scale = scales[query]!;
      // Computing a whole block at once is cheaper than computing a tenth of it one by one.
      const all =
        products !== undefined && dotsShare * candidates.length > to - from
          ? products.of(vectors, (values as Int8Array).subarray(query * dims, (query + 1) * dims), from, to)
          : undefined;
      for (const vector of candidates) {
        const product = all?.[vector - from] ?? dotOf(values, query * dims, vector * dims, dims);
        const cosine = product * scale * scales[vector]!;
        if (vector !== query && top.wouldKeep(vector, cosine)) top.offer(vector, cosine);
      }
    }
  }
  return tops.map((top) => top.drain());
}

/** Four sums side by side, which the processor adds up at once. */
function dotOf(values: Float32Array | Int8Array, a: number, b: number, dims: number): number {
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 3 < dims; k += 4) {
    sum0 += values[a + k]! * values[b + k]!;
    sum1 += values[a + k + 1]! * values[b + k + 1]!;
    sum2 += values[a + k + 2]! * values[b + k + 2]!;
    sum3 += values[a + k + 3]! * values[b + k + 3]!;
  }
  for (; k < dims; k++) sum0 += values[a + k]! * values[b + k]!;
  return sum0 + sum1 + (sum2 + sum3);
}
