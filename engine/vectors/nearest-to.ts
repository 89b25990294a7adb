import { check } from '../base/index.ts';
import { type ScoredPin, TopPins } from '../rank/index.ts';
import { Dots, dotsMax } from './dots.ts';
import { inverseLength } from './quantize.ts';
import type { Vectors } from './vectors.ts';

/**
 * The `k` nearest vectors to one that need not be among them, by cosine, best first, ties to the smaller index; never one that
 * `isCandidate` rejects. Exact, and the same with `dots`, which makes it faster. O(coordinates). Throws `invalid-parameter` (`query`) for other dimensions.
 */
export function nearestTo(
  vectors: Vectors,
  query: Int8Array | Float32Array,
  k: number,
  isCandidate: (vector: number) => boolean = () => true,
  dots?: Dots,
): ScoredPin[] {
  const { dims, values, scales } = vectors;
  check(query.length === dims, 'query', `has ${query.length} dimensions instead of ${dims}`);
  const top = new TopPins(k);
  const scale = inverseLength(query);
  const offer = (vector: number, product: number): void => {
    const cosine = product * scale * scales[vector]!;
    if (top.wouldKeep(vector, cosine) && isCandidate(vector)) top.offer(vector, cosine);
  };
  if (dots !== undefined && query instanceof Int8Array && Dots.canTake(vectors)) {
    for (let from = 0; from < scales.length; from += dotsMax) {
      const products = dots.of(vectors, query, from, Math.min(from + dotsMax, scales.length));
      for (let i = 0; i < products.length; i++) offer(from + i, products[i]!);
    }
    return top.drain();
  }
  for (let vector = 0; vector < scales.length; vector++) {
    const start = vector * dims;
    let [even, odd] = [0, 0];
    let i = 0;
    for (; i + 1 < dims; i += 2) {
      even += values[start + i]! * query[i]!;
      odd += values[start + i + 1]! * query[i + 1]!;
    }
    if (i < dims) even += values[start + i]! * query[i]!;
    offer(vector, even + odd);
  }
  return top.drain();
}
