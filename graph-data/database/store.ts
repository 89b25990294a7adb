import { LRUCache } from 'lru-cache';
import type { PinIndex } from '../../engine/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { DataError } from '../errors.ts';
import { type Database, openDatabaseReadOnly } from './open-database.ts';

/** Rows of the four tables. */
export interface GraphCounts {
  readonly users: number;
  readonly boards: number;
  readonly pins: number;
  readonly saves: number;
}

/** The three kinds of nodes, named as their tables are. */
export type Side = 'pins' | 'boards' | 'users';

/** A node as it is stored: what it does not have is null. Times in milliseconds since 1970. */
export interface NodeRow {
  readonly key: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly title?: string | null;
  readonly text?: string | null;
  readonly url?: string | null;
  readonly imageUrl?: string | null;
  readonly createdAt?: number | null;
}

/** A row as SQLite gives it: its attributes are JSON text. */
type StoredRow = Omit<NodeRow, 'attributes'> & { attributes: string | null };

/** A save, by index. */
export interface UserSave {
  readonly pin: PinIndex;
  readonly board: number;
  readonly savedAt: number | null;
}

/** Some 2 MB. */
const pinKeysMax = 20_000;

const columns: Readonly<Record<Side, string>> = {
  pins: 'key, title, text, url, imageUrl, attributes, createdAt',
  boards: 'key, title, attributes',
  users: 'key, attributes',
};

function bySide<Statement>(prepare: (side: Side) => Statement): Record<Side, Statement> {
  return { pins: prepare('pins'), boards: prepare('boards'), users: prepare('users') };
}

/** Reads of single rows: what an answer needs to turn keys into indexes and back. Microseconds each. */
export class Store {
  readonly database: Database;
  readonly #selectIndex;
  readonly #selectKey;
  /** A pin keeps its key for good: those asked for last, as a few pins are in most answers. */
  readonly #pinKeys = new LRUCache<PinIndex, string>({ max: pinKeysMax });
  readonly #selectNode;
  readonly #selectOwner;
  readonly #selectBoardsOf;
  readonly #selectSavesOf;
  readonly #selectSavesOn;
  readonly #selectNewest;
  readonly #selectSavesSince;

  constructor(database: Database) {
    this.database = database;
    this.#selectIndex = bySide((side) =>
      database.prepare<[string], number>(`SELECT id FROM ${side} WHERE key = ?`).pluck(),
    );
    this.#selectKey = bySide((side) =>
      database.prepare<[number], string>(`SELECT key FROM ${side} WHERE id = ?`).pluck(),
    );
    this.#selectNode = bySide((side) =>
      database.prepare<[number], StoredRow>(`SELECT ${columns[side]} FROM ${side} WHERE id = ?`),
    );
    this.#selectOwner = database
      .prepare<[number], string>(
        'SELECT users.key FROM boards JOIN users ON users.id = owner WHERE boards.id = ?',
      )
      .pluck();
    this.#selectBoardsOf = database
      .prepare<[number], number>('SELECT id FROM boards WHERE owner = ? ORDER BY id')
      .pluck();
    this.#selectSavesOf = database.prepare<[number], UserSave>(
      `SELECT pin, board, savedAt FROM boards JOIN saves ON saves.board = boards.id
       WHERE owner = ? ORDER BY board, pin`,
    );
    this.#selectSavesOn = database.prepare<[number], UserSave>(
      'SELECT pin, board, savedAt FROM saves WHERE board = ? ORDER BY pin',
    );
    this.#selectNewest = database
      .prepare<[number], number | null>('SELECT max(savedAt) FROM saves WHERE savedAt <= ?')
      .pluck();
    const since = (node: string, join = '') =>
      database
        .prepare<[number, number], [number, number]>(
          `SELECT ${node}, count(*) FROM saves INDEXED BY saves_by_time ${join}
           WHERE savedAt > ? AND savedAt <= ? GROUP BY 1`,
        )
        .raw();
    this.#selectSavesSince = {
      pins: since('pin'),
      boards: since('board'),
      users: since('owner', 'CROSS JOIN boards ON boards.id = board'),
    };
  }

  /** Opens the store of a data folder. Throws `data-folder-unusable` when it has no database. */
  static open(folder: DataFolder): Store {
    const database = openDatabaseReadOnly(folder);
    if (database === undefined) {
      throw new DataError('data-folder-unusable', `${folder.root} has no database: import something first`);
    }
    return new Store(database);
  }

  /** The time of the newest save up to a time, both in milliseconds since 1970; null when there is none. */
  newestSaveUntil(time: number): number | null {
    return this.#selectNewest.get(time)!;
  }

  /** The nodes with saves later than `after` and up to `until`, each with how many. O(such saves). */
  savesWithin(side: Side, after: number, until: number): [node: number, saves: number][] {
    return this.#selectSavesSince[side].all(after, until);
  }

  indexOf(side: Side, key: string): number | undefined {
    return this.#selectIndex[side].get(key);
  }

  keyAt(side: Side, index: number): string | undefined {
    if (side !== 'pins') return this.#selectKey[side].get(index);
    let key = this.#pinKeys.get(index);
    if (key === undefined) {
      key = this.#selectKey.pins.get(index);
      if (key !== undefined) this.#pinKeys.set(index, key);
    }
    return key;
  }

  nodeAt(side: Side, index: number): NodeRow | undefined {
    const row = this.#selectNode[side].get(index);
    if (row === undefined) return undefined;
    return { ...row, attributes: JSON.parse(row.attributes ?? '{}') as Record<string, unknown> };
  }

  /** The key of a board's owner. */
  ownerOf(board: number): string | undefined {
    return this.#selectOwner.get(board);
  }

  /** The boards of a user, by index. */
  boardsOf(user: number): number[] {
    return this.#selectBoardsOf.all(user);
  }

  /** All saves of a user, about 1 µs each. */
  savesOf(user: number): UserSave[] {
    return this.#selectSavesOf.all(user);
  }

  /** All saves on a board, about 1 µs each. */
  savesOn(board: number): UserSave[] {
    return this.#selectSavesOn.all(board);
  }

  /** Keys of the pins that came first, to have something to try; an empty key cannot stand in a path. */
  firstPinKeys(limit: number): string[] {
    return this.database
      .prepare<[number], string>(`SELECT key FROM pins WHERE key <> '' ORDER BY id LIMIT ?`)
      .pluck()
      .all(limit);
  }

  close(): void {
    this.database.close();
  }
}

/** Counts the rows. O(rows), a few nanoseconds each. */
export function readCounts(database: Database): GraphCounts {
  const count = (table: string): number =>
    database.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
  return { users: count('users'), boards: count('boards'), pins: count('pins'), saves: count('saves') };
}

/** Whether nothing was ever imported. O(1). */
export function isEmpty(database: Database): boolean {
  const some = ['users', 'boards', 'pins', 'saves'].map((table) => `EXISTS (SELECT 1 FROM ${table})`);
  return (
    database
      .prepare<[], number>(`SELECT ${some.join(' OR ')}`)
      .pluck()
      .get() === 0
  );
}

/** How many users, boards, pins and saves were ever added and removed. */
export function readPosition(database: Database): number {
  return database.prepare<[], number>('SELECT position FROM source').pluck().get() ?? 0;
}

/** What the next user, board and pin get as their id: the length of every array by id. */
export function readNextIds(database: Database): Record<Side, number> {
  return database
    .prepare<[], Record<Side, number>>(
      'SELECT nextUser AS users, nextBoard AS boards, nextPin AS pins FROM source',
    )
    .get()!;
}
