/** About 20 MB per cache. */
const entriesMax = 200_000;

/** Caches the results of a lookup by key; keys that are not found are looked up every time. */
export class LookupCache<Value extends {}> {
  readonly #values = new Map<string, Value>();
  readonly #load: (key: string) => Value | undefined;

  constructor(load: (key: string) => Value | undefined) {
    this.#load = load;
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
    // Clearing a full cache is cheaper than tracking which entries were used last.
    if (this.#values.size === entriesMax) this.#values.clear();
    this.#values.set(key, value);
  }

  delete(key: string): void {
    this.#values.delete(key);
  }

  clear(): void {
    this.#values.clear();
  }
}
