import SqliteDatabase from 'better-sqlite3';
import type { PinIndex } from '../../engine/index.ts';
import { breathe } from '../yield-to-event-loop.ts';
import type { Database } from './open-database.ts';
import type { Store } from './store.ts';
import { wordQueries, wordsOf } from './text-query.ts';

const pinsPerTurn = 500;

/**
 * The pins on most boards in a text index of their own, in memory, by rank. The first matches of a text there are the
 * best known ones: of a single letter, which half of all pins have, they are found without looking at the others.
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

  /** `pins` from the most popular on: a few thousand. Some 10 µs each, with turns for others in between. */
  static async index(store: Store, pins: readonly PinIndex[]): Promise<PopularPins> {
    const popular = new PopularPins(pins);
    const insert = popular.#database.prepare('INSERT INTO popular (rowid, key, title) VALUES (?, ?, ?)');
    const insertFrom = popular.#database.transaction((start: number) => {
      for (const [i, pin] of pins.slice(start, start + pinsPerTurn).entries()) {
        const row = store.nodeAt('pins', pin);
        if (row !== undefined) insert.run(start + i, row.key, row.title);
      }
    });
    for (let start = 0; start < pins.length; start += pinsPerTurn) {
      insertFrom(start);
      await breathe(undefined);
    }
    return popular;
  }

  /** The most popular pins with all words of a text, the last of which may go on: best known first. */
  find(text: string, limit: number): PinIndex[] {
    const words = wordsOf(text);
    if (words.length === 0) return [];
    return this.#selectMatches
      .all(wordQueries(words, true).join(' '), limit)
      .map((rank) => this.#pins[rank]!);
  }
}
