import type { PinIndex } from '../graph/index.ts';

/**
 * Walkers per query pin. The result depends on it, because the steps of a query pin are divided among this many random
 * streams. The speed was the same from 32 to 256 (docs/perf-notes.md).
 */
const walkersPerPin = 64;

/**
 * Walkers waiting to walk, each with a home pin, a number of steps and its own random stream. What a walker does depends
 * on the seed alone, not on the order in which walkers run.
 */
export class WalkerList {
  homes: Int32Array = new Int32Array(1024);
  steps: Int32Array = new Int32Array(1024);
  /** The walker draws from stream `(home, substream)` of the seed. */
  substreams: Int32Array = new Int32Array(1024);
  size = 0;

  clear(): void {
    this.size = 0;
  }

  add(home: PinIndex, steps: number, substream: number): void {
    if (this.size === this.homes.length) this.#grow();
    this.homes[this.size] = home;
    this.steps[this.size] = steps;
    this.substreams[this.size++] = substream;
  }

  /**
   * Divides steps evenly among {@link walkersPerPin} walkers of one pin; the first ones get the remainder. Every batch
   * of walkers from the same pin has its own random streams.
   */
  addAll(home: PinIndex, steps: number, batch: number): void {
    for (let w = 0; w < Math.min(steps, walkersPerPin); w++) {
      this.add(home, Math.ceil((steps - w) / walkersPerPin), batch * walkersPerPin + w);
    }
  }

  #grow(): void {
    const { homes, steps, substreams } = this;
    this.homes = new Int32Array(2 * this.size);
    this.homes.set(homes);
    this.steps = new Int32Array(2 * this.size);
    this.steps.set(steps);
    this.substreams = new Int32Array(2 * this.size);
    this.substreams.set(substreams);
  }
}
