import type { NodeKind } from '../../engine/index.ts';
import type { Database } from './open-database.ts';

/** A save with the keys and indexes of its board and pin. `savedAt` is milliseconds since 1970. */
export interface ListedSave {
  readonly user: string;
  readonly board: string;
  readonly pin: string;
  readonly savedAt: number | null;
  readonly weight: number | null;
  readonly boardIndex: number;
  readonly pinIndex: number;
}

/** Position of a page's last save. The next page starts after it, regardless of saves added or removed since. */
export interface SavePosition {
  readonly board: number;
  readonly pin: number;
}

interface CountedSaves {
  readonly rows: number;
  /** The board or pin of the last one; null if there was none. */
  readonly last: number | null;
}

const start: SavePosition = { board: -1, pin: -1 };

const columns = `users.key AS user, boards.key AS board, pins.key AS pin, savedAt, weight,
  saves.board AS boardIndex, saves.pin AS pinIndex`;

/**
 * The statements that read a page. CROSS JOIN keeps SQLite to the written join order: first along the index of the
 * page, then single rows by primary key.
 */
export const saveListSql: Readonly<Record<'pin' | 'board' | 'laterBoards', string>> = {
  pin: `SELECT ${columns} FROM saves INDEXED BY saves_by_pin
    CROSS JOIN boards ON boards.id = saves.board CROSS JOIN users ON users.id = boards.owner
    CROSS JOIN pins ON pins.id = saves.pin
    WHERE saves.pin = @node AND saves.board > @board ORDER BY saves.board LIMIT @limit`,
  board: `SELECT ${columns} FROM saves
    CROSS JOIN boards ON boards.id = saves.board CROSS JOIN users ON users.id = boards.owner
    CROSS JOIN pins ON pins.id = saves.pin
    WHERE saves.board = @node AND saves.pin > @pin ORDER BY saves.pin LIMIT @limit`,
  laterBoards: `SELECT ${columns} FROM boards INDEXED BY boards_by_owner
    CROSS JOIN saves ON saves.board = boards.id CROSS JOIN users ON users.id = boards.owner
    CROSS JOIN pins ON pins.id = saves.pin
    WHERE boards.owner = @node AND boards.id > @board ORDER BY boards.id, saves.pin LIMIT @limit`,
};

interface Page extends SavePosition {
  readonly node: number;
  readonly limit: number;
}

/**
 * Pages of the saves of a pin, a board or a user, ordered by board, then pin, each in order of creation. A page
 * continues along an index where the previous one ended: O(limit), independent of the number of saves.
 */
export class SaveLists {
  readonly #ofPin;
  readonly #ofBoard;
  readonly #ofLaterBoards;
  readonly #counts;

  constructor(database: Database) {
    const prepare = (sql: string) => database.prepare<[Page], ListedSave>(sql);
    this.#ofPin = prepare(saveListSql.pin);
    this.#ofBoard = prepare(saveListSql.board);
    this.#ofLaterBoards = prepare(saveListSql.laterBoards);
    const count = (other: string, saves: string) =>
      database.prepare<[number, number, number], CountedSaves>(
        `SELECT count(*) AS rows, max(${other}) AS last FROM (
           SELECT ${other} FROM ${saves} AND ${other} > ? ORDER BY ${other} LIMIT ?
         )`,
      );
    this.#counts = {
      pins: count('board', 'saves INDEXED BY saves_by_pin WHERE pin = ?'),
      boards: count('pin', 'saves WHERE board = ?'),
    };
  }

  /** Up to `limit` saves of a node after a position (default: from the first save). */
  page(kind: NodeKind, node: number, limit: number, { board, pin }: SavePosition = start): ListedSave[] {
    const parameters = { node, board, pin, limit };
    if (kind === 'pins') return this.#ofPin.all(parameters);
    if (kind === 'boards') return this.#ofBoard.all(parameters);
    const ofThisBoard = this.#ofBoard.all({ ...parameters, node: board });
    const left = limit - ofThisBoard.length;
    return left === 0
      ? ofThisBoard
      : [...ofThisBoard, ...this.#ofLaterBoards.all({ ...parameters, limit: left })];
  }

  /** Counts up to `limit` saves of a pin or a board, from those after a board or pin (-1: all). About 30 ns each. */
  countAfter(kind: Exclude<NodeKind, 'users'>, node: number, after: number, limit: number): CountedSaves {
    return this.#counts[kind].get(node, after, limit)!;
  }
}
