/** Words of a text that are looked for; further ones are passed over. */
const wordsMax = 16;

/**
 * What people typed as FTS5 queries, one a word: all of them have to match; joined by spaces they are one query. The last
 * word may go on when it has `prefixLengthMin` characters. Words are runs of letters and digits, as the index has
 * them, each in quotes: nothing of the text is taken for the query language.
 */
export function wordQueries(text: string, prefixLengthMin: number): string[] {
  const words = (text.match(/[\p{L}\p{M}\p{N}\p{Co}]+/gu) ?? []).slice(0, wordsMax);
  return words.map((word, i) => {
    const goesOn = i === words.length - 1 && word.length >= prefixLengthMin;
    return goesOn ? `"${word}"*` : `"${word}"`;
  });
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
