import { KeyTable } from '../import/index.ts';

/** The name of a node in its source. */
export interface NodeName {
  readonly key: string;
  readonly title?: string;
}

/** The names of boards and pins, by index. */
export interface SplitNames {
  board(index: number): NodeName;
  pin(index: number): NodeName;
  user(index: number): NodeName;
}

/** Numbers keys from 0 in order of appearance, until all are read; see {@link inKeyOrder}. */
export class Numbering {
  readonly #numbers = new KeyTable();
  #size = 0;

  keyAt(number: number): string {
    return this.#numbers.keyAt(number);
  }

  /** The number of a key; a new key gets the next number. */
  of(key: string): number {
    const known = this.#numbers.get(key);
    if (known >= 0) return known;
    this.#numbers.add(key, this.#size);
    return this.#size++;
  }

  /** All numbers, in the order of their keys. O(n log n). */
  byKey(): Int32Array {
    return this.#numbers.entriesByKey();
  }
}

/** New numbers of nodes, which do not depend on the order in which the nodes were read. */
export interface KeyOrder {
  /** The new number of a node. */
  readonly of: (before: number) => number;
  /** By new number: the number before. */
  readonly before: Int32Array;
  /** The number of nodes in the first part, in the first two, and so on. */
  readonly upTo: readonly number[];
}

/**
 * Numbers the nodes of each part from 0 in key order, first those of the first part, then the others of the next. Nodes
 * of no part get no number. `byKey` has all nodes in key order. O(nodes).
 */
export function inKeyOrder(byKey: Int32Array, ...parts: readonly Int32Array[]): KeyOrder {
  const count = byKey.reduce((largest, node) => Math.max(largest, node), -1) + 1;
  const numbers = new Int32Array(count).fill(-1);
  const before: number[] = [];
  const upTo: number[] = [];
  for (const part of parts) {
    const isUsed = new Uint8Array(count);
    for (const node of part) isUsed[node] = 1;
    for (const node of byKey) {
      if (isUsed[node] === 1 && numbers[node] === -1) numbers[node] = before.push(node) - 1;
    }
    upTo.push(before.length);
  }
  return { of: (node) => numbers[node]!, before: Int32Array.from(before), upTo };
}
