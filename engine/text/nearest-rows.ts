import { type ScoredPin, TopPins } from '../rank/index.ts';
import { SparseVector } from '../sparse/index.ts';
import { type SparseRows, transposeRows } from './term-rows.ts';

/** Finds the rows of a matrix that are nearest to one of them by dot product: by cosine, as the rows have unit length. */
export class NearestRows {
  readonly #rows: SparseRows;
  /** Rows by term: only rows that share a term are looked at. */
  readonly #byTerm: SparseRows;
  readonly #scores: SparseVector = new SparseVector();

  constructor(rows: SparseRows) {
    this.#rows = rows;
    this.#byTerm = transposeRows(rows);
  }

  /**
   * The `k` nearest of the rows that `isCandidate` accepts and that share a term with `row`, best first, ties to the smaller
   * row; never `row` itself. Exact. O(rows that have each of its terms).
   */
  of(row: number, k: number, isCandidate: (other: number) => boolean): ScoredPin[] {
    const { starts, columns, values } = this.#rows;
    const byTerm = this.#byTerm;
    this.#scores.begin(starts.length - 1);
    for (let at = starts[row]!; at < starts[row + 1]!; at++) {
      const value = values[at]!;
      const end = byTerm.starts[columns[at]! + 1]!;
      for (let other = byTerm.starts[columns[at]!]!; other < end; other++) {
        this.#scores.add(byTerm.columns[other]!, value * byTerm.values[other]!);
      }
    }
    const top = new TopPins(k);
    for (let i = 0; i < this.#scores.size; i++) {
      const other = this.#scores.nodes[i]!;
      const score = this.#scores.values[other]!;
      if (top.wouldKeep(other, score) && other !== row && isCandidate(other)) top.offer(other, score);
    }
    return top.drain();
  }
}
