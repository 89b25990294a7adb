import type { ThingKind, ThingName } from '../address/index.ts';
import { type Board, type Pin, type RestClient, pathOf } from '../rest/index.ts';

const titlesMax = 5_000;

/** Titles of pins and boards by key, asked for once each: answers name most things by their keys alone. */
export class TitleBook {
  readonly #client: RestClient;
  readonly #titles = new Map<string, string>();
  readonly #asked = new Map<string, Promise<string>>();

  constructor(client: RestClient) {
    this.#client = client;
  }

  /** Puts down what an answer told by the way. */
  learn(kind: ThingKind, key: string, title: unknown): void {
    if (typeof title !== 'string' || title === '') return;
    if (this.#titles.size >= titlesMax) this.#titles.clear();
    this.#titles.set(`${kind} ${key}`, title);
  }

  /** The title as far as it is known; the key where there is none. */
  known(kind: ThingKind, key: string): string {
    return this.#titles.get(`${kind} ${key}`) ?? key;
  }

  /** The title; the key where there is none, or nobody who tells it. Never rejects. */
  find({ kind, key }: ThingName): Promise<string> {
    const name = `${kind} ${key}`;
    const title = this.#titles.get(name);
    if (title !== undefined || kind === 'user') return Promise.resolve(title ?? key);
    let asked = this.#asked.get(name);
    if (asked === undefined) {
      if (this.#asked.size >= titlesMax) this.#asked.clear();
      asked = this.#ask({ kind, key });
      this.#asked.set(name, asked);
    }
    return asked;
  }

  async #ask({ kind, key }: ThingName): Promise<string> {
    try {
      const { title } = await this.#client.get<Pin | Board>(pathOf(kind, key));
      this.learn(kind, key, title);
      return title ?? key;
    } catch {
      // Later, it may be there.
      this.#asked.delete(`${kind} ${key}`);
      return key;
    }
  }
}
