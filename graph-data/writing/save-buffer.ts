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
/** Divides {@link savesBetweenChecks}. Measured: 16 take two thirds of the time of 1, 32 the same (docs/perf-notes.md). */
const rowsPerStatement = 16;

/**
 * Buffers the saves of a transaction to write them sorted by board: neighbours in the database then share pages, which
 * saves 8 to 15 % of the time per save (docs/perf-notes.md). Flush before reading or deleting saves.
 */
export class SaveBuffer {
  readonly #log: ChangeLog;
  readonly #insert;
  readonly #insertMany;
  readonly #selectChanges;
  #saves: BufferedSave[] = [];
  readonly #values: unknown[] = Array(4 * rowsPerStatement).fill(null);
  /** Whether the last rows had a save that was there already. */
  #wasPresent = false;

  constructor(database: Database, log: ChangeLog) {
    this.#log = log;
    this.#insert = database.prepare<[number, number, number, number | null]>(
      'INSERT INTO saves (board, pin, savedAt, weight) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
    const rows = Array(rowsPerStatement).fill('(?, ?, ?, ?)').join(', ');
    // FAIL keeps the rows before the one that is there already: nothing has to be undone, so SQLite keeps no journal of the statement.
    this.#insertMany = database.prepare<[unknown[]]>(
      `INSERT OR FAIL INTO saves (board, pin, savedAt, weight) VALUES ${rows}`,
    );
    this.#selectChanges = database.prepare<[], number>('SELECT changes()').pluck();
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
    for (let at = 0; at < order.length; at += rowsPerStatement) {
      if (at % savesBetweenChecks === 0 && mustStop?.() === true) throw new Stopped();
      this.#write(Array.from(order.subarray(at, at + rowsPerStatement), (key) => saves[key % savesMax]!));
    }
  }

  #write(saves: readonly BufferedSave[]): void {
    // Many saves of a request that is sent again are present, and an error takes ten times as long as a row.
    const areNew = !this.#wasPresent && saves.length === rowsPerStatement;
    const added = areNew ? this.#writeUntilPresent(saves) : 0;
    this.#wasPresent = false;
    for (const [i, { board, pin, savedAt, weight, results, index }] of saves.entries()) {
      const isNew = i < added || this.#insert.run(board, pin, savedAt, weight).changes === 1;
      if (isNew) this.#log.append('save', board, pin);
      else this.#wasPresent = true;
      results[index] = isNew ? 'added' : 'present';
    }
  }

  /** Writes the saves up to the first one that is present, and returns their number. */
  #writeUntilPresent(saves: readonly BufferedSave[]): number {
    let filled = 0;
    for (const { board, pin, savedAt, weight } of saves) {
      this.#values[filled++] = board;
      this.#values[filled++] = pin;
      this.#values[filled++] = savedAt;
      this.#values[filled++] = weight;
    }
    try {
      return this.#insertMany.run(this.#values).changes;
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'SQLITE_CONSTRAINT_PRIMARYKEY') throw error;
      return this.#selectChanges.get()!;
    }
  }

  /** Discards the saves of a failed transaction. */
  clear(): void {
    this.#saves = [];
  }
}
