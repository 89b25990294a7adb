import type { TextIndex } from '../../engine/index.ts';
import type { Stem } from './stem.ts';

/** An index of texts as the thread makes it. */
export interface IndexedTexts extends TextIndex {
  /** Of the stems (ISO 639-1): that which most pins have in the attribute `language`, else English. */
  readonly language: string;
}

/** The same with the function that made its stems, which no message can carry. */
export interface SearchIndex extends IndexedTexts {
  readonly stem: Stem;
}
