import type { Adjacency, PinIndex } from '../graph/index.ts';
import { TopPins } from '../rank/index.ts';
import type { CountedBoards } from './counted-boards.ts';
import type { LinearBuildParams } from './linear-params.ts';
import { solve } from './solve.ts';

/** Limits of exact counting for one pin; beyond them, a sample stands for the rest. */
interface ExactLimits {
  /** Saves on the pin's own boards. */
  readonly ownSaves: number;
  /** Boards of its neighbors, each counted for every neighbor on it. */
  readonly neighborBoards: number;
}

const defaultLimits: ExactLimits = { ownSaves: 2 ** 21, neighborBoards: 2 ** 18 };

/**
 * The ridge regression of one pin's column of X (boards × pins, 1 where a board holds a pin) on the columns of the pins
 * N that predict it best:
 *
 *     w = (G_NN + D)⁻¹ · G_Nj,   G = XᵀX,   D = ridge + dropout / (1 − dropout) · G_ii on the diagonal
 *
 * G_ij counts the boards that hold both i and j. With N all other pins and dropout 0, this is a column of EASE (Steck, WWW
 * 2019, doi:10.1145/3308558.3313710); with dropout, of the denoising autoencoder without self-similarity (Steck, NeurIPS
 * 2020). N are the `neighborsMax` pins with the largest G_ij / √(G_ii + D_ii): alone, each would explain the most.
 *
 * G is exact up to {@link ExactLimits}. Beyond, it is estimated: boards of j and other boards are each replaced by a sample
 * of fixed seed, weighted up. An estimate is a G of fewer boards, so it stays positive semidefinite.
 *
 * O(saves on boards of j + Σ_b n_b² over boards of neighbors, of which n_b each, + K³ / 6); scratch 16 bytes per pin, 5 per
 * board, 8 · K² and 4 MB.
 */
export class Regression {
  /** The neighbors of the last pin, ascending, and their weights. */
  readonly neighbors: Int32Array;
  readonly weights: Float64Array;
  /** Pins so far whose G was estimated from a sample. */
  sampled = 0;
  readonly #boardToPin: Adjacency;
  readonly #boards: CountedBoards;
  readonly #params: LinearBuildParams;
  readonly #penalty: number;
  /** Lower triangle, rows of `neighborsMax`. */
  readonly #gram: Float64Array;
  /** By pin: its count of boards in common with j. */
  readonly #common: Float64Array;
  readonly #touched: Int32Array;
  /** By pin: its row of G_NN, or -1. */
  readonly #rowOf: Int32Array;
  /** By place: whether the board holds j. */
  readonly #isOwn: Uint8Array;
  /** By place: the last entry of a list of the rows on the board; an entry's row and the one before. */
  readonly #last: Int32Array;
  readonly #before: Int32Array;
  readonly #row: Int32Array;
  readonly #limits: ExactLimits;

  constructor(
    boardToPin: Adjacency,
    boards: CountedBoards,
    params: LinearBuildParams,
    limits: ExactLimits = defaultLimits,
  ) {
    const { neighborsMax, dropout } = params;
    this.#boardToPin = boardToPin;
    this.#boards = boards;
    this.#params = params;
    this.#penalty = dropout / (1 - dropout);
    this.#limits = limits;
    // A sample varies in size: it is cut at twice its mean. A board has at most `neighborsMax` rows.
    const entriesMax = Math.min(2 * limits.neighborBoards, boards.places.length) + neighborsMax;
    this.#before = new Int32Array(entriesMax);
    this.#row = new Int32Array(entriesMax);
    this.#gram = new Float64Array(neighborsMax ** 2);
    this.neighbors = new Int32Array(neighborsMax);
    this.weights = new Float64Array(neighborsMax);
    const pinCount = boards.starts.length - 1;
    this.#common = new Float64Array(pinCount);
    this.#touched = new Int32Array(pinCount);
    this.#rowOf = new Int32Array(pinCount).fill(-1);
    this.#isOwn = new Uint8Array(boards.order.length);
    this.#last = new Int32Array(boards.order.length).fill(-1);
  }

  /** Computes the weights of a pin. Returns the number of its neighbors. */
  run(pin: PinIndex): number {
    const { neighborsMax, ridge } = this.#params;
    const own = this.#ownBoards(pin);
    const n = this.#chooseNeighbors(pin, own);
    for (let a = 0; a < n; a++) {
      this.#gram.fill(0, a * neighborsMax, a * neighborsMax + a + 1);
      this.#rowOf[this.neighbors[a]!] = a;
    }
    this.#addOwnBoards(own);
    const isSampled = this.#addOtherBoards(pin, n);
    if (isSampled || own.scale > 1) this.sampled++;
    for (let a = 0; a < n; a++) {
      const at = a * neighborsMax + a;
      this.#gram[at]! += ridge + this.#penalty * this.#gram[at]!;
      this.#rowOf[this.neighbors[a]!] = -1;
    }
    solve(this.#gram, neighborsMax, n, ridge, this.weights);
    return n;
  }

  /** The boards of a pin that are read: all, or as many as hold `ownSaves` pins together. */
  #ownBoards(pin: PinIndex): OwnBoards {
    const { order, starts, places } = this.#boards;
    const start = starts[pin]!;
    const all = starts[pin + 1]!;
    let end = start;
    for (let saves = 0; end < all && saves < this.#limits.ownSaves; end++) {
      saves += this.#boardToPin.slices[2 * order[places[end]!]! + 1]!;
    }
    return { start, end, scale: (all - start) / Math.max(1, end - start) };
  }

  /** Fills `neighbors`, and `weights` with G_Nj. */
  #chooseNeighbors(pin: PinIndex, { start, end, scale }: OwnBoards): number {
    const { order, starts, places } = this.#boards;
    const { slices, neighbors: pins } = this.#boardToPin;
    const { ridge, neighborsMax } = this.#params;
    const common = this.#common;
    const touched = this.#touched;
    let size = 0;
    for (let i = start; i < end; i++) {
      const place = places[i]!;
      const from = slices[2 * order[place]!]!;
      const to = from + slices[2 * order[place]! + 1]!;
      for (let edge = from; edge < to; edge++) {
        const other = pins[edge]!;
        const before = common[other]!;
        if (before === 0) touched[size++] = other;
        common[other] = before + scale;
      }
    }
    const top = new TopPins(neighborsMax);
    for (let i = 0; i < size; i++) {
      const other = touched[i]!;
      if (other === pin) continue;
      const degree = starts[other + 1]! - starts[other]!;
      top.offer(other, common[other]! / Math.sqrt(degree * (1 + this.#penalty) + ridge));
    }
    const chosen = Int32Array.from(top.drain(), (each) => each.pin).toSorted();
    this.neighbors.set(chosen);
    for (let a = 0; a < chosen.length; a++) this.weights[a] = common[chosen[a]!]!;
    for (let i = 0; i < size; i++) common[touched[i]!] = 0;
    return chosen.length;
  }

  /** Adds the boards of j to G_NN. Pins of a board are ascending, and so are the rows. */
  #addOwnBoards({ start, end, scale }: OwnBoards): void {
    const { order, places } = this.#boards;
    const { slices, neighbors: pins } = this.#boardToPin;
    const { neighborsMax } = this.#params;
    const gram = this.#gram;
    const rowOf = this.#rowOf;
    const rows = this.#row;
    for (let i = start; i < end; i++) {
      const place = places[i]!;
      const from = slices[2 * order[place]!]!;
      const to = from + slices[2 * order[place]! + 1]!;
      let held = 0;
      for (let edge = from; edge < to; edge++) {
        const a = rowOf[pins[edge]!]!;
        if (a === -1) continue;
        rows[held++] = a;
        for (let x = 0; x < held; x++) gram[a * neighborsMax + rows[x]!]! += scale;
      }
    }
  }

  /** Adds the other boards of the neighbors, or a sample of them, to G_NN. Returns whether it was a sample. */
  #addOtherBoards(pin: PinIndex, n: number): boolean {
    const { order, starts, places } = this.#boards;
    const { neighborsMax } = this.#params;
    const [gram, isOwn, last, before, rows] = [this.#gram, this.#isOwn, this.#last, this.#before, this.#row];
    let boards = 0;
    for (let a = 0; a < n; a++) boards += starts[this.neighbors[a]! + 1]! - starts[this.neighbors[a]!]!;
    const limit = Math.ceil(order.length * Math.min(1, this.#limits.neighborBoards / Math.max(1, boards)));
    const scale = order.length / limit;
    for (let i = starts[pin]!; i < starts[pin + 1]!; i++) isOwn[places[i]!] = 1;
    let entries = 0;
    for (let a = 0; a < n; a++) {
      const end = starts[this.neighbors[a]! + 1]!;
      for (let i = starts[this.neighbors[a]!]!; i < end; i++) {
        const place = places[i]!;
        if (place >= limit || entries === rows.length) break;
        if (isOwn[place] === 1) continue;
        rows[entries] = a;
        before[entries] = last[place]!;
        last[place] = entries;
        for (let x = entries++; x !== -1; x = before[x]!) gram[a * neighborsMax + rows[x]!]! += scale;
      }
    }
    for (let a = 0; a < n; a++) {
      const end = starts[this.neighbors[a]! + 1]!;
      for (let i = starts[this.neighbors[a]!]!; i < end && places[i]! < limit; i++) last[places[i]!] = -1;
    }
    for (let i = starts[pin]!; i < starts[pin + 1]!; i++) isOwn[places[i]!] = 0;
    return limit < order.length;
  }
}

/** Boards of a pin as a range of `places`, and the factor by which they stand for those not read. */
interface OwnBoards {
  readonly start: number;
  readonly end: number;
  readonly scale: number;
}
