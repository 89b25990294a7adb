import type { NodeKind } from '../../engine/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { Store } from '../database/index.ts';
import type { NodeName, SplitNames } from './numbering.ts';

/** The names of a data folder's boards and pins, read from its database on demand. Holds it open until disposed. */
export class FolderNames implements SplitNames, Disposable {
  readonly #store: Store;

  constructor(folder: DataFolder) {
    this.#store = Store.open(folder);
  }

  board(index: number): NodeName {
    return this.#nameOf('boards', index);
  }

  pin(index: number): NodeName {
    return this.#nameOf('pins', index);
  }

  [Symbol.dispose](): void {
    this.#store.close();
  }

  #nameOf(kind: NodeKind, index: number): NodeName {
    const { key = '', title } = this.#store.nodeAt(kind, index) ?? {};
    return typeof title === 'string' && title !== '' ? { key, title } : { key };
  }
}
