import type { ChangeLog, Database } from '../database/index.ts';
import type { ChangeResult, PutChange } from './changes.ts';
import type { NodeIds } from './node-ids.ts';
import type { VectorWriter } from './vector-writer.ts';

/** Replaces the attributes of a pin, a board or a user, which is created if missing. */
export class AttributePutter {
  readonly #updatePin;
  readonly #updateBoard;
  readonly #updateUser;

  readonly #log: ChangeLog;
  readonly #vectors: VectorWriter;

  constructor(database: Database, log: ChangeLog, vectors: VectorWriter) {
    this.#log = log;
    this.#vectors = vectors;
    // Never INSERT OR REPLACE: it would bypass the triggers that maintain the text index.
    this.#updatePin = database.prepare(
      `UPDATE pins SET title = ?, text = ?, url = ?, imageUrl = ?, createdAt = ?, attributes = ? WHERE id = ?`,
    );
    this.#updateBoard = database.prepare('UPDATE boards SET title = ?, attributes = ? WHERE id = ?');
    this.#updateUser = database.prepare('UPDATE users SET attributes = ? WHERE id = ?');
  }

  /** Requires the owner of a new board: `refusalsOf` has refused it otherwise. */
  put(change: PutChange, ids: NodeIds): ChangeResult {
    const attributes = change.attributes === undefined ? null : JSON.stringify(change.attributes);
    const { key } = change;
    let found: unknown;
    if (change.nodeKind === 'pins') {
      found = ids.findPin(key);
      const { title, text, url, imageUrl, createdAt } = change;
      const columns = [title, text, url, imageUrl, createdAt].map((value) => value ?? null);
      const pin = ids.pinOf(key);
      this.#updatePin.run(...columns, attributes, pin);
      for (const [name, vector] of Object.entries(change.vectors ?? {})) this.#vectors.put(pin, name, vector);
      // The pin's text may have changed: readers of texts follow the log.
      if (found !== undefined) this.#log.append('pin', pin, 1);
    } else if (change.nodeKind === 'boards') {
      found = ids.findBoard(key);
      const board = ids.boardOf(key, change.owner!);
      this.#updateBoard.run(change.title ?? null, attributes, board);
      if (found !== undefined) this.#log.append('board-put', board, 0);
    } else {
      found = ids.findUser(key);
      const user = ids.userOf(key);
      this.#updateUser.run(attributes, user);
      if (found !== undefined) this.#log.append('user-put', user, 0);
    }
    return found === undefined ? 'created' : 'replaced';
  }
}
