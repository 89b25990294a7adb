import type { Database } from '../database/index.ts';
import type { ChangeResult, PutChange } from './changes.ts';
import type { NodeIds } from './node-ids.ts';

/** Puts attributes in the place of those that a pin, a board or a user has, and makes these when they are new. */
export class AttributePutter {
  readonly #updatePin;
  readonly #updateBoard;
  readonly #updateUser;

  constructor(database: Database) {
    // Never INSERT OR REPLACE: it would go past the triggers that keep the text index.
    this.#updatePin = database.prepare(
      `UPDATE pins SET title = ?, text = ?, url = ?, imageUrl = ?, createdAt = ?, attributes = ? WHERE id = ?`,
    );
    this.#updateBoard = database.prepare('UPDATE boards SET title = ?, attributes = ? WHERE id = ?');
    this.#updateUser = database.prepare('UPDATE users SET attributes = ? WHERE id = ?');
  }

  /** A board that is new has to come with its owner. */
  put(change: PutChange, ids: NodeIds): ChangeResult {
    const attributes = change.attributes === undefined ? null : JSON.stringify(change.attributes);
    const { key } = change;
    if (change.side === 'pins') {
      const isNew = ids.findPin(key) === undefined;
      const { title, text, url, imageUrl, createdAt } = change;
      const columns = [title, text, url, imageUrl, createdAt].map((value) => value ?? null);
      this.#updatePin.run(...columns, attributes, ids.pinOf(key));
      return isNew ? 'created' : 'replaced';
    }
    if (change.side === 'boards') {
      const isNew = ids.findBoard(key) === undefined;
      this.#updateBoard.run(change.title ?? null, attributes, ids.boardOf(key, change.owner!));
      return isNew ? 'created' : 'replaced';
    }
    const isNew = ids.findUser(key) === undefined;
    this.#updateUser.run(attributes, ids.userOf(key));
    return isNew ? 'created' : 'replaced';
  }
}
