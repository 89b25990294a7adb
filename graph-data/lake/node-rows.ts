import type { NodeKind } from '../../engine/graph/index.ts';
import { type Database, MultiRowInsert } from '../database/index.ts';

/** Writes new users, boards and pins: their ids and keys, and the owners of boards. */
export class NodeRows {
  readonly #inserts: Readonly<Record<NodeKind, MultiRowInsert>>;

  constructor(database: Database) {
    this.#inserts = {
      users: new MultiRowInsert(database, 'users (id, key)', 2),
      boards: new MultiRowInsert(database, 'boards (id, key, owner)', 3),
      pins: new MultiRowInsert(database, 'pins (id, key)', 2),
    };
  }

  add(kind: NodeKind, rows: Iterable<readonly unknown[]>): void {
    const insert = this.#inserts[kind];
    for (const [id, key, owner] of rows) {
      if (kind === 'boards') insert.add3(id, key, owner);
      else insert.add2(id, key);
    }
  }

  flush(): void {
    for (const insert of Object.values(this.#inserts)) insert.flush();
  }
}
