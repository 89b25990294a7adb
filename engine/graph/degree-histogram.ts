import { type Adjacency, degreeOf } from './adjacency.ts';

/** Percentiles of node degrees, and the largest degree. */
export interface DegreeSummary {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** Degrees from here on are stored individually: few nodes can have as many neighbors. */
const largeFrom = 2 ** 16;

/**
 * An exact histogram of node degrees, filled one range of nodes at a time so that the caller can yield between
 * ranges. O(nodes) time; 256 KB, and 8 bytes per node of degree 65,536 or more.
 */
export class DegreeHistogram {
  readonly #counts = new Uint32Array(largeFrom);
  readonly #large: number[] = [];
  #nodes = 0;

  /** Counts the nodes in [start, end). */
  add(adjacency: Adjacency, start: number, end: number): void {
    for (let node = start; node < end; node++) {
      const degree = degreeOf(adjacency, node);
      if (degree < largeFrom) this.#counts[degree]!++;
      else this.#large.push(degree);
    }
    this.#nodes += end - start;
  }

  /** Percentiles by the nearest-rank method; all 0 if there are no nodes. */
  summary(): DegreeSummary {
    const large = this.#large.toSorted((a, b) => a - b);
    const atRank = (rank: number): number => {
      let seen = 0;
      for (let degree = 0; degree < largeFrom; degree++) {
        seen += this.#counts[degree]!;
        if (seen >= rank) return degree;
      }
      return large[rank - seen - 1]!;
    };
    const atShare = (share: number): number => atRank(Math.ceil(share * this.#nodes));
    return { p50: atShare(0.5), p90: atShare(0.9), p99: atShare(0.99), max: atShare(1) };
  }
}
