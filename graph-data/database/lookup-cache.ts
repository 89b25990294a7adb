/** Bytes of one cache: some 200,000 short keys. */
const bytesMaxDefault = 32 * 2 ** 20;
/** Of an entry without its key: its place in the table, and a value of a few words. */
const entryBytes = 128;

/**
 * Caches the results of a lookup by key; keys that are not found are looked up every time. Two generations: when the young one
 * is full it becomes the old one, and entries not used since are dropped. Cheaper than keeping all entries in order.
 */
export class LookupCache<Value extends {}> {
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();
  readonly #load: (key: string) => Value | undefined;
  readonly #textOf: (value: Value) => string;
  readonly #bytesMax: number;
  #bytes = 0;

  /** `textOf`: the text that a value holds, if any. */
  constructor(
    load: (key: string) => Value | undefined,
    textOf: (value: Value) => string = () => '',
    bytesMax: number = bytesMaxDefault,
  ) {
    this.#load = load;
    this.#textOf = textOf;
    this.#bytesMax = bytesMax;
  }

  get(key: string): Value | undefined {
    const recent = this.#young.get(key);
    if (recent !== undefined) return recent;
    const value = this.#old.get(key) ?? this.#load(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: string, value: Value): void {
    // Two bytes for each character, at most.
    const bytes = entryBytes + 2 * (key.length + this.#textOf(value).length);
    if (this.#bytes + bytes > this.#bytesMax / 2) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#bytes = 0;
    }
    this.#bytes += bytes;
    this.#young.set(key, value);
  }

  delete(key: string): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
    this.#bytes = 0;
  }
}
