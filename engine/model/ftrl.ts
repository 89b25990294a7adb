import { type ParamSpecs, check, resolveParams } from '../base/index.ts';
import { sigmoid } from './probability.ts';

/** Parameters of {@link Ftrl}; {@link ftrlParams} states their ranges, defaults and meanings. */
export interface FtrlParams {
  readonly alpha: number;
  readonly beta: number;
  readonly l1: number;
  readonly l2: number;
  readonly slotBits: number;
}

const ftrlParams: ParamSpecs<FtrlParams> = {
  alpha: { kind: 'number', min: 1e-6, max: 10, default: 0.02, about: 'step size: large learns fast and forgets fast' },
  beta: { kind: 'number', min: 0, max: 1e3, default: 1, about: 'damps the first steps of a weight' },
  l1: { kind: 'number', min: 0, max: 1e3, default: 0.5, about: 'a weight stays 0 until its evidence exceeds this' },
  l2: { kind: 'number', min: 0, max: 1e3, default: 1, about: 'shrinks weights' },
  slotBits: { kind: 'integer', min: 8, max: 26, default: 20, about: 'logarithm of the number of slots; 16 bytes each' },
}; // prettier-ignore

/**
 * Logistic regression by FTRL-proximal with a learning rate for each weight, for sparse 0/1 features that are hashed to slots
 * (McMahan et al., "Ad Click Prediction", KDD 2013, doi:10.1145/2487575.2488200, algorithm 1). It learns online, a row at a
 * time. The state follows from the rows in their order: replayed, it has the same bytes. O(features of the row), without
 * allocation.
 */
export class Ftrl {
  readonly params: FtrlParams;
  readonly slotCount: number;
  /** z and n of each slot, side by side: one cache line serves both. */
  readonly state: Float64Array;
  readonly #weights: Float64Array;

  /** `featuresMax`: of a row. Throws `invalid-parameter`. */
  constructor(given: Partial<FtrlParams> = {}, featuresMax = 1024, state?: Float64Array) {
    this.params = resolveParams(ftrlParams, given);
    this.slotCount = 2 ** this.params.slotBits;
    check(state === undefined || state.length === 2 * this.slotCount, 'state', 'is of another number of slots'); // prettier-ignore
    this.state = state ?? new Float64Array(2 * this.slotCount);
    this.#weights = new Float64Array(featuresMax);
  }

  /** The log odds of a row: the sum of the weights of its slots. */
  logOdds(slots: Int32Array, count: number): number {
    const weights = this.#weights;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const weight = this.#weightOf(slots[i]!);
      weights[i] = weight;
      sum += weight;
    }
    return sum;
  }

  /** The weights of all slots, to score by. */
  weights(): Float64Array {
    return Float64Array.from({ length: this.slotCount }, (_, slot) => this.#weightOf(slot));
  }

  /** Writes the weights of some slots to those of all slots. */
  copyWeights(slots: Int32Array, to: Float64Array): void {
    for (const slot of slots) to[slot] = this.#weightOf(slot);
  }

  /** Learns a row; returns its log odds before that. `y`: 0 or 1. `importance`: how many such rows it stands for. */
  learn(slots: Int32Array, count: number, y: number, importance = 1): number {
    const sum = this.logOdds(slots, count);
    this.step(slots, count, importance * (sigmoid(sum) - y));
    return sum;
  }

  /** A step against a gradient by the log odds, right after {@link logOdds} of the same row. */
  step(slots: Int32Array, count: number, gradient: number): void {
    const { state } = this;
    const { alpha } = this.params;
    const weights = this.#weights;
    const square = gradient * gradient;
    for (let i = 0; i < count; i++) {
      const at = 2 * slots[i]!;
      const n = state[at + 1]!;
      const sigma = (Math.sqrt(n + square) - Math.sqrt(n)) / alpha;
      state[at]! += gradient - sigma * weights[i]!;
      state[at + 1] = n + square;
    }
  }

  #weightOf(slot: number): number {
    const { alpha, beta, l1, l2 } = this.params;
    const z = this.state[2 * slot]!;
    if (z > l1) return (l1 - z) / ((beta + Math.sqrt(this.state[2 * slot + 1]!)) / alpha + l2);
    if (z < -l1) return (-l1 - z) / ((beta + Math.sqrt(this.state[2 * slot + 1]!)) / alpha + l2);
    return 0;
  }
}
