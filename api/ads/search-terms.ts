import { tokenize } from '../../engine/text/index.ts';

interface Term {
  /** Place of its campaign. */
  readonly campaign: number;
  readonly words: readonly string[];
}

/** Finds the campaigns whose search terms a text has: all words of one, in any order, regardless of case and diacritics. */
export class SearchTerms {
  /** By the longest word of each, which is in the fewest texts. */
  readonly #byWord = new Map<string, Term[]>();

  /** `terms`: of each campaign. O(words). */
  constructor(terms: readonly (readonly string[])[]) {
    for (const [campaign, own] of terms.entries()) {
      for (const term of own) {
        const words = wordsOf(term);
        const longest = words.toSorted((a, b) => b.length - a.length)[0];
        if (longest === undefined) continue;
        const others = this.#byWord.get(longest);
        if (others === undefined) this.#byWord.set(longest, [{ campaign, words }]);
        else others.push({ campaign, words });
      }
    }
  }

  /** Places of campaigns, each once. O(words of the text, and of the terms that share a word with it). */
  campaignsOf(text: string): number[] {
    const words = new Set(wordsOf(text));
    const found = new Set<number>();
    for (const word of words) {
      for (const term of this.#byWord.get(word) ?? [])
        if (term.words.every((each) => words.has(each))) found.add(term.campaign);
    }
    return [...found];
  }
}

function wordsOf(text: string): string[] {
  return tokenize(text.normalize('NFD').replaceAll(/\p{M}/gu, ''));
}
