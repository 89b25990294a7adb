import type { ChangeLog, Database } from '../database/index.ts';
import type { NodeIds } from './node-ids.ts';

/** Number of rows deleted with a user. */
export interface ErasedRows {
  readonly users: number;
  readonly boards: number;
  readonly saves: number;
  /** Receipts of all clients: they hold only hashes, which do not show whom a request concerned. */
  readonly idempotencyRecords: number;
}

/** Stands for a user without rows in the table of unfinished erasures. */
const unknownUser = -1;

/** Deletes the rows of a user. Pins stay, even those saved by nobody else: they are not personal data. */
export class Eraser {
  readonly #selectBoards;
  readonly #selectPins;
  readonly #deleteSaves;
  readonly #deleteBoard;
  readonly #deleteUser;
  readonly #deleteReceipts;
  readonly #insertErasure;
  readonly #deleteErasures;

  constructor(database: Database) {
    this.#selectBoards = database.prepare<[number], { id: number; key: string }>(
      'SELECT id, key FROM boards WHERE owner = ? ORDER BY id',
    );
    this.#selectPins = database
      .prepare<[number], number>('SELECT pin FROM saves WHERE board = ? ORDER BY pin')
      .pluck();
    this.#deleteSaves = database.prepare<[number]>('DELETE FROM saves WHERE board = ?');
    this.#deleteBoard = database.prepare<[number]>('DELETE FROM boards WHERE id = ?');
    this.#deleteUser = database.prepare<[number]>('DELETE FROM users WHERE id = ?');
    this.#deleteReceipts = database.prepare<[]>('DELETE FROM answers');
    this.#insertErasure = database.prepare<[number, number]>(
      'INSERT OR REPLACE INTO erasures (user, erasedAt) VALUES (?, ?)',
    );
    this.#deleteErasures = database.prepare<[]>(
      `DELETE FROM erasures WHERE user NOT IN (SELECT a FROM events WHERE kind = 'user-gone')`,
    );
  }

  /**
   * Erases a user within the caller's transaction. An unknown user can be in receipts, and in database pages left by an
   * aborted import. The log tells followers whom to erase; its keys go with the other copies of the rows. `time`: now, in
   * milliseconds since 1970. About 5 µs per save.
   */
  erase(key: string, time: number, ids: NodeIds, log: ChangeLog): ErasedRows {
    const user = ids.findUser(key);
    const idempotencyRecords = this.#deleteReceipts.run().changes;
    this.#insertErasure.run(user ?? unknownUser, time);
    if (user === undefined) return { users: 0, boards: 0, saves: 0, idempotencyRecords };
    const boards = this.#selectBoards.all(user);
    let saves = 0;
    for (const { id, key: board } of boards) {
      for (const pin of this.#selectPins.all(id)) log.append('save-gone', id, pin);
      saves += this.#deleteSaves.run(id).changes;
      this.#deleteBoard.run(id);
      log.appendKeyed('board-gone', id, 0, board);
    }
    this.#deleteUser.run(user);
    log.appendKeyed('user-gone', user, 0, key);
    ids.forgetUser(
      key,
      boards.map((board) => board.key),
    );
    return { users: 1, boards: boards.length, saves, idempotencyRecords };
  }

  /**
   * Marks erasures as complete. Call it when no copy of the deleted rows is left, except in the log: a replica
   * may learn of an erasure during another.
   */
  finish(): void {
    this.#deleteErasures.run();
  }
}

/** Whether rows of a user were deleted while copies of them may remain. */
export function hasUnfinishedErasure(database: Database): boolean {
  return database.prepare<[], number>('SELECT EXISTS (SELECT 1 FROM erasures)').pluck().get() === 1;
}
