import { type NodeKind, nodeKinds } from '../../engine/graph/index.ts';
import { type Database, MultiRowInsert, byKind, readNextIds } from '../database/index.ts';
import { KeyTable } from './key-table.ts';

/**
 * Assigns ids to the keys of an import, and inserts the users, boards and pins that are new. Memory grows with the
 * number of distinct keys ({@link KeyTable}).
 */
export class NodeWriter {
  readonly #nextIds: Record<NodeKind, number>;
  readonly #storedBefore: Readonly<Record<NodeKind, number>>;
  readonly #keys = byKind(() => new KeyTable());
  readonly #selectId;
  readonly #insertUsers;
  readonly #insertBoards;
  readonly #insertPins;
  #owners = new Int32Array(2 ** 12);

  constructor(database: Database) {
    this.#nextIds = readNextIds(database);
    this.#storedBefore = { ...this.#nextIds };
    this.#selectId = byKind((kind) =>
      database
        .prepare<[string], [number, number]>(
          `SELECT id, ${kind === 'boards' ? 'owner' : '0'} FROM ${kind} WHERE key = ?`,
        )
        .raw(),
    );
    this.#insertUsers = new MultiRowInsert(database, 'users (id, key)', 2);
    this.#insertBoards = new MultiRowInsert(database, 'boards (id, key, owner)', 3);
    this.#insertPins = new MultiRowInsert(database, 'pins (id, key)', 2);
  }

  /** The ids of the next user, board and pin. */
  get nextIds(): Readonly<Record<NodeKind, number>> {
    return this.#nextIds;
  }

  /** Number of nodes created. */
  get added(): number {
    return nodeKinds.reduce((sum, kind) => sum + this.#nextIds[kind] - this.#storedBefore[kind], 0);
  }

  /** The id of a key, or -1. Ids found in the database are cached. */
  find(kind: NodeKind, key: string): number {
    const known = this.#keys[kind].get(key);
    if (known >= 0 || this.#storedBefore[kind] === 0) return known;
    const stored = this.#selectId[kind].get(key);
    if (stored === undefined) return -1;
    const [id, owner] = stored;
    this.#keys[kind].add(key, id);
    if (kind === 'boards') this.#setOwner(id, owner);
    return id;
  }

  /** The id of a key, which is created if missing. A new board requires `owner`, the id of a user. */
  idOf(kind: NodeKind, key: string, owner = -1): number {
    const known = this.find(kind, key);
    if (known >= 0) return known;
    const id = this.#nextIds[kind]++;
    this.#keys[kind].add(key, id);
    if (kind === 'boards') {
      this.#setOwner(id, owner);
      this.#insertBoards.add3(id, key, owner);
    } else {
      (kind === 'users' ? this.#insertUsers : this.#insertPins).add2(id, key);
    }
    return id;
  }

  /** The id of the owner of a board that was found or created before. */
  ownerOf(board: number): number {
    return this.#owners[board]!;
  }

  /** Writes the buffered rows. */
  flush(): void {
    this.#insertUsers.flush();
    this.#insertBoards.flush();
    this.#insertPins.flush();
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
