import { AttributeWriter } from './attribute-writer.ts';
import {
  type Database,
  EventWriter,
  MultiRowInsert,
  type Side,
  isEmpty,
  readNextIds,
} from '../database/index.ts';
import { KeyTable } from './key-table.ts';
import type { AttributeRow, SaveRow } from './row.ts';
import { SaveBatch } from './save-batch.ts';

/** Why a row was refused. */
export interface Refusal {
  readonly refused: string;
}

const saveBatchRows = 2 ** 20;

/**
 * Writes rows into the database within one transaction that the caller begins and ends: gives keys their
 * numbers, keeps a pin on a board once, counts what was new. The first save of a pin on a board wins.
 *
 * Memory grows with the distinct keys of the rows written (see {@link KeyTable}), not with the rows.
 */
export class GraphWriter {
  readonly #database: Database;
  readonly #keys: Record<Side, KeyTable>;
  readonly #selectId;
  readonly #nextId: Record<Side, number>;
  readonly #storedBefore: Record<Side, number>;
  readonly #insertUsers;
  readonly #insertBoards;
  readonly #insertPins;
  readonly #insertSaves;
  readonly #insertPlainSaves;
  readonly #saves = new SaveBatch(saveBatchRows);
  readonly #attributes: AttributeWriter;
  readonly #dropped: readonly string[];
  #owners = new Int32Array(2 ** 12);
  #lastBoard = -1;
  #lastBoardKey: string | undefined;
  #lastUserKey: string | undefined;
  #lastPin = -1;
  #lastPinKey: string | undefined;
  #savesAdded = 0;

  constructor(database: Database) {
    this.#database = database;
    this.#attributes = new AttributeWriter(database);
    this.#keys = { users: new KeyTable(), boards: new KeyTable(), pins: new KeyTable() };
    this.#nextId = readNextIds(database);
    this.#storedBefore = { ...this.#nextId };
    this.#dropped = isEmpty(database) ? dropIndexesAndTriggers(database) : [];
    const selectId = (side: Side) =>
      database
        .prepare<[string], [number, number]>(
          `SELECT id, ${side === 'boards' ? 'owner' : '0'} FROM ${side} WHERE key = ?`,
        )
        .raw();
    this.#selectId = { users: selectId('users'), boards: selectId('boards'), pins: selectId('pins') };
    this.#insertUsers = new MultiRowInsert(database, 'users (id, key)', 2);
    this.#insertBoards = new MultiRowInsert(database, 'boards (id, key, owner)', 3);
    this.#insertPins = new MultiRowInsert(database, 'pins (id, key)', 2);
    // Two columns instead of four are 1.5 times as fast, and most files have no more.
    this.#insertPlainSaves = new MultiRowInsert(database, 'saves (board, pin)', 2, 'ON CONFLICT DO NOTHING');
    this.#insertSaves = new MultiRowInsert(
      database,
      'saves (board, pin, savedAt, weight)',
      4,
      'ON CONFLICT DO NOTHING',
    );
  }

  /** Takes one save. Whether it was new, the next {@link flushSaves} counts: a full batch needs it at once. */
  save(row: SaveRow): Refusal | undefined {
    // Files mostly keep a board's saves together, or a pin's.
    if (row.board !== this.#lastBoardKey || row.user !== this.#lastUserKey) {
      let board = this.#find('boards', row.board);
      if (board < 0) board = this.#idOf('boards', row.board, this.#idOf('users', row.user));
      else if (this.#owners[board] !== this.#find('users', row.user)) return otherOwner(row.board);
      this.#lastBoard = board;
      this.#lastBoardKey = row.board;
      this.#lastUserKey = row.user;
    }
    if (row.pin !== this.#lastPinKey) {
      this.#lastPin = this.#idOf('pins', row.pin);
      this.#lastPinKey = row.pin;
    }
    this.#saves.push(this.#lastBoard, this.#lastPin, row.savedAt, row.weight);
    return undefined;
  }

  get mustFlushSaves(): boolean {
    return this.#saves.isFull;
  }

  /** Writes the waiting saves; says how many of them were not there before. */
  flushSaves(): number {
    const { boards, pins, savedAt, weights, hasDetails } = this.#saves;
    const insert = hasDetails ? this.#insertSaves : this.#insertPlainSaves;
    let added = 0;
    for (const row of this.#saves.sortedRows()) {
      added += hasDetails
        ? insert.add4(boards[row]!, pins[row]!, nullable(savedAt[row]!), nullable(weights[row]!))
        : insert.add2(boards[row]!, pins[row]!);
    }
    added += insert.flush();
    this.#saves.clear();
    this.#savesAdded += added;
    return added;
  }

  /** Takes one row of attributes and makes its user, board or pin when it is new. */
  attributes(row: AttributeRow): 'new' | 'duplicate' | Refusal {
    const { side, key, owner } = row;
    let id = this.#find(side, key);
    const isNew = id < 0;
    if (side === 'boards') {
      if (isNew && owner === undefined)
        return { refused: `board ${JSON.stringify(key)} is new and has no owner` };
      if (!isNew && owner !== undefined && this.#owners[id] !== this.#find('users', owner))
        return otherOwner(key);
    }
    if (isNew) id = this.#idOf(side, key, owner === undefined ? -1 : this.#idOf('users', owner));
    this.#flushKeys(); // what is described may be among the rows that wait
    const outcome = this.#attributes.write(row, id);
    if (typeof outcome === 'object') return outcome;
    return isNew || outcome === 'changed' ? 'new' : 'duplicate';
  }

  /** Makes the indexes and moves the position. The last call before the commit, after {@link flushSaves}. */
  finish(): void {
    if (this.#saves.size > 0) throw new Error(`${this.#saves.size} saves are not flushed`);
    const added = this.#savesAdded + this.#keyCount();
    this.#flushKeys();
    if (this.#dropped.length > 0) {
      this.#database.exec(`INSERT INTO pins_text (pins_text) VALUES ('rebuild')`);
      // SQLite sorts runs of the size of its page cache: those that fit the processor's cache are sorted 2.6
      // times as fast at 2 M saves, 3 times at 20 M, as runs of 256 MB.
      this.#database.pragma('cache_size = -1000');
      for (const create of this.#dropped) this.#database.exec(create);
    }
    if (added > 0) new EventWriter(this.#database).addBulk(added, this.#nextId);
  }

  #keyCount(): number {
    const { users, boards, pins } = this.#nextId;
    return (
      users + boards + pins - this.#storedBefore.users - this.#storedBefore.boards - this.#storedBefore.pins
    );
  }

  #flushKeys(): void {
    this.#insertUsers.flush();
    this.#insertBoards.flush();
    this.#insertPins.flush();
  }

  /** The id of a key, or -1; what the database knows is remembered. */
  #find(side: Side, key: string): number {
    const known = this.#keys[side].get(key);
    if (known >= 0 || this.#storedBefore[side] === 0) return known;
    const stored = this.#selectId[side].get(key);
    if (stored === undefined) return -1;
    const [id, owner] = stored;
    this.#keys[side].add(key, id);
    if (side === 'boards') this.#setOwner(id, owner);
    return id;
  }

  /** The id of a key, which gets the next one when it is new. */
  #idOf(side: Side, key: string, owner = -1): number {
    const known = this.#find(side, key);
    if (known >= 0) return known;
    const id = this.#nextId[side]++;
    this.#keys[side].add(key, id);
    if (side === 'boards') {
      this.#setOwner(id, owner);
      this.#insertBoards.add3(id, key, owner);
    } else {
      (side === 'users' ? this.#insertUsers : this.#insertPins).add2(id, key);
    }
    return id;
  }

  #setOwner(board: number, owner: number): void {
    if (board >= this.#owners.length) {
      const owners = new Int32Array(Math.max(2 * this.#owners.length, board + 1));
      owners.set(this.#owners);
      this.#owners = owners;
    }
    this.#owners[board] = owner;
  }
}

/**
 * Drops every index but the primary keys, and the triggers that tell the text index of changes; returns the statements
 * that make them again. A first load makes them afterwards: one sort each instead of an insert a row.
 */
function dropIndexesAndTriggers(database: Database): string[] {
  const dropped = database
    .prepare<[], { type: string; name: string; sql: string }>(
      `SELECT type, name, sql FROM sqlite_master
       WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY rowid`,
    )
    .all();
  for (const { type, name } of dropped) database.exec(`DROP ${type} ${name}`);
  return dropped.map(({ sql }) => sql);
}

function nullable(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function otherOwner(board: string): Refusal {
  const own = 'a row without a board means the board that has the key of its user';
  return { refused: `board ${JSON.stringify(board)} belongs to another user (${own})` };
}
