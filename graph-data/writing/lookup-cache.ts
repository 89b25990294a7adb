/** Bytes of one cache: some 200,000 short keys. */
const bytesMaxDefault = 32 * 2 ** 20;
/** Of an entry without its key: its place in the table, and a value of a few words. */
const entryBytes = 128;

/** Caches the results of a lookup by key; keys that are not found are looked up every time. */
export class LookupCache<Value extends {}> {
  readonly #values = new Map<string, Value>();
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
    let value = this.#values.get(key);
    if (value === undefined) {
      value = this.#load(key);
      if (value !== undefined) this.set(key, value);
    }
    return value;
  }

  set(key: string, value: Value): void {
    // Two bytes for each character, at most.
    const bytes = entryBytes + 2 * (key.length + this.#textOf(value).length);
    // Clearing a full cache is cheaper than tracking which entries were used last.
    if (this.#bytes + bytes > this.#bytesMax) this.clear();
    this.#bytes += bytes;
    this.#values.set(key, value);
  }

  delete(key: string): void {
    this.#values.delete(key);
  }

  clear(): void {
    this.#values.clear();
    this.#bytes = 0;
  }
}
