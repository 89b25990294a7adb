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

/** A pin as it is stored, times in milliseconds since 1970. */
export interface PinRow {
  readonly key: string;
  readonly title: string | null;
  readonly text: string | null;
  readonly url: string | null;
  readonly imageUrl: string | null;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly createdAt: number | null;
}

type StoredPin = Omit<PinRow, 'attributes'> & { attributes: string | null };

/** Reads of single rows: what an answer needs to turn keys into indexes and back. Microseconds each. */
export class Store {
  readonly #database: Database;
  readonly #selectPinIndex;
  readonly #selectPin;
  readonly #selectBoardKey;

  constructor(database: Database) {
    this.#database = database;
    this.#selectPinIndex = database.prepare<[string], number>('SELECT id FROM pins WHERE key = ?').pluck();
    this.#selectPin = database.prepare<[number], StoredPin>(
      'SELECT key, title, text, url, imageUrl, attributes, createdAt FROM pins WHERE id = ?',
    );
    this.#selectBoardKey = database.prepare<[number], string>('SELECT key FROM boards WHERE id = ?').pluck();
  }

  /** Opens the store of a data folder. Throws `data-folder-unusable` when it has no database. */
  static open(folder: DataFolder): Store {
    const database = openDatabaseReadOnly(folder);
    if (database === undefined) {
      throw new DataError('data-folder-unusable', `${folder.root} has no database: import something first`);
    }
    return new Store(database);
  }

  pinIndexOf(key: string): PinIndex | undefined {
    return this.#selectPinIndex.get(key);
  }

  pinAt(pin: PinIndex): PinRow | undefined {
    const row = this.#selectPin.get(pin);
    if (row === undefined) return undefined;
    return { ...row, attributes: JSON.parse(row.attributes ?? '{}') as Record<string, unknown> };
  }

  boardKeyAt(board: number): string | undefined {
    return this.#selectBoardKey.get(board);
  }

  /** Keys of the pins that came first, to have something to try; an empty key cannot stand in a path. */
  firstPinKeys(limit: number): string[] {
    return this.#database
      .prepare<[number], string>(`SELECT key FROM pins WHERE key <> '' ORDER BY id LIMIT ?`)
      .pluck()
      .all(limit);
  }

  close(): void {
    this.#database.close();
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

/** How many users, boards, pins and saves were ever added. */
export function readPosition(database: Database): number {
  return database.prepare<[], number>('SELECT position FROM source').pluck().get() ?? 0;
}
