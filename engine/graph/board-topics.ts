import { check } from '../base/index.ts';

/**
 * The topics of each pin: either its community, numbered from 0, or a topic vector of non-negative numbers.
 * `values` has `dimensions` numbers per pin, row by row. Only the direction of a vector matters; a zero vector means
 * that the pin has no topics.
 */
export type PinTopics =
  | { readonly kind: 'communities'; readonly communities: Int32Array }
  | { readonly kind: 'vectors'; readonly dimensions: number; readonly values: Float32Array };

/** The topics of one board at a time. */
export interface BoardTopics {
  /** Makes a board current, given its pins. Returns the entropy of its topics in bits. */
  read(pins: Int32Array): number;
  /** Similarity of a pin of the current board to the board's other pins, in [0, 1]. */
  similarityTo(pin: number): number;
}

/** Throws `invalid-parameter` (field `topics`) unless the topics match the number of pins. O(topics). */
export function boardTopics(topics: PinTopics, pinCount: number, boardCount: number): BoardTopics {
  return topics.kind === 'communities'
    ? new CommunityTopics(topics.communities, pinCount, pinCount + boardCount)
    : new VectorTopics(topics.dimensions, topics.values, pinCount);
}

/**
 * A board's topics are the distribution of its pins over communities. The similarity of a pin is the share of the
 * *other* pins in the same community. Counting the pin itself would rank boards of one pin first, which lead nowhere.
 */
class CommunityTopics implements BoardTopics {
  readonly #communities: Int32Array;
  /** Number of the board's pins in each community; nonzero for the communities in `#found` only. */
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
 * A board's topics are the mean of its pins' vectors, each scaled to sum 1. The similarity of a pin is the cosine of
 * its vector and the mean of the *other* pins' vectors, or 0 if there are none.
 */
class VectorTopics implements BoardTopics {
  readonly #dimensions: number;
  readonly #values: Float32Array;
  readonly #sums: Float64Array;
  /** Squared norm of `#sums`. */
  #squares = 0;

  constructor(dimensions: number, values: Float32Array, pinCount: number) {
    check(Number.isInteger(dimensions) && dimensions > 0, 'topics', `${dimensions} dimensions`);
    check(
      values.length === pinCount * dimensions,
      'topics',
      `${values.length} numbers for ${pinCount} pins of ${dimensions} dimensions`,
    );
    for (const value of values) {
      check(value >= 0 && value < Infinity, 'topics', `${value} is not a finite number from 0`);
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
    // Squared norm of the sum without this pin: only rounding error if there are no others.
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

/** The contribution of a topic with this share to the entropy. */
function bitsOf(share: number): number {
  return share > 0 ? -share * Math.log2(share) : 0;
}
