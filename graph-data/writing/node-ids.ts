import type { NodeKind } from '../../engine/index.ts';
import { type ChangeLog, type Database, LookupCache, readNextIds } from '../database/index.ts';

interface Board {
  readonly id: number;
  /** Key of the user who owns the board. */
  readonly owner: string;
}

/**
 * Translates keys into ids for a writer, and creates missing users, boards and pins. Ids are cached until
 * {@link restart}, which is due whenever the database may differ from what this writer has written.
 */
export class NodeIds {
  readonly #database: Database;
  readonly #log: ChangeLog;
  readonly #users: LookupCache<number>;
  readonly #pins: LookupCache<number>;
  readonly #boards: LookupCache<Board>;
  readonly #insertUser;
  readonly #insertPin;
  readonly #insertBoard;
  #next: Record<NodeKind, number>;
  /** The nodes created since {@link begin}. */
  #created: { readonly cache: Pick<LookupCache<never>, 'delete'>; readonly key: string }[] = [];
  #nextBefore: Readonly<Record<NodeKind, number>>;

  constructor(database: Database, log: ChangeLog) {
    this.#database = database;
    this.#log = log;
    this.#next = readNextIds(database);
    this.#nextBefore = { ...this.#next };
    const selectUser = database.prepare<[string], number>('SELECT id FROM users WHERE key = ?').pluck();
    const selectPin = database.prepare<[string], number>('SELECT id FROM pins WHERE key = ?').pluck();
    const selectBoard = database.prepare<[string], Board>(
      'SELECT id, (SELECT key FROM users WHERE id = boards.owner) AS owner FROM boards WHERE key = ?',
    );
    this.#users = new LookupCache((key) => selectUser.get(key));
    this.#pins = new LookupCache((key) => selectPin.get(key));
    this.#boards = new LookupCache(
      (key) => selectBoard.get(key),
      ({ owner }) => owner,
    );
    this.#insertUser = database.prepare<[number, string]>('INSERT INTO users (id, key) VALUES (?, ?)');
    this.#insertPin = database.prepare<[number, string]>('INSERT INTO pins (id, key) VALUES (?, ?)');
    this.#insertBoard = database.prepare<[number, string, number]>(
      'INSERT INTO boards (id, key, owner) VALUES (?, ?, ?)',
    );
  }

  /** The ids that the next user, board and pin will get. */
  get next(): Readonly<Record<NodeKind, number>> {
    return this.#next;
  }

  findUser(key: string): number | undefined {
    return this.#users.get(key);
  }

  findPin(key: string): number | undefined {
    return this.#pins.get(key);
  }

  findBoard(key: string): Board | undefined {
    return this.#boards.get(key);
  }

  /** The id of a user, who is created if missing. */
  userOf(key: string): number {
    return this.#users.get(key) ?? this.#createUser(key);
  }

  /** The id of a pin, which is created if missing. */
  pinOf(key: string): number {
    return this.#pins.get(key) ?? this.#createPin(key);
  }

  /** The id of a board, which is created with this owner if missing. An existing board keeps its owner. */
  boardOf(key: string, owner: string): number {
    return this.#boards.get(key)?.id ?? this.#createBoard(key, owner);
  }

  /** To be called after the pin was deleted. */
  forgetPin(key: string): void {
    this.#pins.delete(key);
  }

  /** To be called after the user was deleted with their boards. */
  forgetUser(key: string, boards: readonly string[]): void {
    this.#users.delete(key);
    for (const board of boards) this.#boards.delete(board);
  }

  /** To be called when a transaction begins, which {@link undo} may undo. */
  begin(): void {
    this.#created = [];
    this.#nextBefore = { ...this.#next };
  }

  /** To be called after the transaction was rolled back, if nothing else has gone wrong. */
  undo(): void {
    for (const { cache, key } of this.#created) cache.delete(key);
    this.#next = { ...this.#nextBefore };
  }

  /** Discards the cache and reads the next ids again. */
  restart(): void {
    this.#users.clear();
    this.#pins.clear();
    this.#boards.clear();
    this.#next = readNextIds(this.#database);
  }

  #createUser(key: string): number {
    const id = this.#next.users++;
    this.#insertUser.run(id, key);
    this.#log.append('user', id, 0);
    this.#users.set(key, id);
    this.#created.push({ cache: this.#users, key });
    return id;
  }

  #createPin(key: string): number {
    const id = this.#next.pins++;
    this.#insertPin.run(id, key);
    this.#log.append('pin', id, 0);
    this.#pins.set(key, id);
    this.#created.push({ cache: this.#pins, key });
    return id;
  }

  #createBoard(key: string, owner: string): number {
    const user = this.userOf(owner);
    const id = this.#next.boards++;
    this.#insertBoard.run(id, key, user);
    this.#log.append('board', id, user);
    this.#boards.set(key, { id, owner });
    this.#created.push({ cache: this.#boards, key });
    return id;
  }
}
