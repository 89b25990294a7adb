import { sharedInt32Array } from '../../engine/graph/index.ts';
import { type KeyOrder, Numbering, type SplitNames, inKeyOrder } from './numbering.ts';

/** The keys of a file, or of the two of a split, and the owner of each board, all numbered in order of appearance. */
export class SplitKeys {
  readonly boards: Numbering = new Numbering();
  readonly pins: Numbering = new Numbering();
  readonly users: Numbering = new Numbering();
  /** By board: its user. */
  readonly #owners: number[] = [];

  /** The number of a board; undefined if it belongs to another user. */
  boardOf(boardKey: string, userKey: string): number | undefined {
    const [board, user] = [this.boards.of(boardKey), this.users.of(userKey)];
    return (this.#owners[board] ??= user) === user ? board : undefined;
  }

  /** Numbers everything anew in key order, nodes of the first part before those of the second. O(n log n). */
  ordered(...parts: readonly { readonly boards: Int32Array; readonly pins: Int32Array }[]): OrderedKeys {
    const boards = inKeyOrder(this.boards.byKey(), ...parts.map((part) => part.boards));
    const pins = inKeyOrder(this.pins.byKey(), ...parts.map((part) => part.pins));
    const ownerOf = (board: number): number => this.#owners[board]!;
    const users = inKeyOrder(this.users.byKey(), ...parts.map((part) => part.boards.map(ownerOf)));
    const boardToUser = sharedInt32Array(boards.before.length);
    for (const [i, board] of boards.before.entries()) boardToUser[i] = users.of(ownerOf(board));
    return {
      boards,
      pins,
      users,
      boardToUser,
      names: {
        board: (index) => ({ key: this.boards.keyAt(boards.before[index]!) }),
        pin: (index) => ({ key: this.pins.keyAt(pins.before[index]!) }),
        user: (index) => ({ key: this.users.keyAt(users.before[index]!) }),
      },
    };
  }
}

interface OrderedKeys {
  readonly boards: KeyOrder;
  readonly pins: KeyOrder;
  readonly users: KeyOrder;
  readonly boardToUser: Int32Array<SharedArrayBuffer>;
  readonly names: SplitNames;
}
