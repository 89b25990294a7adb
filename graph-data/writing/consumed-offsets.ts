import type { Database } from '../database/index.ts';
import type { ConsumedRange } from './changes.ts';

/** The offset of the next record of a partition. */
export type ConsumedOffset = Pick<ConsumedRange, 'topic' | 'name' | 'partition' | 'next'>;

/** How far topics were read, in order of topics and partitions. */
export function readConsumed(database: Database): ConsumedOffset[] {
  return database
    .prepare<[], ConsumedOffset>(
      'SELECT topic, name, partition, next FROM consumed ORDER BY topic, partition',
    )
    .all();
}

/** Stores how far topics were read, in the same transaction as their records: so each record counts once. */
export class ConsumedOffsets {
  readonly #select;
  readonly #put;

  constructor(database: Database) {
    this.#select = database
      .prepare<[string, number], number>('SELECT next FROM consumed WHERE topic = ? AND partition = ?')
      .pluck();
    this.#put = database.prepare<[string, number, string, number]>(
      'INSERT OR REPLACE INTO consumed (topic, partition, name, next) VALUES (?, ?, ?, ?)',
    );
  }

  /** Whether each range begins where its partition was left, or is its first; if so, moves all of them on. */
  move(ranges: readonly ConsumedRange[]): boolean {
    for (const { topic, partition, from } of ranges) {
      if ((this.#select.get(topic, partition) ?? from) !== from) return false;
    }
    for (const { topic, partition, name, next } of ranges) this.#put.run(topic, partition, name, next);
    return true;
  }
}
