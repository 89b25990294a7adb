import type { NodeRow, Stem } from '../../graph-data/index.ts';
import type { Blend, Signals } from './blend.ts';
import type { Facets } from './facets.ts';
import type { Walks } from './pin-search.ts';
import type { IndexState } from './text-indexes.ts';

/** A node that matches a text, and its number of neighbors: boards of a pin or a user, pins of a board. */
export interface SearchHit {
  readonly key: string;
  readonly title: string | null;
  readonly count: number;
  /** Of pins. */
  readonly text?: string | null;
  /** How the pin was found: by the text as typed, by a typo of it, or by a walk from the other hits. */
  readonly source: 'text' | 'typo' | 'walk';
  /** Of pins: what ranks them, where there is an index of texts. */
  readonly signals?: Signals;
}

/** What a search of pins returns, and how. */
export interface PinSearchOptions {
  readonly limit: number;
  /** Hits before the first one: of pages before. */
  readonly offset?: number;
  readonly accepts?: ((row: NodeRow) => boolean) | undefined;
  readonly facets?: readonly string[] | '*' | undefined;
  /** A field of which only the best pin of each value is listed, on all pages together. Facets count all. */
  readonly collapse?: string | undefined;
  readonly walks?: Walks;
  /** Instead of the weights of the index. */
  readonly blend?: Partial<Blend>;
}

/** A page of pins. */
export interface PinPage {
  readonly hits: readonly SearchHit[];
  readonly hasMore: boolean;
  readonly facets: Facets | undefined;
  readonly index: IndexState;
  /** How much each signal counts, where there is an index of texts. */
  readonly blend: Blend | undefined;
  /** Makes one text of all forms of a word. */
  readonly stem: Stem;
  /** Words that no pin has, with the words that replaced them. */
  readonly corrections: ReadonlyMap<string, readonly string[]>;
}
