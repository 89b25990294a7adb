const arenaChunkBytes = 2 ** 22;
/** Longest key in bytes of UTF-8. */
export const keyBytesMax = 512;
const encoder = new TextEncoder();

/** Keys start at multiples of 4 bytes, so that a 32-bit place reaches 16 GB of them. */
const placeBytes = 4;

/**
 * A set of keys, each with a number: what a Map<string, number> is, without its limits. A JS Map stops at
 * 2^24 entries and costs about 100 bytes a key; this table costs about 28 and the key's own bytes, and is
 * bounded by memory alone.
 *
 * Open addressing with linear probing, at most half full, over entries in insertion order. Key bytes lie in
 * chunks that are never moved, each behind its two-byte length. What a lookup reads lies side by side: it
 * waits for memory three times, for the slot, the entry and the key. Lookup and insertion O(key length).
 */
export class KeyTable {
  /** By slot: the key's hash, and its entry + 1 or 0 where the slot is empty. */
  #slots = new Int32Array(2 * 2 ** 12);
  /** By entry: the place of the key's bytes, and its number. */
  #entries = new Int32Array(2 * 2 ** 11);
  #size = 0;
  readonly #arena: Uint8Array[] = [];
  #arenaEnd = 0;
  /** The key being looked up: its UTF-8 bytes, their number and their hash. */
  readonly #bytes = new Uint8Array(keyBytesMax * 3);
  #length = 0;
  #hash = 0;

  get size(): number {
    return this.#size;
  }

  /** The number of a key, or -1. */
  get(key: string): number {
    this.#encode(key);
    const entry = this.#slots[2 * this.#findSlot() + 1]! - 1;
    return entry < 0 ? -1 : this.#entries[2 * entry + 1]!;
  }

  /** Adds a key that is not in the table: call it right after {@link get} answered -1. */
  add(key: string, number: number): void {
    this.#encode(key);
    if (2 * this.#size === this.#entries.length) this.#growEntries();
    const entry = this.#size++;
    this.#entries[2 * entry] = this.#storeBytes();
    this.#entries[2 * entry + 1] = number;
    const slot = this.#findSlot();
    this.#slots[2 * slot] = this.#hash;
    this.#slots[2 * slot + 1] = entry + 1;
    if (4 * this.#size > this.#slots.length) this.#growSlots();
  }

  #encode(key: string): void {
    const bytes = this.#bytes;
    let hash = 0x811c9dc5; // FNV-1a
    let length = key.length;
    let i = 0;
    // Nearly all keys are ASCII: encoding them here saves a call into the encoder.
    for (; i < length; i++) {
      const unit = key.charCodeAt(i);
      if (unit >= 0x80) break;
      bytes[i] = unit;
      hash = Math.imul(hash ^ unit, 0x01000193);
    }
    if (i < length) {
      length = encoder.encodeInto(key, bytes).written;
      for (; i < length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    }
    this.#length = length;
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    this.#hash = hash ^ (hash >>> 16);
  }

  /** The slot of the encoded key, or the empty one where it belongs. */
  #findSlot(): number {
    const slots = this.#slots;
    const hash = this.#hash;
    const mask = slots.length / 2 - 1;
    let slot = hash & mask;
    for (;;) {
      const entry = slots[2 * slot + 1]! - 1;
      if (entry < 0 || (slots[2 * slot] === hash && this.#hasBytes(entry))) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #hasBytes(entry: number): boolean {
    const place = (this.#entries[2 * entry]! >>> 0) * placeBytes;
    const chunk = this.#arena[Math.floor(place / arenaChunkBytes)]!;
    const start = place % arenaChunkBytes;
    if (chunk[start]! + 256 * chunk[start + 1]! !== this.#length) return false;
    for (let i = 0; i < this.#length; i++) {
      if (chunk[start + 2 + i] !== this.#bytes[i]) return false;
    }
    return true;
  }

  /** Copies the encoded key into the arena; returns its place. */
  #storeBytes(): number {
    const bytesNeeded = Math.ceil((this.#length + 2) / placeBytes) * placeBytes;
    const left = this.#arena.length * arenaChunkBytes - this.#arenaEnd;
    if (left < bytesNeeded) {
      this.#arenaEnd += left;
      this.#arena.push(new Uint8Array(arenaChunkBytes));
    }
    const chunk = this.#arena.at(-1)!;
    const start = this.#arenaEnd % arenaChunkBytes;
    chunk[start] = this.#length & 0xff;
    chunk[start + 1] = this.#length >> 8;
    for (let i = 0; i < this.#length; i++) chunk[start + 2 + i] = this.#bytes[i]!;
    const place = this.#arenaEnd / placeBytes;
    this.#arenaEnd += bytesNeeded;
    return place;
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
