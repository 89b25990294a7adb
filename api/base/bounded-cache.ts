import { LRUCache } from 'lru-cache';

/** Bytes of the cache's own for each value: its key, its places in the arrays, the headers of its objects. */
const overheadBytes = 512;

/** A value of a {@link BoundedCache}, or what several of its values share. Immutable. */
export class Sized {
  /** Bytes of its own: an upper bound. */
  readonly bytes: number;
  /** Parts that it keeps in memory besides itself. */
  readonly shares: readonly Sized[];
  /** Values and parts of the cache that hold it. The cache counts its bytes while there is one. */
  holders = 0;

  constructor(bytes: number, shares: readonly Sized[] = []) {
    this.bytes = bytes;
    this.shares = shares;
  }
}

interface BoundedCacheOptions {
  readonly bytesMax: number;
  readonly entriesMax: number;
  readonly msMax: number;
  /** Milliseconds that never go back. */
  readonly now: () => number;
}

/**
 * The latest values by key, bounded by their bytes, their number and their age; the least recently used are dropped
 * first. What values share counts once, and for as long as one of them is cached. A value belongs to one cache.
 */
export class BoundedCache<Value extends Sized> {
  readonly #values: LRUCache<string, Value>;
  readonly #bytesMax: number;
  #bytes = 0;

  constructor({ bytesMax, entriesMax, msMax, now }: BoundedCacheOptions) {
    this.#bytesMax = bytesMax;
    this.#values = new LRUCache({
      max: entriesMax,
      ttl: msMax,
      perf: { now },
      ttlResolution: 1_000,
      dispose: (value) => this.#release(value),
    });
  }

  get size(): number {
    return this.#values.size;
  }

  /** Bytes that the cache keeps in memory: never more than its bound. */
  get bytes(): number {
    return this.#bytes + overheadBytes * this.#values.size;
  }

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: Value): void {
    this.#retain(value);
    this.#values.set(key, value);
    while (this.bytes > this.#bytesMax) this.#values.pop();
  }

  /** Drops the values that a test accepts, and those that have expired; returns the number of the former. */
  deleteWhere(test: (value: Value) => boolean): number {
    this.#values.purgeStale();
    const dropped = [...this.#values.entries()].filter(([, value]) => test(value));
    for (const [key] of dropped) this.#values.delete(key);
    return dropped.length;
  }

  // Iterative, because a reader can make a chain of pages of any length, which recursion would not survive.
  #retain(value: Sized): void {
    const left = [value];
    for (let part = left.pop(); part !== undefined; part = left.pop()) {
      if (part.holders++ > 0) continue;
      this.#bytes += part.bytes;
      left.push(...part.shares);
    }
  }

  #release(value: Sized): void {
    const left = [value];
    for (let part = left.pop(); part !== undefined; part = left.pop()) {
      if (--part.holders > 0) continue;
      this.#bytes -= part.bytes;
      left.push(...part.shares);
    }
  }
}

/** Bytes of a string in V8's heap, at most: a header, and two bytes for each UTF-16 unit. */
export function textBytes(text: string): number {
  return 24 + 2 * text.length;
}

/** Bytes of a list of strings in V8's heap, at most. */
export function listBytes(texts: readonly string[]): number {
  let bytes = 48;
  for (const text of texts) bytes += 8 + textBytes(text);
  return bytes;
}
