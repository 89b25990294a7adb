import {
  type QueryTerm,
  type TextIndex,
  findWord,
  firstWordFrom,
  pinsOfTerm,
  indexedWord,
  wordCount,
} from '../../engine/search/index.ts';
import { tokenize } from '../../engine/text/index.ts';
import { findNear } from '../database/index.ts';
import type { SearchIndex } from './search-index.ts';

/** An index and how its words are stemmed. */
export type StemmedIndex = TextIndex & Pick<SearchIndex, 'stem'>;

/** A text as a query of an index. */
export interface ReadQuery {
  readonly terms: readonly QueryTerm[];
  /** Words that no pin has, with the words that replace them. */
  readonly corrections: ReadonlyMap<string, readonly string[]>;
}

/** Words of a query; further words are ignored. */
const wordsMax = 32;
/** Words of the index with one prefix that are looked at, and how many are used: the most common ones. */
const expandedMax = 500;
const expandedTaken = 50;
const expandedWeight = 0.3;
/** Fewer letters begin too many words to mean one. */
const prefixLettersMin = 3;
/** Words that are one edit away: for words of four letters or more, in 2,000 look-ups of 1 µs; the most common are taken. */
const nearLettersMin = 4;
const nearSeeksMax = 2_000;
const nearTaken = 3;
const nearWeight = 0.7;

/**
 * Reads a text as terms: its words, and words with the same stem. The last word also matches words that begin
 * with it. A word that no pin has is replaced by the words one edit away. Awaits `pause` every few
 * milliseconds.
 */
export async function readQuery(
  index: StemmedIndex,
  text: string,
  pause: () => Promise<void>,
): Promise<ReadQuery> {
  const weights = new Map<number, number>();
  const corrections = new Map<string, string[]>();
  const take = (word: number, weight: number): void => {
    const term = index.termOfWord[word]!;
    weights.set(term, Math.max(weights.get(term) ?? 0, weight));
  };
  const words = [...new Set(tokenize(text))].slice(0, wordsMax);
  for (const [i, word] of words.entries()) {
    await pause();
    const known = knownWord(index, word);
    const expanded = i === words.length - 1 ? expand(index, word) : [];
    if (known !== undefined) take(known, 1);
    for (const each of expanded) take(each, known === undefined ? 1 : expandedWeight);
    if (known !== undefined || expanded.length > 0) continue;
    const near = await correct(index, word, pause);
    if (near.length > 0)
      corrections.set(
        word,
        near.map((each) => indexedWord(index, each)),
      );
    for (const each of near) take(each, nearWeight);
  }
  return { terms: [...weights].map(([term, weight]) => ({ term, weight })), corrections };
}

/** The word itself, or one with its stem. */
function knownWord(index: StemmedIndex, word: string): number | undefined {
  const exact = findWord(index, word);
  if (exact >= 0) return exact;
  const stem = index.stem(word);
  // A stem differs from the beginning of its words in its last letter at most: `happi` and `happy`.
  const start = stem.length > nearLettersMin ? stem.slice(0, -1) : stem;
  return wordsWith(index, start).find((each) => index.stem(indexedWord(index, each)) === stem);
}

/** Words that begin with a prefix, in order, up to 500. */
function wordsWith(index: TextIndex, prefix: string): number[] {
  const words: number[] = [];
  for (
    let word = firstWordFrom(index, prefix);
    word < wordCount(index) && words.length < expandedMax;
    word++
  ) {
    if (!indexedWord(index, word).startsWith(prefix)) break;
    words.push(word);
  }
  return words;
}

function expand(index: TextIndex, prefix: string): number[] {
  if (Array.from(prefix).length < prefixLettersMin) return [];
  return mostCommon(index, wordsWith(index, prefix), expandedTaken);
}

async function correct(index: TextIndex, word: string, pause: () => Promise<void>): Promise<number[]> {
  if (!word.isWellFormed() || Array.from(word).length < nearLettersMin) return [];
  const seek = (from: string): string | undefined => {
    const next = firstWordFrom(index, from);
    return next < wordCount(index) ? indexedWord(index, next) : undefined;
  };
  const { whole } = await findNear(word, seek, nearSeeksMax, pause);
  return mostCommon(
    index,
    whole.map((each) => findWord(index, each)),
    nearTaken,
  );
}

function mostCommon(index: TextIndex, words: readonly number[], count: number): number[] {
  const holders = (word: number): number => pinsOfTerm(index, index.termOfWord[word]!);
  return words.toSorted((a, b) => holders(b) - holders(a) || a - b).slice(0, count);
}
