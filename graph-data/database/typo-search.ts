import type { NodeKind } from '../../engine/index.ts';
import { byKind } from './by-kind.ts';
import { type NearTexts, findNear } from './near-texts.ts';
import type { Database } from './open-database.ts';
import { folded, wordsOf } from './text-query.ts';

/** Fewer letters are one edit away from half of all short words. */
const lettersMin = 4;
/** Look-ups among keys, about 3 µs each, and among the words of the text index, about 30 µs each. */
const keySeeksMax = 5_000;
const wordSeeksMax = 500;
/** Words of one text that are corrected. */
const wordsMax = 3;

/**
 * Finds keys, titles and words one edit away from a text: {@link findNear} over the indexes that exact search reads. There is no index
 * for typos, so nothing has to be built, kept current, or erased.
 */
export class TypoSearch {
  readonly #nextKey;
  readonly #nextBoardTitle;
  readonly #nextWord;

  constructor(database: Database) {
    this.#nextKey = byKind((kind) =>
      database
        .prepare<[string], string>(`SELECT key FROM ${kind} WHERE key >= ? ORDER BY key LIMIT 1`)
        .pluck(),
    );
    // In the order of the index, which folds the case of ASCII.
    this.#nextBoardTitle = database
      .prepare<[string], string>(
        `SELECT lower(title) FROM boards WHERE title IS NOT NULL AND title COLLATE NOCASE >= ?
         ORDER BY title COLLATE NOCASE LIMIT 1`,
      )
      .pluck();
    database.exec(
      'CREATE VIRTUAL TABLE IF NOT EXISTS temp.pins_words USING fts5vocab (main, pins_text, instance)',
    );
    this.#nextWord = database
      .prepare<[string], string>('SELECT term FROM temp.pins_words WHERE term >= ? LIMIT 1')
      .pluck();
  }

  /** Keys one edit away from the text, as typed and in lower case; none for a text of fewer than four letters. */
  async keys(kind: NodeKind, text: string, pause: () => Promise<void>): Promise<NearTexts> {
    const near = [];
    for (const typed of new Set([text, text.toLowerCase()])) {
      near.push(await nearTo(typed, this.#nextKey[kind], keySeeksMax, pause));
    }
    return { whole: near.flatMap(({ whole }) => whole), prefixes: near.flatMap(({ prefixes }) => prefixes) };
  }

  /** Titles of boards one edit away from the text, in lower case. */
  async boardTitles(text: string, pause: () => Promise<void>): Promise<NearTexts> {
    return nearTo(text.toLowerCase(), this.#nextBoardTitle, keySeeksMax, pause);
  }

  /**
   * One FTS5 query a word of the text, which also matches words of pins that are one edit away; for the first three words
   * of four letters or more. Undefined when there are no such words.
   */
  async wordQueries(text: string, pause: () => Promise<void>): Promise<string[] | undefined> {
    const queries: string[] = [];
    let corrected = 0;
    for (const word of wordsOf(text).map(folded)) {
      // The look-ups of one word may be too few for a pause, the look-ups of fifteen words are not.
      await pause();
      const { whole } =
        corrected < wordsMax ? await nearTo(word, this.#nextWord, wordSeeksMax, pause) : { whole: [] };
      if (whole.some((near) => near !== word)) corrected++;
      queries.push([...new Set([word, ...whole])].map((each) => `"${each}"`).join(' OR '));
    }
    return corrected === 0 ? undefined : queries.map((query) => `(${query})`);
  }
}

async function nearTo(
  typed: string,
  next: { readonly get: (from: string) => string | undefined },
  seeksMax: number,
  pause: () => Promise<void>,
): Promise<NearTexts> {
  if (!typed.isWellFormed() || Array.from(typed).length < lettersMin) return { whole: [], prefixes: [] };
  return findNear(typed, (from) => next.get(from), seeksMax, pause);
}
