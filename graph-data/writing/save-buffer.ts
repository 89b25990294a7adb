import type { ChangeLog, Database } from '../database/index.ts';
import type { ChangeResult } from './changes.ts';

interface BufferedSave {
  readonly board: number;
  readonly pin: number;
  readonly savedAt: number;
  readonly weight: number | null;
  /** Receives the result of the save at `index`. */
  readonly results: (ChangeResult | null)[];
  readonly index: number;
}

/** A transaction was given up, to be rolled back. */
export class Stopped extends Error {}

/** Maximum number of buffered saves. A board's id times this plus a save's index is an exact double. */
const savesMax = 2 ** 22;
/** A tenth of a millisecond or a few. */
const savesBetweenChecks = 64;

/**
 * Buffers the saves of a transaction to write them sorted by board: neighbours in the database then share pages, which
 * saves 8 to 15 % of the time per save (docs/perf-notes.md). Flush before reading or deleting saves.
 */
export class SaveBuffer {
  readonly #log: ChangeLog;
  readonly #insert;
  #saves: BufferedSave[] = [];

  constructor(database: Database, log: ChangeLog) {
    this.#log = log;
    this.#insert = database.prepare<[number, number, number, number | null]>(
      'INSERT INTO saves (board, pin, savedAt, weight) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
  }

  add(save: BufferedSave): void {
    this.#saves.push(save);
    if (this.#saves.length === savesMax) this.flush();
  }

  /** Writes the saves and sets the result of each, `added` or `present`. Of equal saves, the first is added. Throws {@link Stopped}. */
  flush(mustStop?: () => boolean): void {
    const saves = this.#saves;
    this.#saves = [];
    const order = Float64Array.from(saves, ({ board }, i) => board * savesMax + i).toSorted();
    for (const [i, key] of order.entries()) {
      if (i % savesBetweenChecks === 0 && mustStop?.() === true) throw new Stopped();
      const { board, pin, savedAt, weight, results, index } = saves[key % savesMax]!;
      const isNew = this.#insert.run(board, pin, savedAt, weight).changes === 1;
      if (isNew) this.#log.append('save', board, pin);
      results[index] = isNew ? 'added' : 'present';
    }
  }

  /** Discards the saves of a failed transaction. */
  clear(): void {
    this.#saves = [];
  }
}
