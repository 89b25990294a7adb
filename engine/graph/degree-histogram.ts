import { type Adjacency, degreeOf } from './adjacency.ts';

/** How many neighbors nodes have: half of them at most `p50`, and so on; nobody more than `max`. */
export interface DegreeSummary {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** Degrees from here on are kept one by one: few nodes have as many, as they share the graph's saves. */
const largeFrom = 2 ** 16;

/**
 * Counts nodes by degree, a range of nodes at a time, so that a large graph can be counted in turns. Exact. O(nodes)
 * time, 256 KB and 8 bytes for each node of degree 65,536 or more.
 */
export class DegreeHistogram {
  readonly #counts = new Uint32Array(largeFrom);
  readonly #large: number[] = [];
  #nodes = 0;

  /** Counts the nodes from `start` up to, not including, `end`. */
  add(adjacency: Adjacency, start: number, end: number): void {
    for (let node = start; node < end; node++) {
      const degree = degreeOf(adjacency, node);
      if (degree < largeFrom) this.#counts[degree]!++;
      else this.#large.push(degree);
    }
    this.#nodes += end - start;
  }

  /** Percentiles by nearest rank: degrees that nodes have. All 0 without nodes. */
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
