/** Words of a text that are looked for; further ones are passed over. */
const wordsMax = 16;

/** The words of a text as the index has them: runs of letters and digits. */
export function wordsOf(text: string): string[] {
  return (text.match(/[\p{L}\p{M}\p{N}\p{Co}]+/gu) ?? []).slice(0, wordsMax);
}

/**
 * Words as FTS5 queries, all of which have to match; joined by spaces they are one query. Each is in quotes: nothing of
 * it is taken for the query language.
 */
export function wordQueries(words: readonly string[], lastGoesOn: boolean): string[] {
  return words.map((word, i) => (lastGoesOn && i === words.length - 1 ? `"${word}"*` : `"${word}"`));
}

const isAscii = /^[ -~]*$/;

/** Without case and diacritics, to compare texts as the index does. */
export function folded(text: string): string {
  // Nearly all keys are ASCII, which has no diacritics.
  const plain = isAscii.test(text) ? text : text.normalize('NFD').replaceAll(/\p{M}/gu, '');
  return plain.toLowerCase();
}

/** The end of the range of strings that begin with this one, in the order of code points. */
export function rangeEnd(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}
