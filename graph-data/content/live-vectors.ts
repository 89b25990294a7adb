import { type ScoredPin, TopPins } from '../../engine/rank/index.ts';
import { Dots, type Vectors, nearestTo, vectorsOf } from '../../engine/vectors/index.ts';
import type { PinVectors } from './pin-vectors.ts';

/** The vectors of one name in a live graph: read at the start, and updated since. */
export class LiveVectors {
  readonly #read: PinVectors | undefined;
  readonly #changed = new Map<number, Int8Array>();
  readonly #dots = new Dots();

  constructor(read?: PinVectors) {
    this.#read = read;
  }

  /** Sets the vector of a pin, or removes it. */
  set(pin: number, vector: Int8Array | undefined): void {
    // An empty one hides the vector that was read.
    this.#changed.set(pin, vector ?? new Int8Array(0));
  }

  /** The `k` nearest pins to a vector that `isWanted` accepts, by cosine. O(coordinates). */
  nearest(vector: Int8Array, k: number, isWanted: (pin: number) => boolean): ScoredPin[] {
    const top = new TopPins(k);
    if (this.#read !== undefined && this.#read.vectors.dims === vector.length) {
      const { pins, vectors } = this.#read;
      const isCandidate = (each: number): boolean => !this.#changed.has(pins[each]!) && isWanted(pins[each]!);
      for (const { pin: each, score } of nearestTo(vectors, vector, k, isCandidate, this.#dots))
        top.offer(pins[each]!, score);
    }
    for (const [pin, other] of this.#changed) {
      if (other.length !== vector.length || !isWanted(pin)) continue;
      for (const { score } of nearestTo(single(other), vector, 1)) top.offer(pin, score);
    }
    return top.drain().map(({ pin, score }) => ({ pin, score: Math.max(0, score) }));
  }
}

function single(vector: Int8Array): Vectors {
  const values = new Int8Array(new SharedArrayBuffer(vector.length));
  values.set(vector);
  return vectorsOf(values, vector.length);
}
