import type { Database } from './open-database.ts';
import type { Side } from './store.ts';

/** A save with the keys and the indexes of its board and pin. Time in milliseconds since 1970. */
export interface ListedSave {
  readonly user: string;
  readonly board: string;
  readonly pin: string;
  readonly savedAt: number | null;
  readonly weight: number | null;
  readonly boardIndex: number;
  readonly pinIndex: number;
}

/** The last save of a page: the next page starts after it, whatever has come and gone since. */
export interface SavePlace {
  readonly board: number;
  readonly pin: number;
}

const before: SavePlace = { board: -1, pin: -1 };

const columns = `users.key AS user, boards.key AS board, pins.key AS pin, savedAt, weight,
  saves.board AS boardIndex, saves.pin AS pinIndex`;

/**
 * The statements of pages. CROSS JOIN holds SQLite to the order as written: along the index that the page follows, then
 * single rows.
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

interface Page extends SavePlace {
  readonly node: number;
  readonly limit: number;
}

/**
 * The saves of a pin, a board or a user by board, then pin, in the order in which those first came. A page follows an
 * index from where the last one ended: O(limit), however many saves there are.
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
    const count = (sql: string) => database.prepare<[number], number>(`SELECT count(*) FROM ${sql}`).pluck();
    this.#counts = {
      pins: count('saves WHERE pin = ?'),
      boards: count('saves WHERE board = ?'),
      users: count('boards CROSS JOIN saves ON saves.board = boards.id WHERE owner = ?'),
    };
  }

  /** Up to `limit` saves of a node after a place (default: from the first). */
  page(side: Side, node: number, limit: number, { board, pin }: SavePlace = before): ListedSave[] {
    const place = { node, board, pin, limit };
    if (side === 'pins') return this.#ofPin.all(place);
    if (side === 'boards') return this.#ofBoard.all(place);
    const ofThisBoard = this.#ofBoard.all({ ...place, node: board });
    const left = limit - ofThisBoard.length;
    return left === 0 ? ofThisBoard : [...ofThisBoard, ...this.#ofLaterBoards.all({ ...place, limit: left })];
  }

  /** How many saves a node has. O(saves), some ten nanoseconds each. */
  count(side: Side, node: number): number {
    return this.#counts[side].get(node) ?? 0;
  }
}
