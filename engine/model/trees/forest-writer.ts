import type { BinnedRows } from './bins.ts';
import { type Forest, missing } from './forest.ts';
import type { Split } from './split.ts';

/** Collects trees as they grow. The first tree is a leaf with the score that every row starts with. */
export class ForestWriter {
  readonly #width: number;
  readonly #roots: number[] = [-1];
  readonly #leafValues: number[];
  readonly #leafRows: number[] = [1];
  readonly #features: number[] = [];
  readonly #bins: number[] = [];
  readonly #thresholds: number[] = [];
  readonly #left: number[] = [];
  readonly #right: number[] = [];
  readonly #kinds: number[] = [];
  #root = 0;

  constructor(width: number, start: number) {
    this.#width = width;
    this.#leafValues = [start];
  }

  beginTree(): void {
    this.#root = this.#features.length;
  }

  /** Adds a node below a parent, -1 for the root; returns its index. */
  node({ feature, bin, missingLeft }: Split, bounds: Float64Array, parent: number, isLeft: boolean): number {
    const node = this.#features.push(feature) - 1;
    this.#bins.push(bin);
    // A split between NaN and all else has no bound.
    this.#thresholds.push(bounds[bin - 1] ?? Infinity);
    this.#kinds.push((missing.nan << 2) | (missingLeft ? 2 : 0));
    this.#left.push(0);
    this.#right.push(0);
    this.#hang(node, parent, isLeft);
    return node;
  }

  /** `rows`: that the leaf was grown on. */
  leaf(value: number, rows: number, parent: number, isLeft: boolean): void {
    const leaf = this.#leafValues.push(value) - 1;
    this.#leafRows.push(rows);
    if (parent < 0) this.#root = ~leaf;
    else this.#hang(~leaf, parent, isLeft);
  }

  endTree(): void {
    this.#roots.push(this.#root);
  }

  /** Adds what the last tree says of every row to its score. O(rows · depth). */
  addLastTree({ values, width, count }: BinnedRows, scores: Float64Array): void {
    const root = this.#roots.at(-1)!;
    for (let row = 0; row < count; row++) {
      let node = root;
      while (node >= 0) {
        const bin = values[row * width + this.#features[node]!]!;
        const goesLeft = bin === 0 ? (this.#kinds[node]! & 2) !== 0 : bin <= this.#bins[node]!;
        node = goesLeft ? this.#left[node]! : this.#right[node]!;
      }
      scores[row]! += this.#leafValues[~node]!;
    }
  }

  forest(): Forest {
    return {
      width: this.#width,
      roots: Int32Array.from(this.#roots),
      features: Int32Array.from(this.#features),
      thresholds: Float64Array.from(this.#thresholds),
      left: Int32Array.from(this.#left),
      right: Int32Array.from(this.#right),
      kinds: Uint8Array.from(this.#kinds),
      leafValues: Float64Array.from(this.#leafValues),
      leafRows: Int32Array.from(this.#leafRows),
      categories: new Uint32Array(0),
    };
  }

  #hang(child: number, parent: number, isLeft: boolean): void {
    if (parent < 0) return;
    (isLeft ? this.#left : this.#right)[parent] = child;
  }
}
