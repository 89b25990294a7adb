import type { PinIndex } from '../../engine/index.ts';
import type { DataFolder } from '../data-folder.ts';
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

  constructor(database: Database) {
    this.#database = database;
    this.#selectPinIndex = database.prepare<[string], number>('SELECT id FROM pins WHERE key = ?').pluck();
    this.#selectPin = database.prepare<[number], StoredPin>(
      'SELECT key, title, text, url, imageUrl, attributes, createdAt FROM pins WHERE id = ?',
    );
  }

  /** Opens the store of a data folder; undefined when nothing was ever imported. */
  static open(folder: DataFolder): Store | undefined {
    const database = openDatabaseReadOnly(folder);
    return database === undefined ? undefined : new Store(database);
  }

  pinIndexOf(key: string): PinIndex | undefined {
    return this.#selectPinIndex.get(key);
  }

  pinAt(pin: PinIndex): PinRow | undefined {
    const row = this.#selectPin.get(pin);
    if (row === undefined) return undefined;
    return { ...row, attributes: JSON.parse(row.attributes ?? '{}') as Record<string, unknown> };
  }

  /** Keys of the pins that came first, to have something to try. */
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

/** How many rows were ever added, changed or removed. */
export function readPosition(database: Database): number {
  return database.prepare<[], number>('SELECT position FROM source').pluck().get() ?? 0;
}
