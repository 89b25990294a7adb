import { EngineError } from '../base/index.ts';
import type { PinIndex } from '../graph/index.ts';

/** A pin with its score. */
export interface ScoredPin {
  readonly pin: PinIndex;
  readonly score: number;
}

/** Whether a pin must not be recommended. Called for few pins, so it need not be fast. */
export type IsExcluded = (pin: PinIndex) => boolean;

/**
 * The `k` best of a stream of pins: a bounded binary heap with the worst kept pin at its root. Pins are ordered by score,
 * descending; ties go to the smaller pin index, so the result does not depend on the order of offers. Offer every pin at
 * most once. {@link offer} is O(log k), and O(1) for a pin that is rejected. Throws `invalid-parameter` (`k`) unless k is
 * a positive integer.
 */
export class TopPins {
  /** The best score met, also that of an excluded pin: a scale that does not depend on exclusions. -Infinity at first. */
  best = -Infinity;
  readonly #pins: Int32Array;
  readonly #scores: Float64Array;
  #size = 0;

  constructor(k: number) {
    if (!Number.isInteger(k) || k < 1) {
      throw new EngineError('invalid-parameter', 'k', `k: ${k} is not a positive integer`);
    }
    this.#pins = new Int32Array(k);
    this.#scores = new Float64Array(k);
  }

  /** How many are kept. */
  get capacity(): number {
    return this.#pins.length;
  }

  /** The lowest score kept, once there are `k`; -Infinity before. */
  get least(): number {
    return this.#size < this.#pins.length ? -Infinity : this.#scores[0]!;
  }

  /** Whether {@link offer} would keep the pin; check this before expensive work on a pin. O(1). */
  wouldKeep(pin: PinIndex, score: number): boolean {
    return this.#size < this.#pins.length || isWorse(this.#scores[0]!, this.#pins[0]!, score, pin);
  }

  offer(pin: PinIndex, score: number): void {
    if (this.#size < this.#pins.length) {
      this.#siftUp(this.#size++, pin, score);
    } else if (isWorse(this.#scores[0]!, this.#pins[0]!, score, pin)) {
      this.#siftDown(0, pin, score);
    }
  }

  /** Empties the heap. Returns the kept pins, best first. O(k log k). */
  drain(): ScoredPin[] {
    // eslint-disable-next-line unicorn/no-new-array -- filled from its end
    const best = new Array<ScoredPin>(this.#size);
    while (this.#size > 0) {
      const last = --this.#size;
      best[last] = { pin: this.#pins[0]!, score: this.#scores[0]! };
      this.#siftDown(0, this.#pins[last]!, this.#scores[last]!);
    }
    return best;
  }

  #siftUp(from: number, pin: PinIndex, score: number): void {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isWorse(score, pin, this.#scores[parent]!, this.#pins[parent]!)) break;
      this.#move(parent, place);
      place = parent;
    }
    this.#put(place, pin, score);
  }

  #siftDown(from: number, pin: PinIndex, score: number): void {
    let place = from;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.#size) break;
      const other = child + 1;
      if (
        other < this.#size &&
        isWorse(this.#scores[other]!, this.#pins[other]!, this.#scores[child]!, this.#pins[child]!)
      ) {
        child = other;
      }
      if (!isWorse(this.#scores[child]!, this.#pins[child]!, score, pin)) break;
      this.#move(child, place);
      place = child;
    }
    this.#put(place, pin, score);
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#pins[from]!, this.#scores[from]!);
  }

  #put(place: number, pin: PinIndex, score: number): void {
    this.#pins[place] = pin;
    this.#scores[place] = score;
  }
}

function isWorse(score: number, pin: PinIndex, otherScore: number, otherPin: PinIndex): boolean {
  return score < otherScore || (score === otherScore && pin > otherPin);
}
