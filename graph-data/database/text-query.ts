/** Words of a text that are looked for; further ones are passed over. */
const wordsMax = 16;

/**
 * What people typed as an FTS5 query: every word has to be there, the last one may go on. Words are runs of letters and
 * digits, as the index has them, each in quotes: nothing of the text is taken for the query language. Undefined
 * when there is no word in it.
 */
export function matchQuery(text: string): string | undefined {
  const words = wordsOf(text);
  return words.length === 0 ? undefined : `${words.map(quoted).join(' ')}*`;
}

/** Each word of a {@link matchQuery} as a query by itself. */
export function wordQueries(text: string): string[] {
  const words = wordsOf(text);
  return words.map((word, i) => (i === words.length - 1 ? `${quoted(word)}*` : quoted(word)));
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

function wordsOf(text: string): string[] {
  return (text.match(/[\p{L}\p{M}\p{N}\p{Co}]+/gu) ?? []).slice(0, wordsMax);
}

function quoted(word: string): string {
  return `"${word}"`;
}
