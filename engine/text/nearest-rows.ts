import { type ScoredPin, TopPins } from '../rank/index.ts';
import { SparseVector } from '../sparse/index.ts';
import { type SparseRow, type SparseRows, transposeRows } from './sparse-rows.ts';

/**
 * Finds the rows of a matrix that are nearest to one of them, or to another row, by dot product: by cosine, as the rows have
 * unit length.
 */
export class NearestRows {
  readonly #rows: SparseRows;
  /** Rows by term: only rows that share a term are looked at. */
  readonly #byTerm: SparseRows;
  readonly #scores: SparseVector = new SparseVector();
  readonly #lookupsMax: number;

  /**
   * `lookupsMax`: entries of the matrix that one search reads at most. Beyond, the terms that most rows have are left out: they
   * tell least apart. Default: no limit, and exact.
   */
  constructor(rows: SparseRows, lookupsMax: number = Infinity) {
    this.#rows = rows;
    this.#byTerm = transposeRows(rows);
    this.#lookupsMax = lookupsMax;
  }

  /** Rows that have a term. O(1). */
  frequencyOf(column: number): number {
    return this.#byTerm.starts[column + 1]! - this.#byTerm.starts[column]!;
  }

  /**
   * The `k` nearest of the rows that `isCandidate` accepts and that share a term with `row`, best first, ties to the smaller
   * row; never `row` itself. O(rows that have each of its terms).
   */
  of(row: number, k: number, isCandidate: (other: number) => boolean): ScoredPin[] {
    this.compareRow(row);
    return this.best(k, (other) => other !== row && isCandidate(other));
  }

  /** Compares all rows with one of them, for {@link best}. */
  compareRow(row: number): void {
    const { starts, columns, values } = this.#rows;
    const [from, to] = [starts[row]!, starts[row + 1]!];
    this.compare({ columns: columns.subarray(from, to), values: values.subarray(from, to) });
  }

  /** Compares all rows with a row that need not be one of them, for {@link best}. O(rows that have each of its terms). */
  compare({ columns, values }: SparseRow): void {
    const { starts, columns: rows, values: weights } = this.#byTerm;
    this.#scores.begin(this.#rows.starts.length - 1);
    let lookupsLeft = this.#lookupsMax;
    for (const at of this.#order(columns)) {
      const [from, to] = [starts[columns[at]!]!, starts[columns[at]! + 1]!];
      if (to - from > lookupsLeft) break;
      lookupsLeft -= to - from;
      const value = values[at]!;
      for (let other = from; other < to; other++) {
        this.#scores.add(rows[other]!, value * weights[other]!);
      }
    }
  }

  /** The `k` best of the last comparison that `isCandidate` accepts, best first, ties to the smaller row. */
  best(k: number, isCandidate: (other: number) => boolean): ScoredPin[] {
    const top = new TopPins(k);
    for (let i = 0; i < this.#scores.size; i++) {
      const other = this.#scores.nodes[i]!;
      const score = this.#scores.values[other]!;
      if (top.wouldKeep(other, score) && isCandidate(other)) top.offer(other, score);
    }
    return top.drain();
  }

  /** Places of terms: rare terms first where not all may be read, else in the order given. */
  #order(columns: Int32Array): number[] {
    const places = [...columns.keys()];
    if (this.#lookupsMax === Infinity) return places;
    return places.toSorted((a, b) => this.frequencyOf(columns[a]!) - this.frequencyOf(columns[b]!) || a - b);
  }
}
