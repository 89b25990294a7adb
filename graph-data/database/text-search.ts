import type { NodeKind, PinIndex } from '../../engine/graph/index.ts';
import { hasUnspaced } from '../../engine/text/index.ts';
import { byKind } from './by-kind.ts';
import type { Database } from './open-database.ts';
import { readNextIds } from './counts.ts';
import { folded, rangeEnd, wordQueries, wordsOf } from './text-query.ts';

/** A node that matches a text. `title` is null if the node has none. */
export interface FoundNode {
  readonly index: number;
  readonly key: string;
  readonly title: string | null;
}

/** A pin that contains all words. `closeness` is its bm25 relative to the best match, 0 to 1. */
interface WordHit {
  readonly pin: PinIndex;
  readonly closeness: number;
}

/** Maximum number of rows per word for ranking by bm25, which reads all of them at about 1 µs each. */
const rankedMax = 1_000;
/**
 * Maximum number of word positions that a prefix without a list in the index may cover: about 0.2 µs each to count and
 * as much again to merge. Without this bound, a prefix shared by a million keys would take 170 ms.
 */
const positionsMax = 5_000;
/**
 * Maximum number of pins times words up to which FTS5 itself intersects the lists of common words. It takes about 20 ns for
 * each, since it reads two lists without a common pin to their ends.
 */
const placesDefault = 1_000_000;
/** Beyond that, maximum number of rows of these lists that one search reads, and reads at a time: about 0.4 µs each. */
const rowsMax = 100_000;
const rowsPerSlice = 5_000;
/** Maximum number of rows per lookup by key or title. */
const foundMax = 200;
/** Newest pins that are looked through for words inside of runs, and characters of their texts. */
const newestMax = 500;
const textLengthMax = 2_000;

interface Range {
  readonly from: string;
  readonly to: string;
}

/**
 * Finds nodes by text. Every method reads a bounded number of rows. The order of the results is left to the caller,
 * since it depends on the graph.
 */
export class TextSearch {
  readonly #database;
  readonly #placesMax;
  readonly #selectByKey;
  readonly #selectBoardsByTitle;
  readonly #selectPinsByTitle;
  readonly #selectPin;
  readonly #selectNewest;
  readonly #countPositions;
  readonly #countMatches;
  readonly #selectMatches;
  readonly #selectRanked;

  constructor(database: Database, placesMax: number = placesDefault) {
    this.#database = database;
    this.#placesMax = placesMax;
    this.#selectByKey = byKind((kind) =>
      database.prepare<[Range], FoundNode>(
        `SELECT id AS "index", key, ${kind === 'users' ? 'NULL' : 'title'} AS title FROM ${kind}
         WHERE key >= @from AND key < @to ORDER BY key LIMIT ${foundMax}`,
      ),
    );
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
    this.#selectNewest = database.prepare<[], FoundNode & { readonly text: string | null }>(
      `SELECT id AS "index", key, title, substr(text, 1, ${textLengthMax}) AS text FROM pins
       ORDER BY id DESC LIMIT ${newestMax}`,
    );
    database.exec(
      'CREATE VIRTUAL TABLE IF NOT EXISTS temp.pins_words USING fts5vocab (main, pins_text, instance)',
    );
    this.#countPositions = database
      .prepare<[Range], number>(
        `SELECT count(*) FROM (
           SELECT 1 FROM temp.pins_words WHERE term >= @from AND term < @to LIMIT ${positionsMax + 1}
         )`,
      )
      .pluck();
    this.#countMatches = database
      .prepare<[string], number>(
        `SELECT count(*) FROM (SELECT 1 FROM pins_text WHERE pins_text MATCH ? LIMIT ${rankedMax + 1})`,
      )
      .pluck();
    this.#selectMatches = database
      .prepare<[string, number, number], number>(
        'SELECT rowid FROM pins_text WHERE pins_text MATCH ? AND rowid >= ? LIMIT ?',
      )
      .pluck();
    this.#selectRanked = database
      .prepare<[string], [number, number]>(
        // A match in the key counts most, then one in the title, then one in the text.
        'SELECT rowid, bm25(pins_text, 10, 5, 1) FROM pins_text WHERE pins_text MATCH ?',
      )
      .raw();
  }

  /** Up to 200 nodes whose key starts with the prefix, in key order. */
  byKeyPrefix(kind: NodeKind, prefix: string): FoundNode[] {
    return this.#selectByKey[kind].all({ from: prefix, to: rangeEnd(prefix) });
  }

  /** Up to 200 boards whose title starts with the prefix (ASCII case ignored), in title order. */
  boardsByTitlePrefix(prefix: string): FoundNode[] {
    return this.#selectBoardsByTitle.all({ from: prefix, to: rangeEnd(prefix) });
  }

  /** Up to 200 pins with exactly this title (ASCII case ignored), oldest first. */
  pinsByTitle(title: string): FoundNode[] {
    return this.#selectPinsByTitle.all(title);
  }

  pinAt(pin: PinIndex): FoundNode | undefined {
    return this.#selectPin.get(pin);
  }

  /**
   * Of the newest 500 pins, those whose title or beginning of a text has all words of the text. None unless a word is in a
   * script without spaces: FTS5 takes a whole run of one for a word.
   */
  newestWithin(text: string): FoundNode[] {
    if (!hasUnspaced(text)) return [];
    const words = wordsOf(plain(text));
    return this.#selectNewest
      .all()
      .filter((pin) => {
        const said = plain(`${pin.title ?? ''}\n${pin.text ?? ''}`);
        return words.every((word) => said.includes(word));
      })
      .map(({ index, key, title }) => ({ index, key, title }));
  }

  /**
   * Pins that contain all words of the text. The last word also matches as a prefix, unless it is a single letter or
   * too common a prefix. If every word occurs in at most 1,000 pins, returns all matches with their bm25; otherwise the
   * first 1,000 matches, each with closeness 0. If that is expensive, because no word is rare and there are many pins,
   * returns the matches in the first 100,000 rows of the words' lists, and awaits `pause` every few milliseconds.
   */
  async byWords(text: string, pause: () => Promise<void>): Promise<WordHit[]> {
    const words = wordsOf(text);
    if (words.length === 0) return [];
    return this.byQueries(wordQueries(words, this.#canBePrefix(words.at(-1)!)), pause);
  }

  /** The same for words that are FTS5 queries: pins that match all of them. */
  async byQueries(queries: readonly string[], pause: () => Promise<void>): Promise<WordHit[]> {
    const query = queries.join(' AND ');
    const common = queries.filter((word) => this.#countMatches.get(word)! > rankedMax);
    if (common.length > 0) {
      // FTS5 is fast with a rare word or a single word, by which it jumps from match to match.
      const isLed = common.length < queries.length || queries.length === 1;
      const pins =
        isLed || readNextIds(this.#database).pins * queries.length <= this.#placesMax
          ? this.#selectMatches.all(query, 0, rankedMax)
          : await this.#withAllWords(queries, pause);
      return pins.map((pin) => ({ pin, closeness: 0 }));
    }
    const rows = this.#selectRanked.all(query);
    // FTS5's bm25 is negative, and near 0 for a word that most pins contain.
    const best = Math.min(-Number.EPSILON, ...rows.map(([, bm25]) => bm25));
    return rows.map(([pin, bm25]) => ({ pin, closeness: bm25 / best }));
  }

  /** Intersects the lists of the words part by part; the parts grow while few matches are found. */
  async #withAllWords(words: readonly string[], pause: () => Promise<void>): Promise<PinIndex[]> {
    const found: PinIndex[] = [];
    const partMax = Math.ceil(rowsPerSlice / words.length);
    let [next, part, read] = [0, Math.min(rankedMax, partMax), 0];
    for (;;) {
      let common: readonly PinIndex[] | undefined;
      let end = Infinity;
      for (const word of words) {
        const pins = this.#selectMatches.all(word, next, part);
        if (pins.length === 0) return found;
        if (pins.length === part) end = Math.min(end, pins.at(-1)!);
        common = common === undefined ? pins : intersection(common, pins);
        // No earlier pin has this word.
        next = pins[0]!;
        read += pins.length;
      }
      found.push(...common!);
      if (end === Infinity || found.length >= rankedMax || read >= rowsMax) return found.slice(0, rankedMax);
      next = Math.max(next, end + 1);
      part = Math.min(2 * part, partMax);
      await pause();
    }
  }

  /** Whether matching a word as a prefix reads only a small part of the index. */
  #canBePrefix(word: string): boolean {
    const from = folded(word);
    const { length } = Array.from(from);
    // The index holds a list for every prefix of these lengths (see the schema).
    if (length === 2 || length === 3) return true;
    return length > 1 && this.#countPositions.get({ from, to: rangeEnd(from) })! <= positionsMax;
  }
}

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** The common elements of two ascending lists. */
function intersection(a: readonly number[], b: readonly number[]): number[] {
  const both: number[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i]! < b[j]!) i++;
    else if (a[i]! > b[j]!) j++;
    else {
      both.push(a[i]!);
      i++;
      j++;
    }
  }
  return both;
}
