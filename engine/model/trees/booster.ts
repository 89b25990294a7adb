import { check, resolveParams } from '../../base/index.ts';
import { type RandomStream, nextBelow, randomStream } from '../../random/index.ts';
import type { BinnedRows } from './bins.ts';
import { type BoostParams, boostParams } from './boost-params.ts';
import type { Forest } from './forest.ts';
import { ForestWriter } from './forest-writer.ts';
import type { Objective } from './objectives.ts';
import { type Split, bestSplit } from './split.ts';

/** Random substream of the draws. */
const drawStream = 0x4000_0020;

interface Leaf {
  /** Rows from here in the order, without those that were not drawn. */
  readonly start: number;
  readonly end: number;
  readonly gradient: number;
  readonly hessian: number;
  readonly histogram: Float64Array;
  readonly split: Split | undefined;
  /** Where the leaf hangs: a node and its side; -1 for the root. */
  readonly parent: number;
  readonly isLeft: boolean;
}

/**
 * Gradient boosting of decision trees (Friedman, Annals of Statistics 29, 2001, doi:10.1214/aos/1013203451) on histograms of binned
 * features; each tree grows at the leaf of the largest gain (LightGBM: Ke et al., NIPS 2017). The histogram of the larger child is
 * that of its parent less its sibling's. Same rows, objective, parameters and seed: same trees, bit by bit.
 */
export class Booster {
  readonly params: BoostParams;
  /** Of all rows, after the trees so far. */
  readonly scores: Float64Array;
  readonly #rows: BinnedRows;
  readonly #objective: Objective;
  readonly #randomSeed: number;
  readonly #allowed: Int32Array;
  readonly #writer: ForestWriter;
  readonly #gradients: Float64Array;
  readonly #hessians: Float64Array;
  readonly #order: Int32Array;
  readonly #moved: Int32Array;
  /** The first bin of each feature in a histogram. */
  readonly #starts: Int32Array;
  readonly #spare: Float64Array[] = [];
  #trees = 0;

  /** `allowed`: the features that trees may use, ascending. Default: all. */
  constructor(
    rows: BinnedRows,
    objective: Objective,
    given: Partial<BoostParams>,
    randomSeed: number,
    allowed: Int32Array = Int32Array.from(rows.bins.bounds, (_, i) => i),
  ) {
    check(rows.count > 0, 'rows', 'there are none');
    this.params = resolveParams(boostParams, given);
    this.#rows = rows;
    this.#objective = objective;
    this.#randomSeed = randomSeed;
    this.#allowed = allowed;
    this.#writer = new ForestWriter(rows.width, objective.start);
    this.scores = new Float64Array(rows.count).fill(objective.start);
    this.#gradients = new Float64Array(rows.count);
    this.#hessians = new Float64Array(rows.count);
    this.#order = new Int32Array(rows.count);
    this.#moved = new Int32Array(rows.count);
    this.#starts = new Int32Array(rows.width + 1);
    for (let f = 0; f < rows.width; f++) this.#starts[f + 1] = this.#starts[f]! + rows.bins.bounds[f]!.length + 2; // prettier-ignore
  }

  /** Grows one tree. O(rows · features · depth). */
  grow(): void {
    const { params, scores } = this;
    this.#objective.derive(scores, this.#gradients, this.#hessians);
    const stream = randomStream(this.#randomSeed, this.#trees++, drawStream);
    const { count } = this.#rows;
    const features = drawn(stream, this.#allowed, params.featureShare);
    const drawnCount = Math.max(1, Math.round(params.rowShare * count));
    partitionDrawn(stream, this.#order, drawnCount);
    const leaves: Leaf[] = [this.#root(features, drawnCount)];
    this.#writer.beginTree();
    while (leaves.length < params.leavesMax) {
      let best = -1;
      for (const [i, { split }] of leaves.entries()) {
        if (split !== undefined && (best < 0 || split.gain > leaves[best]!.split!.gain)) best = i;
      }
      if (best < 0) break;
      const isLast = leaves.length + 1 === params.leavesMax;
      const [left, right] = this.#divide(leaves[best]!, features, isLast);
      leaves.splice(best, 1, left, right);
    }
    for (const leaf of leaves) {
      const value = (-params.learningRate * leaf.gradient) / (leaf.hessian + params.l2);
      this.#writer.leaf(value, leaf.end - leaf.start, leaf.parent, leaf.isLeft);
      this.#spare.push(leaf.histogram);
    }
    this.#writer.endTree();
    this.#writer.addLastTree(this.#rows, scores);
  }

  forest(): Forest {
    return this.#writer.forest();
  }

  #root(features: Int32Array, end: number): Leaf {
    const histogram = this.#histogram(features, 0, end);
    let [gradient, hessian] = [0, 0];
    for (let i = 0; i < end; i++) {
      gradient += this.#gradients[this.#order[i]!]!;
      hessian += this.#hessians[this.#order[i]!]!;
    }
    const split = bestSplit(histogram, this.#starts, features, { gradient, hessian, rows: end }, this.params);
    return { start: 0, end, gradient, hessian, histogram, split, parent: -1, isLeft: false };
  }

  #divide(leaf: Leaf, features: Int32Array, isLast: boolean): [Leaf, Leaf] {
    const split = leaf.split!;
    const middle = this.#partition(leaf, split);
    const node = this.#writer.node(split, this.#rows.bins.bounds[split.feature]!, leaf.parent, leaf.isLeft);
    const isLeftSmaller = middle - leaf.start <= leaf.end - middle;
    const [from, to] = isLeftSmaller ? [leaf.start, middle] : [middle, leaf.end];
    let [gradient, hessian] = [0, 0];
    for (let i = from; i < to; i++) {
      gradient += this.#gradients[this.#order[i]!]!;
      hessian += this.#hessians[this.#order[i]!]!;
    }
    const small = { start: from, end: to, gradient, hessian, parent: node, isLeft: isLeftSmaller };
    const large = {
      start: isLeftSmaller ? middle : leaf.start,
      end: isLeftSmaller ? leaf.end : middle,
      gradient: leaf.gradient - gradient,
      hessian: leaf.hessian - hessian,
      parent: node,
      isLeft: !isLeftSmaller,
    };
    // The two leaves of the last split need no histogram.
    const ofSmall = isLast ? new Float64Array(0) : this.#histogram(features, from, to);
    if (!isLast) subtract(leaf.histogram, ofSmall);
    const finish = (half: Omit<Leaf, 'histogram' | 'split'>, histogram: Float64Array): Leaf => {
      const sums = { gradient: half.gradient, hessian: half.hessian, rows: half.end - half.start };
      const next = isLast ? undefined : bestSplit(histogram, this.#starts, features, sums, this.params);
      return { ...half, histogram, split: next };
    };
    const pair = [finish(small, ofSmall), finish(large, leaf.histogram)] as const;
    return isLeftSmaller ? [pair[0], pair[1]] : [pair[1], pair[0]];
  }

  /** Moves the rows of the left side to the front, both sides in their order. Returns where the right side begins. */
  #partition({ start, end }: Leaf, { feature, bin, missingLeft }: Split): number {
    const { values, width } = this.#rows;
    const order = this.#order;
    const moved = this.#moved;
    const leftBinMin = missingLeft ? 0 : 1;
    let [left, right] = [start, 0];
    for (let i = start; i < end; i++) {
      const row = order[i]!;
      const value = values[row * width + feature]!;
      if (value <= bin && value >= leftBinMin) order[left++] = row;
      else moved[right++] = row;
    }
    for (let i = 0; i < right; i++) order[left + i] = moved[i]!;
    return left;
  }

  #histogram(features: Int32Array, from: number, to: number): Float64Array {
    const size = 2 * this.#starts.at(-1)!;
    let histogram = this.#spare.pop();
    while (histogram !== undefined && histogram.length !== size) histogram = this.#spare.pop();
    if (histogram === undefined) histogram = new Float64Array(size);
    else histogram.fill(0);
    const { values, width } = this.#rows;
    const [order, gradients, hessians, starts] = [this.#order, this.#gradients, this.#hessians, this.#starts];
    const featureCount = features.length;
    for (let i = from; i < to; i++) {
      const row = order[i]!;
      const at = row * width;
      const gradient = gradients[row]!;
      const hessian = hessians[row]!;
      for (let f = 0; f < featureCount; f++) {
        const feature = features[f]!;
        const bin = 2 * (starts[feature]! + values[at + feature]!);
        histogram[bin]! += gradient;
        histogram[bin + 1]! += hessian;
      }
    }
    return histogram;
  }
}

function subtract(from: Float64Array, other: Float64Array): void {
  for (let i = 0; i < from.length; i++) from[i]! -= other[i]!;
}

/** A share of some integers, at least one of them, ascending. */
function drawn(stream: RandomStream, from: Int32Array, share: number): Int32Array {
  const all = from.slice();
  const count = Math.max(1, Math.round(share * all.length));
  for (let i = 0; i < count; i++) {
    const other = i + nextBelow(stream, all.length - i);
    [all[i], all[other]] = [all[other]!, all[i]!];
  }
  return all.subarray(0, count).toSorted();
}

/** Writes the drawn rows to the front, ascending, and all others behind them. */
function partitionDrawn(stream: RandomStream, order: Int32Array, count: number): void {
  let [front, back] = [0, count];
  for (let row = 0; row < order.length; row++) {
    // Selection sampling: Knuth, The Art of Computer Programming 2, algorithm S.
    if (front < count && (count === order.length || nextBelow(stream, order.length - row) < count - front))
      order[front++] = row; // prettier-ignore
    else order[back++] = row;
  }
}
