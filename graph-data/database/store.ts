import { LRUCache } from 'lru-cache';
import type { NodeKind, PinIndex } from '../../engine/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { DataError } from '../errors.ts';
import { byKind } from './by-kind.ts';
import { pinFieldsMax } from './schema.ts';
import { type Database, openDatabaseReadOnly } from './open-database.ts';

/** A stored node. Missing values are null; `createdAt` is milliseconds since 1970. */
export interface NodeRow {
  readonly key: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly title?: string | null;
  readonly text?: string | null;
  readonly url?: string | null;
  readonly imageUrl?: string | null;
  readonly createdAt?: number | null;
}

/** A row as SQLite returns it, with its attributes as JSON text. */
type StoredRow = Omit<NodeRow, 'attributes'> & { attributes: string | null };

/** A save, by index. `savedAt` is milliseconds since 1970. */
interface UserSave {
  readonly pin: PinIndex;
  readonly board: number;
  readonly savedAt: number | null;
}

/** Pinwalk stores valid JSON only. Throws `database-damaged` for any other text. */
function parseStored(json: string): Record<string, unknown> {
  try {
    return JSON.parse(json) as Record<string, unknown>;
  } catch (cause) {
    throw new DataError('database-damaged', 'the attributes of a row are no JSON', { cause });
  }
}

/** About 2 MB; 12 MB with the longest keys. */
const pinKeysMax = 20_000;

/** The fields of a pin that have a column of their own. */
export const pinColumns: readonly string[] = ['title', 'text', 'url', 'imageUrl', 'createdAt', 'key'];

const columns: Readonly<Record<NodeKind, string>> = {
  pins: 'key, title, text, url, imageUrl, attributes, createdAt',
  boards: 'key, title, attributes',
  users: 'key, attributes',
};

/** Reads single rows, mainly to translate between keys and indexes. Each read takes microseconds. */
export class Store {
  readonly database: Database;
  readonly #selectIndex;
  readonly #atOnce;
  readonly #selectKey;
  /** Recently read pin keys: a key never changes, and a few pins appear in most responses. */
  readonly #pinKeys = new LRUCache<PinIndex, string>({ max: pinKeysMax });
  readonly #selectNode;
  readonly #selectOwner;
  readonly #selectBoardsOf;
  readonly #selectBoardsAfter;
  readonly #selectSavesOf;
  readonly #selectSavesOn;
  readonly #selectSaved;
  readonly #selectNewest;
  readonly #selectSavesSince;
  readonly #countSavesSince;
  readonly #selectFields;
  readonly #selectHidden;
  readonly #selectPosition;

  constructor(database: Database) {
    this.database = database;
    this.#selectIndex = byKind((kind) =>
      database.prepare<[string], number>(`SELECT id FROM ${kind} WHERE key = ?`).pluck(),
    );
    this.#atOnce = database.transaction((read: () => unknown) => read());
    this.#selectKey = byKind((kind) =>
      database.prepare<[number], string>(`SELECT key FROM ${kind} WHERE id = ?`).pluck(),
    );
    this.#selectNode = byKind((kind) =>
      database.prepare<[number], StoredRow>(`SELECT ${columns[kind]} FROM ${kind} WHERE id = ?`),
    );
    this.#selectOwner = database
      .prepare<[number], string>(
        'SELECT users.key FROM boards JOIN users ON users.id = owner WHERE boards.id = ?',
      )
      .pluck();
    this.#selectBoardsOf = database
      .prepare<[number], number>('SELECT id FROM boards WHERE owner = ? ORDER BY id')
      .pluck();
    this.#selectBoardsAfter = database
      .prepare<[number, number, number], number>(
        'SELECT id FROM boards INDEXED BY boards_by_owner WHERE owner = ? AND id > ? ORDER BY id LIMIT ?',
      )
      .pluck();
    this.#selectSavesOf = database.prepare<[number], UserSave>(
      `SELECT pin, board, savedAt FROM boards JOIN saves ON saves.board = boards.id
       WHERE owner = ? ORDER BY board, pin`,
    );
    this.#selectSavesOn = database.prepare<[number], UserSave>(
      'SELECT pin, board, savedAt FROM saves WHERE board = ? ORDER BY pin',
    );
    this.#selectSaved = database
      .prepare<[number, number], number>(
        'SELECT 1 FROM boards INDEXED BY boards_by_owner CROSS JOIN saves ON saves.board = boards.id AND saves.pin = ? WHERE owner = ? LIMIT 1',
      )
      .pluck();
    this.#selectNewest = database
      .prepare<[number], number | null>('SELECT max(savedAt) FROM saves WHERE savedAt <= ?')
      .pluck();
    const since = (node: string, join = '') =>
      database
        .prepare<[number, number, number], [number, number]>(
          `SELECT ${node}, count(*) FROM (
             SELECT pin, board FROM saves INDEXED BY saves_by_time
             WHERE savedAt > ? AND savedAt <= ? ORDER BY savedAt DESC LIMIT ?
           ) ${join} GROUP BY 1`,
        )
        .raw();
    this.#countSavesSince = database
      .prepare<[number, number, number], number>(
        `SELECT count(*) FROM (
           SELECT 1 FROM saves INDEXED BY saves_by_time WHERE savedAt > ? AND savedAt <= ? LIMIT ?
         )`,
      )
      .pluck();
    this.#selectFields = database
      .prepare<[number], string>('SELECT name FROM pin_fields ORDER BY id LIMIT ?')
      .pluck();
    this.#selectHidden = database
      .prepare<[number], string | null>('SELECT hiddenInterests FROM users WHERE id = ?')
      .pluck();
    this.#selectPosition = database.prepare<[], number>('SELECT position FROM source').pluck();
    this.#selectSavesSince = {
      pins: since('pin'),
      boards: since('board'),
      users: since('owner', 'CROSS JOIN boards ON boards.id = board'),
    };
  }

  /** Opens the store of a data folder. Throws `data-folder-unusable` if the folder has no database. */
  static open(folder: DataFolder): Store {
    const database = openDatabaseReadOnly(folder);
    if (database === undefined) {
      throw new DataError('data-folder-unusable', `${folder.root} has no database: import data first`);
    }
    return new Store(database);
  }

  /** The position of the change log. */
  get position(): number {
    return this.#selectPosition.get()!;
  }

  /** The time of the newest save that is not later than `time`, both in milliseconds since 1970; null if none is. */
  newestSaveUntil(time: number): number | null {
    return this.#selectNewest.get(time)!;
  }

  /**
   * The nodes saved later than `after` and not later than `until`, each with its number of saves; of more than `savesMax`
   * saves, the latest. O(these saves).
   */
  savesWithin(
    kind: NodeKind,
    after: number,
    until: number,
    savesMax: number,
  ): [node: number, saves: number][] {
    return this.#selectSavesSince[kind].all(after, until, savesMax);
  }

  /** The number of saves that {@link savesWithin} goes through. */
  countSavesWithin(after: number, until: number, savesMax: number): number {
    return this.#countSavesSince.get(after, until, savesMax)!;
  }

  /**
   * Runs some reads in one transaction, so that they see one state. Each read alone locks the file and lets it go again,
   * which takes longer than the read of a key: 20 keys in one transaction take a third of the time. Keep them short:
   * meanwhile, the write-ahead log cannot start over.
   */
  atOnce<Result>(read: () => Result): Result {
    return this.#atOnce(read) as Result;
  }

  indexOf(kind: NodeKind, key: string): number | undefined {
    return this.#selectIndex[kind].get(key);
  }

  keyAt(kind: NodeKind, index: number): string | undefined {
    if (kind !== 'pins') return this.#selectKey[kind].get(index);
    let key = this.#pinKeys.get(index);
    if (key === undefined) {
      key = this.#selectKey.pins.get(index);
      if (key !== undefined) this.#pinKeys.set(index, key);
    }
    return key;
  }

  nodeAt(kind: NodeKind, index: number): NodeRow | undefined {
    const row = this.#selectNode[kind].get(index);
    if (row === undefined) return undefined;
    return { ...row, attributes: parseStored(row.attributes ?? '{}') };
  }

  /** The key of a board's owner. */
  ownerOf(board: number): string | undefined {
    return this.#selectOwner.get(board);
  }

  /** Ids of the interests that a user has hidden. */
  hiddenInterestsOf(user: number): readonly string[] {
    const stored = this.#selectHidden.get(user) ?? null;
    return stored === null ? [] : (JSON.parse(stored) as string[]);
  }

  /** The boards of a user, in index order. */
  boardsOf(user: number): number[] {
    return this.#selectBoardsOf.all(user);
  }

  /** Up to `limit` boards of a user after a board (-1: from the first), in index order. */
  boardsAfter(user: number, board: number, limit: number): number[] {
    return this.#selectBoardsAfter.all(user, board, limit);
  }

  /** All saves of a user, by board, then pin. About 1 µs each. */
  savesOf(user: number): UserSave[] {
    return this.#selectSavesOf.all(user);
  }

  /** Whether a user has saved a pin. O(their boards), about 1 µs each. */
  hasSaved(user: number, pin: PinIndex): boolean {
    return this.#selectSaved.get(pin, user) !== undefined;
  }

  /** All saves on a board, by pin. About 1 µs each. */
  savesOn(board: number): UserSave[] {
    return this.#selectSavesOn.all(board);
  }

  /**
   * The fields that any pin has or had, and whether these are all: at most {@link pinFieldsMax} attributes are known. Takes some tens of
   * microseconds.
   */
  pinFields(): { readonly names: readonly string[]; readonly areAll: boolean } {
    const attributes = this.#selectFields.all(pinFieldsMax);
    return { names: [...pinColumns, ...attributes], areAll: attributes.length < pinFieldsMax };
  }

  /** Keys of the oldest pins, as examples to try. Skips the empty key, which cannot be part of a URL path. */
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
