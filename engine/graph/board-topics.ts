import { check } from '../base/index.ts';

/**
 * What each pin is about: the community of pins and boards that it belongs to, numbered from 0; or a topic vector of its own, whose numbers are
 * not negative. Vectors lie pin by pin in `values`, `dimensions` numbers each; only their direction counts. A pin
 * whose vector is all zeros has no topics.
 */
export type PinTopics =
  | { readonly kind: 'communities'; readonly communities: Int32Array }
  | { readonly kind: 'vectors'; readonly dimensions: number; readonly values: Float32Array };

/** What one board after another is about. */
export interface BoardTopics {
  /** Reads the pins of a board. Returns the entropy of its topics in bits. */
  read(pins: Int32Array): number;
  /** How well a pin of the board that was read last fits it: larger is better, from 0 to 1. */
  similarityTo(pin: number): number;
}

/** Throws `invalid-parameter` (field `topics`) unless there are topics for so many pins. O(topics). */
export function boardTopics(topics: PinTopics, pinCount: number, boardCount: number): BoardTopics {
  return topics.kind === 'communities'
    ? new CommunityTopics(topics.communities, pinCount, pinCount + boardCount)
    : new VectorTopics(topics.dimensions, topics.values, pinCount);
}

/**
 * A board's topics are the shares of its pins by community. A pin fits a board by the share of the *other* pins that
 * are of its community: the pin itself would make a board of one pin fit best of all, and such a board leads nowhere.
 */
class CommunityTopics implements BoardTopics {
  readonly #communities: Int32Array;
  /** Pins of the board by community; zeros but for those in `#found`. */
  readonly #counts: Int32Array;
  readonly #found: number[] = [];
  #size = 0;

  constructor(communities: Int32Array, pinCount: number, limit: number) {
    check(
      communities.length === pinCount,
      'topics',
      `${communities.length} communities for ${pinCount} pins`,
    );
    let largest = -1;
    for (const community of communities) {
      const isCommunity = community >= 0 && community < limit;
      check(isCommunity, 'topics', `community ${community} is not in [0, ${limit})`);
      largest = Math.max(largest, community);
    }
    this.#communities = communities;
    this.#counts = new Int32Array(largest + 1);
  }

  read(pins: Int32Array): number {
    const [communities, counts, found] = [this.#communities, this.#counts, this.#found];
    for (const community of found) counts[community] = 0;
    found.length = 0;
    for (const pin of pins) {
      const community = communities[pin]!;
      if (counts[community] === 0) found.push(community);
      counts[community]!++;
    }
    this.#size = pins.length;
    let bits = 0;
    for (const community of found) bits += bitsOf(counts[community]! / pins.length);
    return bits;
  }

  similarityTo(pin: number): number {
    if (this.#size === 1) return 0;
    return (this.#counts[this.#communities[pin]!]! - 1) / (this.#size - 1);
  }
}

/**
 * A board's topics are the mean of its pins' vectors, each scaled to sum 1. A pin fits a board by the cosine of its
 * vector and the mean of the *other* pins'; by 0 when there are none.
 */
class VectorTopics implements BoardTopics {
  readonly #dimensions: number;
  readonly #values: Float32Array;
  readonly #sums: Float64Array;
  /** Sum of the squares of `#sums`. */
  #squares = 0;

  constructor(dimensions: number, values: Float32Array, pinCount: number) {
    check(Number.isInteger(dimensions) && dimensions > 0, 'topics', `${dimensions} dimensions`);
    check(
      values.length === pinCount * dimensions,
      'topics',
      `${values.length} numbers for ${pinCount} pins of ${dimensions} dimensions`,
    );
    for (const value of values) {
      check(value >= 0 && value < Infinity, 'topics', `${value} is negative or no number`);
    }
    this.#dimensions = dimensions;
    this.#values = values;
    this.#sums = new Float64Array(dimensions);
  }

  read(pins: Int32Array): number {
    const [dimensions, values, sums] = [this.#dimensions, this.#values, this.#sums];
    sums.fill(0);
    let withTopics = 0;
    for (const pin of pins) {
      const mass = this.#massOf(pin);
      if (mass === 0) continue;
      for (let i = 0; i < dimensions; i++) sums[i]! += values[pin * dimensions + i]! / mass;
      withTopics++;
    }
    this.#squares = 0;
    let bits = 0;
    for (const sum of sums) {
      bits += bitsOf(sum / withTopics);
      this.#squares += sum * sum;
    }
    return bits;
  }

  similarityTo(pin: number): number {
    const mass = this.#massOf(pin);
    if (mass === 0) return 0;
    let [product, own] = [0, 0];
    for (let i = 0; i < this.#dimensions; i++) {
      const value = this.#values[pin * this.#dimensions + i]! / mass;
      product += value * this.#sums[i]!;
      own += value * value;
    }
    // Length of the others' sum, squared. Nothing but rounding is left when there are no others.
    const others = this.#squares - 2 * product + own;
    if (others <= 1e-9 * own) return 0;
    return Math.max(product - own, 0) / Math.sqrt(others * own);
  }

  #massOf(pin: number): number {
    let mass = 0;
    const end = (pin + 1) * this.#dimensions;
    for (let i = pin * this.#dimensions; i < end; i++) mass += this.#values[i]!;
    return mass;
  }
}

/** What a topic of this share adds to the entropy. */
function bitsOf(share: number): number {
  return share > 0 ? -share * Math.log2(share) : 0;
}
