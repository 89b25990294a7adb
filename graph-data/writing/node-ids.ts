import { type Database, type EventWriter, type Side, readNextIds } from '../database/index.ts';

/** Some 20 MB a side. */
const rememberedMax = 200_000;

interface Board {
  readonly id: number;
  /** The key of the user whose board it is. */
  readonly owner: string;
}

/**
 * Keys to ids for a writer: makes what is new. What was asked for is remembered, until {@link restart} says that the
 * database may be another than this writer has made it.
 */
export class NodeIds {
  readonly #database: Database;
  readonly #events: EventWriter;
  readonly #users = new Map<string, number>();
  readonly #pins = new Map<string, number>();
  readonly #boards = new Map<string, Board>();
  readonly #selectUser;
  readonly #selectPin;
  readonly #selectBoard;
  readonly #insertUser;
  readonly #insertPin;
  readonly #insertBoard;
  #next: Record<Side, number>;

  constructor(database: Database, events: EventWriter) {
    this.#database = database;
    this.#events = events;
    this.#next = readNextIds(database);
    this.#selectUser = database.prepare<[string], number>('SELECT id FROM users WHERE key = ?').pluck();
    this.#selectPin = database.prepare<[string], number>('SELECT id FROM pins WHERE key = ?').pluck();
    this.#selectBoard = database.prepare<[string], Board>(
      'SELECT id, (SELECT key FROM users WHERE id = boards.owner) AS owner FROM boards WHERE key = ?',
    );
    this.#insertUser = database.prepare<[number, string]>('INSERT INTO users (id, key) VALUES (?, ?)');
    this.#insertPin = database.prepare<[number, string]>('INSERT INTO pins (id, key) VALUES (?, ?)');
    this.#insertBoard = database.prepare<[number, string, number]>(
      'INSERT INTO boards (id, key, owner) VALUES (?, ?, ?)',
    );
  }

  /** What the next of each side gets. */
  get next(): Readonly<Record<Side, number>> {
    return this.#next;
  }

  findUser(key: string): number | undefined {
    return remembered(this.#users, key, () => this.#selectUser.get(key));
  }

  findPin(key: string): number | undefined {
    return remembered(this.#pins, key, () => this.#selectPin.get(key));
  }

  findBoard(key: string): Board | undefined {
    return remembered(this.#boards, key, () => this.#selectBoard.get(key));
  }

  userOf(key: string): number {
    const found = this.findUser(key);
    if (found !== undefined) return found;
    const id = this.#next.users++;
    this.#insertUser.run(id, key);
    this.#events.add('user', id, 0);
    remember(this.#users, key, id);
    return id;
  }

  pinOf(key: string): number {
    const found = this.findPin(key);
    if (found !== undefined) return found;
    const id = this.#next.pins++;
    this.#insertPin.run(id, key);
    this.#events.add('pin', id, 0);
    remember(this.#pins, key, id);
    return id;
  }

  /** A board that is there already keeps its owner. */
  boardOf(key: string, owner: string): number {
    const found = this.findBoard(key);
    if (found !== undefined) return found.id;
    const user = this.userOf(owner);
    const id = this.#next.boards++;
    this.#insertBoard.run(id, key, user);
    this.#events.add('board', id, user);
    remember(this.#boards, key, { id, owner });
    return id;
  }

  /** After the pin of this key was deleted. */
  forgetPin(key: string): void {
    this.#pins.delete(key);
  }

  /** After a user was deleted with their boards. */
  forgetUser(key: string, boards: readonly string[]): void {
    this.#users.delete(key);
    for (const board of boards) this.#boards.delete(board);
  }

  restart(): void {
    this.#users.clear();
    this.#pins.clear();
    this.#boards.clear();
    this.#next = readNextIds(this.#database);
  }
}

function remembered<Value extends {}>(
  cache: Map<string, Value>,
  key: string,
  select: () => Value | undefined,
): Value | undefined {
  let value = cache.get(key);
  if (value === undefined) {
    value = select();
    if (value !== undefined) remember(cache, key, value);
  }
  return value;
}

/** Beginning anew when it is full costs less than keeping what was used last. */
function remember<Value>(cache: Map<string, Value>, key: string, value: Value): void {
  if (cache.size === rememberedMax) cache.clear();
  cache.set(key, value);
}
