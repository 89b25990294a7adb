import { check } from '../base/index.ts';

/**
 * Logistic regression whose weights are independent normal distributions, learned online: each row moves them as an extended Kalman
 * filter would, without the covariances (Spiegelhalter and Lauritzen, Networks 20, 1990, doi:10.1002/net.3230200507). A weight moves as
 * far as its own uncertainty says, and the weights of one row share what there is to learn from it; so a few rows cannot move the
 * probabilities of everybody, and a person with a few rows differs from others as far as people do. The same rows in the same order give the same
 * state. 16 bytes a slot.
 */
export class GaussianLogistic {
  readonly #priors: Float64Array;
  readonly #means: Float64Array;
  /** 0: the prior's. */
  readonly #variances: Float64Array;

  /** `bits`: logarithm of the number of slots. `priors`: by feature, the variance of a weight before its first row; means are 0. */
  constructor(bits: number, priors: readonly number[]) {
    check(priors.every((prior) => prior > 0), 'priors', 'are not all above 0'); // prettier-ignore
    this.#priors = Float64Array.from(priors);
    this.#means = new Float64Array(2 ** bits);
    this.#variances = new Float64Array(2 ** bits);
  }

  /** What feature `i` of a row adds to its log odds. */
  part(slots: Int32Array, values: Float64Array, i: number): number {
    return values[i]! * this.#means[slots[i]!]!;
  }

  /** The log odds of a row: a slot and a value for each feature. O(features). */
  logOdds(slots: Int32Array, values: Float64Array): number {
    let sum = 0;
    for (let i = 0; i < this.#priors.length; i++) sum += this.part(slots, values, i);
    return sum;
  }

  /** Learns a row whose probability was predicted as `p`; `y`: 0 or 1. O(features). */
  learn(slots: Int32Array, values: Float64Array, p: number, y: number): void {
    const information = p * (1 - p);
    let variance = 0;
    for (let i = 0; i < this.#priors.length; i++) variance += values[i]! ** 2 * this.#varianceOf(slots, i);
    const shared = 1 + information * variance;
    for (let i = 0; i < this.#priors.length; i++) {
      const slot = slots[i]!;
      const before = this.#varianceOf(slots, i);
      const step = (before * values[i]!) / shared;
      this.#means[slot]! += step * (y - p);
      this.#variances[slot] = before - step * before * values[i]! * information;
    }
  }

  #varianceOf(slots: Int32Array, i: number): number {
    return this.#variances[slots[i]!]! || this.#priors[i]!;
  }
}
