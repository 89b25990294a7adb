const arenaChunkWords = 2 ** 20;
/** Maximum length of a key, in bytes of UTF-8. */
export const keyBytesMax = 512;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * A `Map<string, number>` without its limits: a JavaScript Map holds at most 2^24 entries and allocates an object per
 * key. This table needs 24 to 48 bytes per key besides the key's bytes, and is bounded only by memory.
 *
 * Open addressing with linear probing, at most half full, over entries in insertion order. A key is stored as 32-bit
 * words: two bytes of length, its UTF-8 bytes, zero padding. Hashing and comparison work on words. Words lie in chunks
 * that never move. The data of a lookup is contiguous, so it misses the cache at most three times: slot, entry, key.
 * Lookup and insertion are O(key length).
 */
export class KeyTable {
  /** By slot: the key's hash, and its entry + 1, or 0 if the slot is empty. */
  #slots = new Int32Array(2 * 2 ** 12);
  /** By entry: the offset of the key's first word in the arena, and the number. */
  #entries = new Int32Array(2 * 2 ** 11);
  #size = 0;
  readonly #arena: Int32Array[] = [];
  #arenaEnd = 0;
  /** The encoded key of the current call: its words, the same memory as bytes, the number of words, and the hash. */
  readonly #words = new Int32Array(keyBytesMax);
  readonly #bytes = new Uint8Array(this.#words.buffer);
  readonly #text = this.#bytes.subarray(2);
  #wordCount = 0;
  #hash = 0;

  /** The number of a key, or -1 if it is absent. */
  get(key: string): number {
    this.#encode(key);
    const entry = this.#slots[2 * this.#findSlot() + 1]! - 1;
    return entry < 0 ? -1 : this.#entries[2 * entry + 1]!;
  }

  /** Adds a key, which must be absent. */
  add(key: string, number: number): void {
    this.#encode(key);
    if (2 * this.#size === this.#entries.length) this.#growEntries();
    const entry = this.#size++;
    this.#entries[2 * entry] = this.#storeWords();
    this.#entries[2 * entry + 1] = number;
    const slot = this.#findSlot();
    this.#slots[2 * slot] = this.#hash;
    this.#slots[2 * slot + 1] = entry + 1;
    if (4 * this.#size > this.#slots.length) this.#growSlots();
  }

  /** The key that was added `entry`-th, counted from 0. */
  keyAt(entry: number): string {
    const offset = this.#entries[2 * entry]!;
    const chunk = this.#arena[Math.floor(offset / arenaChunkWords)]!;
    const bytes = new Uint8Array(chunk.buffer, 4 * (offset % arenaChunkWords));
    const length = bytes[0]! | (bytes[1]! << 8);
    return decoder.decode(bytes.subarray(2, 2 + length));
  }

  /**
   * The entries in key order: shorter keys first, those of one length by their bytes. Numerals are in numeric order.
   * O(n log n).
   */
  entriesByKey(): Int32Array {
    const entries = Int32Array.from({ length: this.#size }, (_, entry) => entry);
    return entries.toSorted((a, b) => this.#compare(a, b));
  }

  /** Words are little-endian: the first has the length in its lower half, and a key's earlier bytes are lower ones. */
  #compare(one: number, other: number): number {
    const [first, second] = [this.#entries[2 * one]!, this.#entries[2 * other]!];
    const a = this.#arena[Math.floor(first / arenaChunkWords)]!;
    const b = this.#arena[Math.floor(second / arenaChunkWords)]!;
    const [startA, startB] = [first % arenaChunkWords, second % arenaChunkWords];
    const lengths = [a[startA]! & 0xffff, b[startB]! & 0xffff] as const;
    if (lengths[0] !== lengths[1]) return lengths[0] - lengths[1];
    for (let word = 0; 4 * word < lengths[0] + 2; word++) {
      const [ofA, ofB] = [a[startA + word]!, b[startB + word]!];
      if (ofA === ofB) continue;
      const lowest = (ofA ^ ofB) & -(ofA ^ ofB);
      const shift = (31 - Math.clz32(lowest)) & ~7;
      return ((ofA >>> shift) & 0xff) - ((ofB >>> shift) & 0xff);
    }
    return 0;
  }

  #encode(key: string): void {
    const bytes = this.#bytes;
    let length = key.length;
    let i = 0;
    // Nearly all keys are ASCII; encoding them here avoids a call of the encoder.
    for (; i < length; i++) {
      const unit = key.charCodeAt(i);
      if (unit >= 0x80) break;
      bytes[2 + i] = unit;
    }
    if (i < length) length = encoder.encodeInto(key, this.#text).written;
    bytes[0] = length & 0xff;
    bytes[1] = length >> 8;
    const wordCount = (length + 5) >> 2;
    for (let end = 2 + length; end < 4 * wordCount; end++) bytes[end] = 0;

    let hash = 0;
    for (let word = 0; word < wordCount; word++) {
      hash = Math.imul(hash ^ this.#words[word]!, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    hash = Math.imul(hash, 0x85ebca6b);
    this.#hash = hash ^ (hash >>> 16);
    this.#wordCount = wordCount;
  }

  /** The slot of the encoded key, or the empty slot in which to insert it. */
  #findSlot(): number {
    const slots = this.#slots;
    const hash = this.#hash;
    const mask = slots.length / 2 - 1;
    let slot = hash & mask;
    for (;;) {
      const entry = slots[2 * slot + 1]! - 1;
      if (entry < 0 || (slots[2 * slot] === hash && this.#hasWords(entry))) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #hasWords(entry: number): boolean {
    const offset = this.#entries[2 * entry]!;
    const chunk = this.#arena[Math.floor(offset / arenaChunkWords)]!;
    const start = offset % arenaChunkWords;
    for (let i = 0; i < this.#wordCount; i++) {
      if (chunk[start + i] !== this.#words[i]) return false;
    }
    return true;
  }

  /** Copies the encoded key into the arena and returns its offset. Offsets address up to 8 GB of keys. */
  #storeWords(): number {
    const left = this.#arena.length * arenaChunkWords - this.#arenaEnd;
    if (left < this.#wordCount) {
      this.#arenaEnd += left;
      this.#arena.push(new Int32Array(arenaChunkWords));
    }
    const chunk = this.#arena.at(-1)!;
    const offset = this.#arenaEnd;
    for (let i = 0; i < this.#wordCount; i++) chunk[(offset % arenaChunkWords) + i] = this.#words[i]!;
    this.#arenaEnd += this.#wordCount;
    return offset;
  }

  #growEntries(): void {
    const entries = new Int32Array(2 * this.#entries.length);
    entries.set(this.#entries);
    this.#entries = entries;
  }

  #growSlots(): void {
    const old = this.#slots;
    const slots = new Int32Array(2 * old.length);
    const mask = slots.length / 2 - 1;
    for (let i = 0; i < old.length; i += 2) {
      if (old[i + 1] === 0) continue;
      let slot = old[i]! & mask;
      while (slots[2 * slot + 1] !== 0) slot = (slot + 1) & mask;
      slots[2 * slot] = old[i]!;
      slots[2 * slot + 1] = old[i + 1]!;
    }
    this.#slots = slots;
  }
}
