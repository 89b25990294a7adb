import type { NodeKind } from '../../engine/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { Store } from '../database/index.ts';
import type { NodeName, SplitNames } from './numbering.ts';

/**
 * The names of a data folder's users, boards and pins, read from its database on demand, by the numbers of `readFolderSaves`.
 * Holds the database open until disposed.
 */
export class FolderNames implements SplitNames, Disposable {
  readonly #store: Store;
  readonly #boardIds: Int32Array;
  readonly #pinIds: Int32Array;
  readonly #userIds: Int32Array;

  constructor(
    folder: DataFolder,
    {
      boardIds,
      pinIds,
      userIds,
    }: { readonly boardIds: Int32Array; readonly pinIds: Int32Array; readonly userIds: Int32Array },
  ) {
    this.#store = Store.open(folder);
    this.#boardIds = boardIds;
    this.#pinIds = pinIds;
    this.#userIds = userIds;
  }

  board(index: number): NodeName {
    return this.#nameOf('boards', this.#boardIds[index]!);
  }

  pin(index: number): NodeName {
    return this.#nameOf('pins', this.#pinIds[index]!);
  }

  user(index: number): NodeName {
    return this.#nameOf('users', this.#userIds[index]!);
  }

  [Symbol.dispose](): void {
    this.#store.close();
  }

  #nameOf(kind: NodeKind, id: number): NodeName {
    const { key = '', title } = this.#store.nodeAt(kind, id) ?? {};
    return typeof title === 'string' && title !== '' ? { key, title } : { key };
  }
}
