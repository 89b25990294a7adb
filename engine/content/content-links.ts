import { check } from '../base/index.ts';
import { type PinIndex, sharedFloat32Array, sharedInt32Array } from '../graph/index.ts';
import type { ScoredPin } from '../rank/index.ts';

/**
 * Pins connected by their texts, by target: the pins near a target t are `pins[e]`, with `weights[e]`, e in
 * [starts[t], starts[t + 1]), best first.
 */
export interface NearPins {
  readonly starts: Int32Array<SharedArrayBuffer>;
  readonly pins: Int32Array<SharedArrayBuffer>;
  readonly weights: Float32Array<SharedArrayBuffer>;
}

/**
 * The same by source: `pins[e]` has the source s among its nearest, with `weights[e]`, e in [starts[s], starts[s + 1]).
 */
export interface ContentLinks {
  readonly starts: Int32Array<SharedArrayBuffer>;
  /** Ascending for each source. */
  readonly pins: Int32Array<SharedArrayBuffer>;
  readonly weights: Float32Array<SharedArrayBuffer>;
}

/**
 * The weights of the pins near one, `saved` and not, best first, ties to the smaller pin. Each weighs
 *
 *     similarity / (Σ similarities of the saved ones + prior)
 *
 * so a pin that is like nothing in particular has little weight in all: `prior` is the sum of similarities at which half
 * the weight is left. Similarities of 0 are left out. Throws `invalid-parameter` (`prior`) unless it is a finite number
 * from 0.
 */
export function linkWeights(
  saved: readonly ScoredPin[],
  prior: number,
  unsaved: readonly ScoredPin[] = [],
): ScoredPin[] {
  check(prior >= 0 && prior < Infinity, 'prior', `${prior} is not a finite number from 0`);
  const total = prior + (sumOf(saved) || sumOf(unsaved));
  return [...saved, ...unsaved]
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || a.pin - b.pin)
    .map(({ pin, score }) => ({ pin, score: score / total }));
}

function sumOf(pins: readonly ScoredPin[]): number {
  return pins.reduce((total, { score }) => total + score, 0);
}

/** Lists of near pins with their weights as arrays, for `targets` (ascending). O(links + pins). */
function nearPins(
  pinCount: number,
  targets: Iterable<PinIndex>,
  weightsOf: (pin: PinIndex) => readonly ScoredPin[],
): NearPins {
  const lists = new PinLists();
  for (const target of targets) lists.add(target, weightsOf(target));
  return lists.finish(pinCount);
}

/** Collects lists of near pins, in the order of their targets: 8 bytes a link, and as many again while they grow. */
export class PinLists {
  readonly #targets: number[] = [];
  readonly #ends: number[] = [];
  #pins = new Int32Array(1024);
  #weights = new Float32Array(1024);
  #size = 0;

  /** `target` is above those before. */
  add(target: PinIndex, near: readonly ScoredPin[]): void {
    while (this.#size + near.length > this.#pins.length) {
      const [pins, weights] = [this.#pins, this.#weights];
      this.#pins = new Int32Array(2 * pins.length);
      this.#weights = new Float32Array(2 * pins.length);
      this.#pins.set(pins);
      this.#weights.set(weights);
    }
    for (const { pin, score } of near) {
      this.#pins[this.#size] = pin;
      this.#weights[this.#size++] = score;
    }
    this.#targets.push(target);
    this.#ends.push(this.#size);
  }

  finish(pinCount: number): NearPins {
    const starts = sharedInt32Array(pinCount + 1);
    let end = 0;
    let next = 0;
    for (let pin = 0; pin < pinCount; pin++) {
      if (this.#targets[next] === pin) end = this.#ends[next++]!;
      starts[pin + 1] = end;
    }
    const pins = sharedInt32Array(end);
    const weights = sharedFloat32Array(end);
    pins.set(this.#pins.subarray(0, end));
    weights.set(this.#weights.subarray(0, end));
    return { starts, pins, weights };
  }
}

/** Near pins by source. O(links + pins). */
export function linksBySource(near: NearPins): ContentLinks {
  const pinCount = near.starts.length - 1;
  const starts = sharedInt32Array(pinCount + 1);
  for (const source of near.pins) starts[source + 1]!++;
  for (let pin = 0; pin < pinCount; pin++) starts[pin + 1]! += starts[pin]!;
  const ends = Int32Array.from(starts);
  const pins = sharedInt32Array(near.pins.length);
  const weights = sharedFloat32Array(near.pins.length);
  for (let target = 0; target < pinCount; target++) {
    for (let at = near.starts[target]!; at < near.starts[target + 1]!; at++) {
      const place = ends[near.pins[at]!]!++;
      pins[place] = target;
      weights[place] = near.weights[at]!;
    }
  }
  return { starts, pins, weights };
}

/**
 * Links each of `targets` (ascending) to its nearest pins, `neighborsOf`, with {@link linkWeights}. O(links + pins). Throws
 * `invalid-parameter` (`prior`).
 */
export function contentLinks(
  pinCount: number,
  targets: Iterable<PinIndex>,
  neighborsOf: (pin: PinIndex) => readonly ScoredPin[],
  prior: number,
): ContentLinks {
  return linksBySource(nearPins(pinCount, targets, (pin) => linkWeights(neighborsOf(pin), prior)));
}
