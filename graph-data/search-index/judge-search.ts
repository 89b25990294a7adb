import { degreeOf } from '../../engine/graph/index.ts';
import { type JudgedSearch, TextSearches } from '../../engine/search/index.ts';
import type { Boards } from './index-texts.ts';
import { type StemmedIndex, readQuery } from './read-query.ts';

/** The pins that a text should find. */
type Wanted = Pick<JudgedSearch, 'gains' | 'ideal' | 'person'>;

const noPause = async (): Promise<void> => {};

/** Searches an index as the server does, for weights to be chosen. */
export class SearchJudge {
  readonly #index: StemmedIndex;
  readonly #graph: Boards;
  readonly #texts = new TextSearches();

  constructor(index: StemmedIndex, graph: Boards) {
    this.#index = index;
    this.#graph = graph;
  }

  /** The pins that a text finds, but for `left`, with their signals. */
  async judge(text: string, wanted: Wanted, left: ReadonlySet<number> = new Set()): Promise<JudgedSearch> {
    const { terms } = await readQuery(this.#index, text, noPause);
    const run = this.#texts.run(this.#index, terms);
    let step = run.next();
    while (step.done !== true) step = run.next();
    const { pinToBoard } = this.#graph;
    const most = Math.log1p(Math.max(1, ...step.value.map(({ pin }) => degreeOf(pinToBoard, pin))));
    const hits = step.value.filter(({ pin }) => !left.has(pin));
    const signals = hits.flatMap(({ pin, words, content }) => {
      return [words, content, Math.log1p(degreeOf(pinToBoard, pin)) / most];
    });
    return { pins: Int32Array.from(hits, ({ pin }) => pin), signals: Float64Array.from(signals), ...wanted };
  }
}
