import { KeyTable } from '../import/index.ts';

/** What a node is called in its source. */
export interface NodeName {
  readonly key: string;
  readonly title?: string;
}

/** The names of boards and pins, by index. */
export interface SplitNames {
  board(index: number): NodeName;
  pin(index: number): NodeName;
}

/** Numbers keys from 0 in order of appearance. */
export class Numbering {
  readonly #numbers = new KeyTable();
  size = 0;

  keyAt(number: number): string {
    return this.#numbers.keyAt(number);
  }

  /** The number of a key; a new key gets the next number. */
  of(key: string): number {
    const known = this.#numbers.get(key);
    if (known >= 0) return known;
    this.#numbers.add(key, this.size);
    return this.size++;
  }
}

/** The keys of numbered boards and pins as names. */
export function namesIn(boards: Numbering, pins: Numbering): SplitNames {
  return {
    board: (index) => ({ key: boards.keyAt(index) }),
    pin: (index) => ({ key: pins.keyAt(index) }),
  };
}
