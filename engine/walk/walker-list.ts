import type { PinIndex } from '../graph/index.ts';

/**
 * Walkers of one query pin. Part of the answer, as the steps of a query are dealt to that many random streams;
 * the speed was the same from 32 to 256.
 */
export const walkersPerPin = 64;

/**
 * Walkers that wait for their turn: each has a home pin, a number of steps and a random stream of its own. So
 * what each of them does depends on nothing but the seed, whatever the order in which they walk.
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
   * Deals steps to {@link walkersPerPin} walkers of one pin, evenly, the earlier ones taking the rest. Batch
   * numbers keep apart the streams of walks from the same pin.
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
