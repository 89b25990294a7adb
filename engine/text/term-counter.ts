import type { SparseRows } from './sparse-rows.ts';

/** Rows of a matrix of documents by words, and the words of its columns. */
interface CountedRows {
  readonly rows: SparseRows;
  readonly words: readonly string[];
}

/** How {@link TermCounter.finish} makes rows of its counts. */
interface RowOptions {
  /** Terms of fewer documents are left out. */
  readonly documentsMin: number;
  /** Terms of a row at most: those of the largest weight. Default: all. */
  readonly termsMax?: number | undefined;
}

/**
 * Counts the terms of documents, one document after another, and makes TF-IDF rows of them: 8 bytes for each different term
 * of a document, and a string for each different term of all.
 */
export class TermCounter {
  readonly #ids = new Map<string, number>();
  /** Documents with each term. */
  #frequencies = new Int32Array(1024);
  /** The document that counted a term last, and where. */
  #lastDocument = new Int32Array(1024).fill(-1);
  #lastAt = new Int32Array(1024);
  readonly #ends: number[] = [];
  #terms = new Int32Array(1024);
  #counts = new Int32Array(1024);
  #size = 0;

  /** The numbers of some terms, for {@link add}; new ones get theirs here. */
  idsOf(terms: readonly string[]): Int32Array {
    return Int32Array.from(terms, (term) => this.#idOf(term));
  }

  /** Adds a document, of which the first `distinctMax` different terms count. O(terms). */
  add(ids: Iterable<number>, distinctMax: number = Infinity): void {
    const document = this.#ends.length;
    const start = this.#size;
    for (const id of ids) {
      if (this.#lastDocument[id] === document) {
        this.#counts[this.#lastAt[id]!]!++;
        continue;
      }
      if (this.#size - start >= distinctMax) continue;
      this.#lastDocument[id] = document;
      this.#lastAt[id] = this.#size;
      this.#frequencies[id]!++;
      if (this.#size === this.#terms.length) {
        this.#terms = grown(this.#terms);
        this.#counts = grown(this.#counts);
      }
      this.#terms[this.#size] = id;
      this.#counts[this.#size++] = 1;
    }
    this.#ends.push(this.#size);
  }

  /** The rows of all documents, as {@link tfIdf} describes them. O(terms). */
  finish({ documentsMin, termsMax = Infinity }: RowOptions): CountedRows {
    const documents = this.#ends.length;
    const columnOf = new Int32Array(this.#ids.size).fill(-1);
    const words: string[] = [];
    const idf: number[] = [];
    for (const [word, id] of this.#ids) {
      const count = this.#frequencies[id]!;
      if (count < documentsMin || count === 0 || count === documents) continue;
      columnOf[id] = words.length;
      words.push(word);
      idf.push(Math.log(documents / count));
    }
    const starts = new Int32Array(documents + 1);
    const columns = new Int32Array(this.#size);
    const values = new Float64Array(this.#size);
    let [at, end] = [0, 0];
    for (const [document, rowEnd] of this.#ends.entries()) {
      const from = end;
      for (; at < rowEnd; at++) {
        const column = columnOf[this.#terms[at]!]!;
        if (column < 0) continue;
        columns[end] = column;
        values[end++] = (1 + Math.log(this.#counts[at]!)) * idf[column]!;
      }
      if (end - from > termsMax) end = keepHeaviest(columns, values, from, end, termsMax);
      toUnitLength(values.subarray(from, end));
      starts[document + 1] = end;
    }
    const rows = {
      starts,
      columns: columns.slice(0, end),
      values: values.slice(0, end),
      columnCount: words.length,
    };
    return { rows, words };
  }

  #idOf(term: string): number {
    const known = this.#ids.get(term);
    if (known !== undefined) return known;
    const id = this.#ids.size;
    this.#ids.set(term, id);
    if (id === this.#frequencies.length) {
      this.#frequencies = grown(this.#frequencies);
      this.#lastAt = grown(this.#lastAt);
      this.#lastDocument = grown(this.#lastDocument).fill(-1, id);
    }
    return id;
  }
}

/** Scales a row to length 1. */
function toUnitLength(values: Float64Array | Float32Array): void {
  let squares = 0;
  for (const value of values) squares += value * value;
  const length = Math.sqrt(squares);
  for (let i = 0; i < values.length; i++) values[i]! /= length;
}

/** Keeps the `count` heaviest terms of a row, in their order, at its start; returns its new end. */
function keepHeaviest(
  columns: Int32Array,
  values: Float64Array,
  from: number,
  to: number,
  count: number,
): number {
  const order = Array.from({ length: to - from }, (_, i) => from + i);
  const kept = order.toSorted((a, b) => values[b]! - values[a]! || a - b).slice(0, count);
  let end = from;
  for (const at of kept.toSorted((a, b) => a - b)) {
    columns[end] = columns[at]!;
    values[end++] = values[at]!;
  }
  return end;
}

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}
