import { check } from '../base/index.ts';

/**
 * Keeps the matches of the highest values, each a campaign and an entry of its pin: a binary heap of numbers with the worst on top, so
 * that nothing is allocated for a match. The order of adding does not matter: ties go to the smaller campaign, then entry.
 */
export class BestMatches {
  readonly #campaigns: Int32Array;
  readonly #entries: Int32Array;
  readonly #values: Float64Array;
  #size = 0;

  constructor(limit: number) {
    check(Number.isInteger(limit) && limit > 0, 'limit', `${limit} is not a positive integer`);
    this.#campaigns = new Int32Array(limit);
    this.#entries = new Int32Array(limit);
    this.#values = new Float64Array(limit);
  }

  /** A match of a lower value would not be kept. */
  get least(): number {
    return this.#size < this.#values.length ? -Infinity : this.#values[0]!;
  }

  /** Whether a match would be kept. O(1). */
  isRoomFor(value: number, campaign: number, entry: number): boolean {
    return this.#size < this.#values.length || this.#isWorse(0, value, campaign, entry);
  }

  /** O(log limit). */
  add(value: number, campaign: number, entry: number): void {
    if (this.#size === this.#values.length) {
      if (this.#isWorse(0, value, campaign, entry)) this.#siftDown(value, campaign, entry);
      return;
    }
    let at = this.#size++;
    for (
      let above = (at - 1) >> 1;
      at > 0 && !this.#isWorse(above, value, campaign, entry);
      above = (at - 1) >> 1
    ) {
      this.#move(above, at);
      at = above;
    }
    this.#put(at, value, campaign, entry);
  }

  /** Empties the heap. Returns what `of` makes of those that were kept, best first. */
  drain<Match>(of: (campaign: number, entry: number) => Match): Match[] {
    // eslint-disable-next-line unicorn/no-new-array -- filled from its end
    const best = new Array<Match>(this.#size);
    while (this.#size > 0) {
      const last = --this.#size;
      best[last] = of(this.#campaigns[0]!, this.#entries[0]!);
      this.#siftDown(this.#values[last]!, this.#campaigns[last]!, this.#entries[last]!);
    }
    return best;
  }

  /** Puts a match in place of the worst one. */
  #siftDown(value: number, campaign: number, entry: number): void {
    let at = 0;
    for (let below = 1; below < this.#size; below = 2 * at + 1) {
      if (below + 1 < this.#size && this.#isPlaceWorse(below + 1, below)) below++;
      if (!this.#isWorse(below, value, campaign, entry)) break;
      this.#move(below, at);
      at = below;
    }
    this.#put(at, value, campaign, entry);
  }

  #isPlaceWorse(at: number, other: number): boolean {
    return this.#isWorse(at, this.#values[other]!, this.#campaigns[other]!, this.#entries[other]!);
  }

  /** Whether the match at a place is worse than one of these values. */
  #isWorse(at: number, value: number, campaign: number, entry: number): boolean {
    if (this.#values[at]! !== value) return this.#values[at]! < value;
    if (this.#campaigns[at]! !== campaign) return this.#campaigns[at]! > campaign;
    return this.#entries[at]! > entry;
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#values[from]!, this.#campaigns[from]!, this.#entries[from]!);
  }

  #put(at: number, value: number, campaign: number, entry: number): void {
    this.#values[at] = value;
    this.#campaigns[at] = campaign;
    this.#entries[at] = entry;
  }
}
