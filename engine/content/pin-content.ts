import type { SparseRows } from '../text/index.ts';
import type { ContentLinks, NearPins } from './content-links.ts';
import type { LiveLinks } from './live-links.ts';

/** Words as UTF-8, one after another: word w is `bytes[starts[w] .. starts[w + 1])`. */
export interface WordList {
  readonly starts: Int32Array<SharedArrayBuffer>;
  readonly bytes: Uint8Array<SharedArrayBuffer>;
}

/**
 * The texts of a graph's pins, and which pins are near each other by them. Pins added later have no rows here.
 */
export interface PinContent {
  /** The word of each column of `rows`. */
  readonly words: WordList;
  /** TF-IDF rows of unit length, by pin. */
  readonly rows: SparseRows;
  /** Of pins with few saves. */
  readonly near: NearPins;
  /** `near` by source. */
  readonly links: ContentLinks;
  /** In a live graph: lists that replace those of `near`. */
  readonly live?: LiveLinks | undefined;
}

const decoder = new TextDecoder();

/** The word of a column. */
export function wordAt({ starts, bytes }: WordList, column: number): string {
  // TextDecoder refuses shared memory.
  return decoder.decode(bytes.slice(starts[column], starts[column + 1]));
}
