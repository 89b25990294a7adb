import { type Forest, childOf } from './forest.ts';

/**
 * What the features of a row move: on the way from root to leaf, each split moves the mean of the leaves below, weighed by the
 * rows that they were grown on, and that is the contribution of its feature (Saabas, "Interpreting random forests", 2014). The
 * contributions add up to the log odds of the row less the base.
 */
export class TreeContributions {
  /** The mean log odds of the rows that the trees were grown on. */
  readonly base: number;
  readonly #forest: Forest;
  /** By node: the mean of the leaves below. */
  readonly #means: Float64Array;

  /** O(nodes). */
  constructor(forest: Forest) {
    const { features, left, right, leafRows, leafValues, roots } = forest;
    this.#forest = forest;
    this.#means = new Float64Array(features.length);
    const rows = new Float64Array(features.length);
    const rowsOf = (child: number): number => (child < 0 ? leafRows[~child]! : rows[child]!);
    // A node comes before its children.
    for (let node = features.length - 1; node >= 0; node--) {
      const [a, b] = [left[node]!, right[node]!];
      rows[node] = rowsOf(a) + rowsOf(b);
      const mean = (rowsOf(a) * this.#meanOf(a, leafValues) + rowsOf(b) * this.#meanOf(b, leafValues)) / rows[node]!; // prettier-ignore
      this.#means[node] = mean;
    }
    this.base = roots.reduce((sum, root) => sum + this.#meanOf(root, leafValues), 0);
  }

  /** By feature. O(trees · depth). */
  of(row: Float64Array): Float64Array {
    const { features, leafValues, roots, width } = this.#forest;
    const moved = new Float64Array(width);
    for (const root of roots) {
      for (let node = root; node >= 0;) {
        const next = childOf(this.#forest, node, row, 0);
        moved[features[node]!]! += this.#meanOf(next, leafValues) - this.#means[node]!;
        node = next;
      }
    }
    return moved;
  }

  #meanOf(child: number, leafValues: Float64Array): number {
    return child < 0 ? leafValues[~child]! : this.#means[child]!;
  }
}
