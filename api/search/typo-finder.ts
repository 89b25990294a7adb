import type { NodeKind } from '../../engine/index.ts';
import {
  type Database,
  type FoundNode,
  type PopularPins,
  type TextSearch,
  TypoSearch,
} from '../../graph-data/index.ts';

/** Near texts that are looked up, and pins by popularity and by row of those whose words match. */
const nearMax = 20;
const foundMax = 100;

/** A node that matches but for one typo, and whether its whole key or title does, not only the beginning. */
export interface NearNode {
  readonly node: FoundNode;
  readonly isWhole: boolean;
}

/** Finds nodes whose key, title or words are one edit away from a text. Reads a bounded number of rows, in slices. */
export class TypoFinder {
  readonly #search: TextSearch;
  readonly #near: TypoSearch;

  constructor(database: Database, search: TextSearch) {
    this.#search = search;
    this.#near = new TypoSearch(database);
  }

  /** By key; only if there are none, by words, unless the index of texts has corrected these already. */
  async pins(
    text: string,
    popular: PopularPins | undefined,
    isCorrected: boolean,
    pause: () => Promise<void>,
  ): Promise<NearNode[]> {
    const byKey = await this.byKey('pins', text, pause);
    if (byKey.length > 0 || isCorrected) return byKey;
    const queries = await this.#near.wordQueries(text, pause);
    if (queries === undefined) return [];
    const pins = await this.#search.byQueries(queries, pause);
    const best = pins.toSorted((a, b) => b.closeness - a.closeness || a.pin - b.pin).slice(0, foundMax);
    const found = new Set([...best.map(({ pin }) => pin), ...(popular?.findBy(queries, foundMax) ?? [])]);
    return [...found].flatMap((pin) => {
      const node = this.#search.pinAt(pin);
      return node === undefined ? [] : [{ node, isWhole: false }];
    });
  }

  /** Boards by key and title. */
  async boards(text: string, pause: () => Promise<void>): Promise<NearNode[]> {
    const titles = await this.#near.boardTitles(text, pause);
    const byTitle = await this.#nodes(titles, (title) => this.#search.boardsByTitlePrefix(title), pause);
    return [...(await this.byKey('boards', text, pause)), ...byTitle];
  }

  async byKey(kind: NodeKind, text: string, pause: () => Promise<void>): Promise<NearNode[]> {
    const keys = await this.#near.keys(kind, text, pause);
    return this.#nodes(keys, (key) => this.#search.byKeyPrefix(kind, key), pause);
  }

  async #nodes(
    { whole, prefixes }: { readonly whole: readonly string[]; readonly prefixes: readonly string[] },
    find: (prefix: string) => FoundNode[],
    pause: () => Promise<void>,
  ): Promise<NearNode[]> {
    const isNear = new Set(whole);
    const nodes: NearNode[] = [];
    for (const prefix of [...new Set([...whole, ...prefixes])].slice(0, nearMax)) {
      await pause();
      for (const node of find(prefix)) {
        nodes.push({ node, isWhole: isNear.has(node.key) || isNear.has(node.title?.toLowerCase() ?? '') });
      }
    }
    return nodes;
  }
}
