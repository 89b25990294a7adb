import type { PinIndex } from '../../engine/index.ts';
import type { Database } from './open-database.ts';
import type { Side } from './store.ts';
import { folded, rangeEnd, wordQueries, wordsOf } from './text-query.ts';

/** A node that a text was found in. `title` is null for what has none. */
export interface FoundNode {
  readonly index: number;
  readonly key: string;
  readonly title: string | null;
}

/** A pin that has all the words; `closeness` is its bm25 as a share of the best one's, 0 to 1. */
export interface WordHit {
  readonly pin: PinIndex;
  readonly closeness: number;
}

/** Rows that a word may be in for bm25, which looks at all of them: about 1 µs each. */
const rankedMax = 1_000;
/**
 * Places of words that one prefix may be put together from, where the index has no list of it: about 0.2 µs each to
 * count and as much again to put together. Of a million keys that begin alike it would take 170 ms.
 */
const placesMax = 5_000;
/** Rows that one way of finding brings. */
const foundMax = 200;

interface Range {
  readonly from: string;
  readonly to: string;
}

/**
 * Ways to find nodes by text, each of which looks at a bounded number of rows. Which of them come first is not decided
 * here: that takes the graph.
 */
export class TextSearch {
  readonly #selectByKey: Record<Side, (range: Range) => FoundNode[]>;
  readonly #selectBoardsByTitle;
  readonly #selectPinsByTitle;
  readonly #selectPin;
  readonly #countPlaces;
  readonly #countMatches;
  readonly #selectMatches;
  readonly #selectRanked;

  constructor(database: Database) {
    const byKey = (side: Side, title: string) => {
      const select = database.prepare<[Range], FoundNode>(
        `SELECT id AS "index", key, ${title} AS title FROM ${side}
         WHERE key >= @from AND key < @to ORDER BY key LIMIT ${foundMax}`,
      );
      return (range: Range) => select.all(range);
    };
    this.#selectByKey = {
      pins: byKey('pins', 'title'),
      boards: byKey('boards', 'title'),
      users: byKey('users', 'NULL'),
    };
    this.#selectBoardsByTitle = database.prepare<[Range], FoundNode>(
      `SELECT id AS "index", key, title FROM boards
       WHERE title IS NOT NULL AND title COLLATE NOCASE >= @from AND title COLLATE NOCASE < @to
       ORDER BY title COLLATE NOCASE, id LIMIT ${foundMax}`,
    );
    this.#selectPinsByTitle = database.prepare<[string], FoundNode>(
      `SELECT id AS "index", key, title FROM pins
       WHERE title IS NOT NULL AND title = ? COLLATE NOCASE ORDER BY id LIMIT ${foundMax}`,
    );
    this.#selectPin = database.prepare<[number], FoundNode>(
      'SELECT id AS "index", key, title FROM pins WHERE id = ?',
    );
    database.exec(
      'CREATE VIRTUAL TABLE IF NOT EXISTS temp.pins_words USING fts5vocab (main, pins_text, instance)',
    );
    this.#countPlaces = database
      .prepare<[Range], number>(
        `SELECT count(*) FROM (
           SELECT 1 FROM temp.pins_words WHERE term >= @from AND term < @to LIMIT ${placesMax + 1}
         )`,
      )
      .pluck();
    this.#countMatches = database
      .prepare<[string], number>(
        `SELECT count(*) FROM (SELECT 1 FROM pins_text WHERE pins_text MATCH ? LIMIT ${rankedMax + 1})`,
      )
      .pluck();
    this.#selectMatches = database
      .prepare<[string], number>(`SELECT rowid FROM pins_text WHERE pins_text MATCH ? LIMIT ${rankedMax}`)
      .pluck();
    this.#selectRanked = database
      .prepare<[string], [number, number]>(
        // A word in the key says most, one in the title more than one in the text.
        'SELECT rowid, bm25(pins_text, 10, 5, 1) FROM pins_text WHERE pins_text MATCH ?',
      )
      .raw();
  }

  /** The first nodes, in the order of their keys, whose key begins with the prefix. */
  byKeyPrefix(side: Side, prefix: string): FoundNode[] {
    return this.#selectByKey[side]({ from: prefix, to: rangeEnd(prefix) });
  }

  /** The first boards, in the order of their titles, whose title begins with the prefix in either case (of ASCII). */
  boardsByTitlePrefix(prefix: string): FoundNode[] {
    return this.#selectBoardsByTitle.all({ from: prefix, to: rangeEnd(prefix) });
  }

  /** The first pins that have this title, in either case (of ASCII). */
  pinsByTitle(title: string): FoundNode[] {
    return this.#selectPinsByTitle.all(title);
  }

  pinAt(pin: PinIndex): FoundNode | undefined {
    return this.#selectPin.get(pin);
  }

  /**
   * Pins with all words of the text; the last one may go on, unless it is a single letter or too many go on from it. Where each word is in at most 1,000 pins: all of them, by bm25; else the first
   * 1,000, all with closeness 0.
   */
  byWords(text: string): WordHit[] {
    const words = wordsOf(text);
    if (words.length === 0) return [];
    const queries = wordQueries(words, this.#mayGoOn(words.at(-1)!));
    const query = queries.join(' ');
    if (queries.some((word) => this.#countMatches.get(word)! > rankedMax)) {
      return this.#selectMatches.all(query).map((pin) => ({ pin, closeness: 0 }));
    }
    const rows = this.#selectRanked.all(query);
    // bm25 is negative here, and near 0 for a word that most pins have.
    const best = Math.min(-Number.EPSILON, ...rows.map(([, bm25]) => bm25));
    return rows.map(([pin, bm25]) => ({ pin, closeness: bm25 / best }));
  }

  /** Whether a word can be taken for the start of others without looking at a good part of the index. */
  #mayGoOn(word: string): boolean {
    const from = folded(word);
    const { length } = Array.from(from);
    // Of prefixes of these lengths the index has lists: see the schema.
    if (length === 2 || length === 3) return true;
    return length > 1 && this.#countPlaces.get({ from, to: rangeEnd(from) })! <= placesMax;
  }
}
