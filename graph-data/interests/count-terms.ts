import { tokenize } from '../../engine/text/index.ts';
import { eachPinText, wholeTags } from '../content/index.ts';
import type { Database } from '../database/index.ts';

/** Terms at most: of a million titles, few words are new, and those that are say nothing of an interest. */
const termsMax = 500_000;
const titleLengthMax = 60;
/** Of a text; a longer title is none. */
const wordsMax = 40;
/** A term of board titles is shown only if so many people use it: it may be about a person. */
const ownersMin = 3;

/** Term counts over the texts of each class's pins and boards. */
export interface CountedTerms {
  /** By class: in how many texts each term is. */
  readonly words: readonly Map<number, number>[];
  /** By class: how many boards have each whole title. */
  readonly titles: readonly Map<number, number>[];
  readonly terms: readonly string[];
  /** Whether a term may be shown: it is on a pin, or on boards of several people. */
  readonly isPublic: (term: number) => boolean;
}

/**
 * Counts the words of pins, by title or else by key, their tags, the words of board titles, and whole titles of boards, by
 * class; -1 is none.
 * O(pins + boards), about 2 µs each.
 */
export function countTerms(
  database: Database,
  classes: { readonly count: number; ofPin(pin: number): number; ofBoard(board: number): number },
): CountedTerms {
  const terms: string[] = [];
  const numbers = new Map<string, number>();
  const owners: Uint8Array = new Uint8Array(termsMax);
  const lastOwner = new Int32Array(termsMax).fill(-1);
  const maps = (): Map<number, number>[] => Array.from({ length: classes.count }, () => new Map());
  const [words, titles] = [maps(), maps()];
  const numberOf = (term: string): number | undefined => {
    let number = numbers.get(term);
    if (number === undefined && terms.length < termsMax) {
      numbers.set(term, (number = terms.length));
      terms.push(term);
    }
    return number;
  };
  const count = (counts: Map<number, number>, term: string, owner: number | undefined): void => {
    const number = numberOf(term);
    if (number === undefined) return;
    counts.set(number, (counts.get(number) ?? 0) + 1);
    if (owner === undefined) owners[number] = ownersMin;
    // Boards come by owner, so each person counts once.
    else if (owner !== lastOwner[number]) {
      lastOwner[number] = owner;
      owners[number] = Math.min(ownersMin, owners[number]! + 1);
    }
  };
  const pins = database
    .prepare<[], [number, string]>('SELECT id, substr(coalesce(title, key), 1, 400) FROM pins ORDER BY id')
    .raw();
  for (const [pin, text] of pins.iterate()) {
    const own = words[classes.ofPin(pin)];
    if (own !== undefined) for (const word of wordsOf(text)) count(own, word, undefined);
  }
  eachPinText(database, 0, Number.MAX_SAFE_INTEGER, (pin, { tags }) => {
    const own = words[classes.ofPin(pin)];
    if (own !== undefined)
      for (const tag of wholeTags(tags)) if (!/^\p{N}+$/u.test(tag)) count(own, tag, undefined);
  });
  const boards = database
    .prepare<[], [number, number, string]>(
      'SELECT id, owner, substr(title, 1, 400) FROM boards WHERE title IS NOT NULL ORDER BY owner, id',
    )
    .raw();
  for (const [board, owner, title] of boards.iterate()) {
    const place = classes.ofBoard(board);
    if (place < 0) continue;
    for (const word of wordsOf(title)) count(words[place]!, word, owner);
    const whole = title.normalize('NFKC').toLowerCase().trim();
    if (whole.length > 1 && whole.length <= titleLengthMax) count(titles[place]!, ` ${whole}`, owner);
  }
  return { words, titles, terms, isPublic: (term) => owners[term]! >= ownersMin };
}

/** Distinct words of a text, without numbers and single characters. */
function wordsOf(text: string): Set<string> {
  const words = tokenize(text).filter((word) => word.length > 1 && !/^\p{N}+$/u.test(word));
  return new Set(words.slice(0, wordsMax));
}
