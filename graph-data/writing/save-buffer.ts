import type { Database, EventWriter } from '../database/index.ts';
import type { ChangeResult } from './changes.ts';

interface BufferedSave {
  readonly board: number;
  readonly pin: number;
  readonly savedAt: number;
  readonly weight: number | null;
  /** Where to tell what became of it. */
  readonly results: (ChangeResult | null)[];
  readonly index: number;
}

/** A place among the saves of one transaction fits below this, a board's id above it: together in a double. */
const savesMax = 2 ** 22;

/**
 * The saves of a transaction until they are written, by board: neighbours in the database then share pages, which is
 * 8 to 15 % of the time of a save (docs/perf-notes.md). Whoever reads or deletes saves flushes first.
 */
export class SaveBuffer {
  readonly #events: EventWriter;
  readonly #insert;
  #saves: BufferedSave[] = [];

  constructor(database: Database, events: EventWriter) {
    this.#events = events;
    this.#insert = database.prepare<[number, number, number, number | null]>(
      'INSERT INTO saves (board, pin, savedAt, weight) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
  }

  add(save: BufferedSave): void {
    this.#saves.push(save);
    if (this.#saves.length === savesMax) this.flush();
  }

  /** Writes them, and puts `added` or `present` among the results of each. Of equal ones, the first is added. */
  flush(): void {
    const saves = this.#saves;
    this.#saves = [];
    const order = Float64Array.from(saves, ({ board }, place) => board * savesMax + place).toSorted();
    for (const key of order) {
      const { board, pin, savedAt, weight, results, index } = saves[key % savesMax]!;
      const isNew = this.#insert.run(board, pin, savedAt, weight).changes === 1;
      if (isNew) this.#events.add('save', board, pin);
      results[index] = isNew ? 'added' : 'present';
    }
  }

  /** Forgets what a transaction that failed had gathered. */
  clear(): void {
    this.#saves = [];
  }
}
