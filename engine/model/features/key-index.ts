import { hash53 } from '../../random/index.ts';

/**
 * Rows of keys, numbered in the order in which they come: a hash table with linear probing in two typed arrays. For numbers above 2^31 it
 * takes a third of the time of a Map, which boxes them: `npm run bench:models`. Keys: integers from 0 to 2^53.
 */
export class KeyIndex {
  #count = 0;
  #keys = new Float64Array(64).fill(-1);
  #rows = new Int32Array(64);

  /** The row of a key, or -1. O(1). */
  rowOf(key: number): number {
    const at = this.#slotOf(key);
    return this.#keys[at] === key ? this.#rows[at]! : -1;
  }

  /** The rows of keys; -1 for keys that are not there, as for a key of -1. */
  rowsOf(keys: Float64Array, count: number, out: Int32Array): void {
    for (let i = 0; i < count; i++) out[i] = keys[i]! < 0 ? -1 : this.rowOf(keys[i]!);
  }

  /** Adds a key that is not there; returns its row. */
  append(key: number): number {
    if (2 * this.#count >= this.#keys.length) this.#grow();
    const at = this.#slotOf(key);
    this.#keys[at] = key;
    this.#rows[at] = this.#count;
    return this.#count++;
  }

  #slotOf(key: number): number {
    const keys = this.#keys;
    const mask = keys.length - 1;
    let at = hash53(key, 0) & mask;
    while (keys[at] !== key && keys[at] !== -1) at = (at + 1) & mask;
    return at;
  }

  #grow(): void {
    const [keys, rows] = [this.#keys, this.#rows];
    this.#keys = new Float64Array(2 * keys.length).fill(-1);
    this.#rows = new Int32Array(2 * keys.length);
    for (let i = 0; i < keys.length; i++) {
      if (keys[i] === -1) continue;
      const at = this.#slotOf(keys[i]!);
      this.#keys[at] = keys[i]!;
      this.#rows[at] = rows[i]!;
    }
  }
}
