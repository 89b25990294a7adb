import {
  type ContentBuildParams,
  type PinContent,
  linkWeights,
  nearOf,
  putLinks,
  wordAt,
} from '../../engine/content/index.ts';
import { type PinBoardGraph, degreeOf } from '../../engine/graph/index.ts';
import { type ScoredPin, TopPins } from '../../engine/rank/index.ts';
import { type SparseRow, NearestRows, tfIdfRow } from '../../engine/text/index.ts';
import { lookupsMax, unsavedMax } from './compute-content.ts';
import { LiveVectors } from './live-vectors.ts';
import { type PinText, termsOf } from './pin-text.ts';
import type { PinVectors } from './pin-vectors.ts';
import { mergedLinks } from './vector-links.ts';

/**
 * Keeps the near pins of a live graph up to date: the one writer of `content.live`. Takes O(words of all pins) to start, and
 * as many bytes again. Words that no two pins of the build have in common stay unknown until the next build.
 */
export class LiveContent {
  readonly #graph: PinBoardGraph;
  readonly #content: PinContent;
  readonly #params: ContentBuildParams;
  readonly #search: NearestRows;
  readonly #columns: ReadonlyMap<string, number>;
  /** Rows of pins whose text came or changed after the build. */
  readonly #rows = new Map<number, SparseRow>();
  readonly #vectors: Map<string, LiveVectors>;

  /** `vectors`: all of the database. */
  constructor(
    graph: PinBoardGraph,
    content: PinContent,
    params: ContentBuildParams,
    vectors: readonly PinVectors[],
  ) {
    this.#vectors = new Map(vectors.map((named) => [named.name, new LiveVectors(named)]));
    this.#graph = graph;
    this.#content = content;
    this.#params = params;
    this.#search = new NearestRows(content.rows, lookupsMax);
    this.#columns = new Map(
      Array.from({ length: content.rows.columnCount }, (_, column) => [
        wordAt(content.words, column),
        column,
      ]),
    );
  }

  /**
   * Links a pin by its present text and vectors; a pin without any, such as a deleted one, loses its links.
   * Returns false when there is no room for more links. O(`lookupsMax` + coordinates + pins that came or
   * changed).
   */
  update(pin: number, text: PinText | undefined, vectors: ReadonlyMap<string, Int8Array>): boolean {
    for (const name of new Set([...this.#vectors.keys(), ...vectors.keys()])) {
      const named = this.#vectors.get(name) ?? new LiveVectors();
      named.set(pin, vectors.get(name));
      this.#vectors.set(name, named);
    }
    const row = this.#rowOf(text);
    const isNew = pin + 1 >= this.#content.rows.starts.length;
    if (row.columns.length > 0) this.#rows.set(pin, row);
    else if (isNew) this.#rows.delete(pin);
    else this.#rows.set(pin, row);
    const kinds = this.#saves(pin) > this.#params.savesMax ? [] : this.#kindsOf(pin, row, vectors);
    const near = kinds.length === 0 ? [] : mergedLinks(kinds, this.#params.neighborsMax + unsavedMax);
    if (near.length === 0 && nearOf(this.#content, pin).pins.length === 0) return true;
    return putLinks(this.#content.live!, pin, near);
  }

  /** The weights of the pins near one, by its words and by each vector. */
  #kindsOf(pin: number, row: SparseRow, vectors: ReadonlyMap<string, Int8Array>): (readonly ScoredPin[])[] {
    const { neighborsMax, prior } = this.#params;
    const isSaved = (other: number): boolean => other !== pin && this.#saves(other) > 0;
    const isUnsaved = (other: number): boolean => other !== pin && this.#saves(other) === 0;
    const kinds = row.columns.length === 0 ? [] : [this.#near(pin, row)];
    for (const [name, vector] of vectors) {
      const named = this.#vectors.get(name)!;
      const saved = named.nearest(vector, neighborsMax, isSaved);
      kinds.push(linkWeights(saved, prior, named.nearest(vector, unsavedMax, isUnsaved)));
    }
    return kinds.filter((near) => near.length > 0);
  }

  #near(pin: number, row: SparseRow): ScoredPin[] {
    const { neighborsMax, prior } = this.#params;
    this.#search.compare(row);
    const isOther = (other: number): boolean => other !== pin && !this.#rows.has(other);
    const isSaved = (other: number): boolean => this.#saves(other) > 0;
    const saved = this.#search.best(neighborsMax, (other) => isOther(other) && isSaved(other));
    const unsaved = this.#search.best(unsavedMax, (other) => isOther(other) && !isSaved(other));
    const changed = this.#amongChanged(pin, row);
    const merged = (
      built: readonly ScoredPin[],
      isWanted: (other: number) => boolean,
      k: number,
    ): ScoredPin[] => {
      const top = new TopPins(k);
      for (const { pin: other, score } of built) top.offer(other, score);
      for (const { pin: other, score } of changed) if (isWanted(other)) top.offer(other, score);
      return top.drain();
    };
    return linkWeights(
      merged(saved, isSaved, neighborsMax),
      prior,
      merged(unsaved, (other) => !isSaved(other), unsavedMax),
    );
  }

  /** Pins with a newer row that share a word. */
  #amongChanged(pin: number, row: SparseRow): ScoredPin[] {
    const weights = new Map(Array.from(row.columns, (column, i) => [column, row.values[i]!]));
    const found: ScoredPin[] = [];
    for (const [other, { columns, values }] of this.#rows) {
      if (other === pin) continue;
      const score = columns.reduce((sum, column, i) => sum + (weights.get(column) ?? 0) * values[i]!, 0);
      if (score > 0) found.push({ pin: other, score });
    }
    return found;
  }

  #rowOf(text: PinText | undefined): SparseRow {
    const terms = text === undefined ? [] : termsOf(text);
    const columns = terms.flatMap((term) => this.#columns.get(term) ?? []);
    const documents = this.#content.rows.starts.length - 1;
    const idfOf = (column: number): number => Math.log(documents / this.#search.frequencyOf(column));
    return tfIdfRow(columns, idfOf, this.#params.wordsMax);
  }

  #saves(pin: number): number {
    return degreeOf(this.#graph.pinToBoard, pin);
  }
}
