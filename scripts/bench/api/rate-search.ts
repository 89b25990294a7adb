import type { LoadResult } from './open-loop.ts';

/** The goal is the highest rate at which 99 % of requests succeed within this time. */
export const inTimeMs = 60;
const inTimeMin = 0.99;
/** A rate counts as too high only after this many failures, since other processes use the machine too. */
const triesMax = 2;

/** Searches the highest rate that a server sustains: doubles it until it is too high, then bisects. */
export class RateSearch {
  /** All rates tried. */
  readonly tried: LoadResult[] = [];
  /** The rate to try next. */
  rate: number;
  #low = 0;
  #high = Infinity;
  #failures = 0;
  readonly #precision: number;
  readonly #loadsMax: number;

  /** Ends when the rate is known to a share `precision` of it, or after `loadsMax` results. */
  constructor(firstRate: number, precision: number, loadsMax: number) {
    this.rate = firstRate;
    this.#precision = precision;
    this.#loadsMax = loadsMax;
  }

  get isDone(): boolean {
    const isKnown = this.#high < Infinity && this.#high - this.#low <= this.#precision * this.#high;
    return isKnown || this.tried.length >= this.#loadsMax;
  }

  /** The result at the highest rate sustained; of the first rate, if none was. */
  get sustainable(): LoadResult {
    return this.tried.filter(isSustained).toSorted((a, b) => b.rate - a.rate)[0] ?? this.tried[0]!;
  }

  /** Takes the result of {@link rate}. */
  record(result: LoadResult): void {
    this.tried.push(result);
    if (isSustained(result)) this.#low = this.rate;
    else if (++this.#failures < triesMax) return;
    else this.#high = this.rate;
    this.#failures = 0;
    this.rate = Math.round(this.#high === Infinity ? 2 * this.#low : (this.#low + this.#high) / 2);
  }
}

export function isSustained({ inTime, failed }: LoadResult): boolean {
  return inTime >= inTimeMin && failed === 0;
}
