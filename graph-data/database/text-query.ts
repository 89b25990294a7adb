/** Maximum number of words in a query; further words are ignored. */
const wordsMax = 16;

/** Splits a text into words as the index's tokenizer does: runs of letters and digits. */
export function wordsOf(text: string): string[] {
  return (text.match(/[\p{L}\p{M}\p{N}\p{Co}]+/gu) ?? []).slice(0, wordsMax);
}

/**
 * One FTS5 query per word; joined by spaces, they match rows that contain every word. Quotes keep FTS5 from
 * interpreting a word as query syntax.
 */
export function wordQueries(words: readonly string[], isLastPrefix: boolean): string[] {
  return words.map((word, i) => (isLastPrefix && i === words.length - 1 ? `"${word}"*` : `"${word}"`));
}

const isAscii = /^[ -~]*$/;

/** Removes case and diacritics, so that texts compare as they do in the index. */
export function folded(text: string): string {
  // Nearly all keys are ASCII and need no normalization.
  const plain = isAscii.test(text) ? text : text.normalize('NFD').replaceAll(/\p{M}/gu, '');
  return plain.toLowerCase();
}

/** Exclusive upper bound, in code point order, of the strings that start with `prefix`. */
export function rangeEnd(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}
