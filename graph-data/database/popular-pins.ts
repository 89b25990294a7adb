import SqliteDatabase from 'better-sqlite3';
import type { PinIndex } from '../../engine/index.ts';
import { yieldToEventLoop } from '../yield-to-event-loop.ts';
import type { Database } from './open-database.ts';
import type { Store } from './store.ts';
import { wordQueries, wordsOf } from './text-query.ts';

const pinsPerBatch = 200;
/** Characters of a title that are indexed: bounds the memory of the index. */
const titleLengthMax = 1_000;

/**
 * An in-memory text index of the most saved pins, whose row numbers are the popularity ranks. The first matches are
 * therefore the most popular ones, found without reading the rest: even a single letter, which matches half of all
 * pins, is cheap.
 */
export class PopularPins {
  readonly #database: Database = new SqliteDatabase(':memory:');
  readonly #pins: readonly PinIndex[];
  readonly #selectMatches;

  private constructor(pins: readonly PinIndex[]) {
    this.#pins = pins;
    this.#database.exec(
      `CREATE VIRTUAL TABLE popular USING fts5 (
         key, title, content = '', tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
       )`,
    );
    this.#selectMatches = this.#database
      .prepare<[string, number], number>(
        'SELECT rowid FROM popular WHERE popular MATCH ? ORDER BY rowid LIMIT ?',
      )
      .pluck();
  }

  /** Indexes a few thousand pins, most popular first. About 10 µs per pin; yields to the event loop between batches. */
  static async index(store: Store, pins: readonly PinIndex[]): Promise<PopularPins> {
    const popular = new PopularPins(pins);
    const insert = popular.#database.prepare('INSERT INTO popular (rowid, key, title) VALUES (?, ?, ?)');
    const insertFrom = popular.#database.transaction((start: number) => {
      for (const [i, pin] of pins.slice(start, start + pinsPerBatch).entries()) {
        const row = store.nodeAt('pins', pin);
        if (row !== undefined) insert.run(start + i, row.key, row.title?.slice(0, titleLengthMax));
      }
    });
    for (let start = 0; start < pins.length; start += pinsPerBatch) {
      insertFrom(start);
      await yieldToEventLoop(undefined);
    }
    return popular;
  }

  /** Up to `limit` pins that contain all words of the text, most popular first. The last word may be a prefix. */
  find(text: string, limit: number): PinIndex[] {
    const words = wordsOf(text);
    return words.length === 0 ? [] : this.findBy(wordQueries(words, true), limit);
  }

  /** The same for words that are FTS5 queries. */
  findBy(queries: readonly string[], limit: number): PinIndex[] {
    return this.#selectMatches.all(queries.join(' AND '), limit).map((rank) => this.#pins[rank]!);
  }
}
