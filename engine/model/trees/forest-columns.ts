import type { FeatureColumns } from '../features/index.ts';
import { type Forest, forestLogOdds, missing } from './forest.ts';

/** {@link Forest.kinds} of nodes whose only rule for missing values is the side of NaN. */
const [nanRight, nanLeft] = [missing.nan << 2, (missing.nan << 2) | 2];

/**
 * Scores candidates tree by tree, with the bits of {@link forestLogOdds}. A node on a feature that the candidates share is decided
 * once a tree and passed over, so candidates of one person walk through a part of each tree. NaN becomes an infinity on the
 * side that the node sends it to, so that a node is one comparison.
 */
export class ForestColumns {
  readonly #forest: Forest;
  readonly #isPlain: boolean;
  readonly #hasLeft: Uint8Array;
  /** Of the part of a tree: where the column of each node begins, its left and its right child. */
  readonly #nodes: Int32Array;
  readonly #bounds: Float64Array;
  #next = 0;
  /** Column by column, NaN as Infinity; then again as −Infinity, for nodes that send it to the left. */
  #values = new Float64Array(0);
  /** Every candidate in its order, and room for two other orders. */
  #all = new Int32Array(0);
  #order = new Int32Array(0);
  #other = new Int32Array(0);

  constructor(forest: Forest) {
    this.#forest = forest;
    this.#isPlain = forest.kinds.every((kind) => kind === nanRight || kind === nanLeft);
    this.#nodes = new Int32Array(3 * forest.features.length);
    this.#bounds = new Float64Array(forest.features.length);
    this.#hasLeft = new Uint8Array(forest.width);
    for (const [node, kind] of forest.kinds.entries()) {
      if (kind === nanLeft) this.#hasLeft[forest.features[node]!] = 1;
    }
  }

  /** Writes the log odds of candidates. O(candidates · trees · depth). */
  logOdds(columns: FeatureColumns, out: Float64Array): void {
    const { count } = columns;
    const { roots, leafValues } = this.#forest;
    if (!this.#isPlain) {
      this.#oneByOne(columns, out);
      return;
    }
    this.#prepare(columns);
    out.fill(0, 0, count);
    for (let tree = 0; tree < roots.length; tree++) {
      this.#next = 0;
      const root = this.#decide(roots[tree]!, columns);
      if (root < 0) {
        const value = leafValues[~root]!;
        for (let i = 0; i < count; i++) out[i]! += value;
        continue;
      }
      this.#addTree(root, 0, count, this.#all, this.#order, this.#other, out);
    }
  }

  /**
   * Adds what a tree says of the candidates `order[from … to − 1]`, which are at a node. They are divided without a branch: each is
   * written to both sides, and one of them moves on. A third faster than walking candidate by candidate, whose branches are
   * mispredicted (`npm run bench:models`). `next`: where the divided ones are written; `spare`: for those below.
   */
  #addTree(
    node: number,
    from: number,
    to: number,
    order: Int32Array,
    next: Int32Array,
    spare: Int32Array,
    out: Float64Array,
  ): void {
    if (node < 0) {
      const value = this.#forest.leafValues[~node]!;
      for (let i = from; i < to; i++) out[order[i]!]! += value;
      return;
    }
    const values = this.#values;
    const [start, bound] = [this.#nodes[3 * node]!, this.#bounds[node]!];
    let [left, right] = [from, to - 1];
    for (let i = from; i < to; i++) {
      const each = order[i]!;
      const goesLeft = values[start + each]! <= bound ? 1 : 0;
      next[left] = each;
      next[right] = each;
      left += goesLeft;
      right += goesLeft - 1;
    }
    if (left > from) this.#addTree(this.#nodes[3 * node + 1]!, from, left, next, spare, next, out);
    if (left < to) this.#addTree(this.#nodes[3 * node + 2]!, left, to, next, spare, next, out);
  }

  /** Writes the remaining tree below a node; returns its index, or ~leaf. */
  #decide(from: number, columns: FeatureColumns): number {
    const { features, thresholds, left, right, kinds, width } = this.#forest;
    const { count, values, isShared } = columns;
    let node = from;
    while (node >= 0 && isShared[features[node]!] === 1) {
      const value = values[features[node]! * count]!;
      const goesLeft = Number.isNaN(value) ? kinds[node] === nanLeft : value <= thresholds[node]!;
      node = goesLeft ? left[node]! : right[node]!;
    }
    if (node < 0) return node;
    const own = this.#next++;
    this.#nodes[3 * own] = (features[node]! + (kinds[node] === nanLeft ? width : 0)) * count;
    this.#bounds[own] = Math.min(thresholds[node]!, Number.MAX_VALUE);
    this.#nodes[3 * own + 1] = this.#decide(left[node]!, columns);
    this.#nodes[3 * own + 2] = this.#decide(right[node]!, columns);
    return own;
  }

  #prepare({ count, values, isShared }: FeatureColumns): void {
    const { width } = this.#forest;
    if (this.#values.length < 2 * width * count) this.#values = new Float64Array(2 * width * count);
    if (this.#all.length < count) {
      this.#all = Int32Array.from({ length: count }, (_, i) => i);
      this.#order = new Int32Array(count);
      this.#other = new Int32Array(count);
    }
    for (let feature = 0; feature < width; feature++) {
      if (isShared[feature] === 1) continue;
      this.#copy(values, feature * count, feature * count, count, Infinity);
      if (this.#hasLeft[feature] === 1) this.#copy(values, feature * count, (width + feature) * count, count, -Infinity); // prettier-ignore
    }
  }

  /** A split between NaN and all else has the bound Infinity, which NaN must exceed and Infinity must not. */
  #copy(from: Float64Array, at: number, to: number, count: number, nan: number): void {
    const into = this.#values;
    for (let i = 0; i < count; i++) {
      const value = from[at + i]!;
      into[to + i] = value !== value ? nan : value === Infinity ? Number.MAX_VALUE : value; // eslint-disable-line no-self-compare -- NaN
    }
  }

  #oneByOne({ count, values, isShared }: FeatureColumns, out: Float64Array): void {
    const { width } = this.#forest;
    const row = new Float64Array(width);
    for (let i = 0; i < count; i++) {
      for (let f = 0; f < width; f++) row[f] = values[f * count + (isShared[f] === 1 ? 0 : i)]!;
      out[i] = forestLogOdds(this.#forest, row);
    }
  }
}
