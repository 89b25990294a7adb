import {
  type Adjacency,
  type NodeKind,
  type PinIndex,
  TopPins,
  degreeOf,
  nodeCount,
} from '../../engine/index.ts';
import {
  type FoundNode,
  type LoadedSnapshot,
  PopularPins,
  type Store,
  TextSearch,
} from '../../graph-data/index.ts';
import type { Turns } from '../base/index.ts';
import { type Candidate, rankHits, scoreOf } from './rank-hits.ts';
import { type NearNode, TypoFinder } from './typo-finder.ts';

/** A node that matches a text, and its number of neighbors: boards of a pin or a user, pins of a board. */
export interface SearchHit {
  readonly key: string;
  readonly title: string | null;
  readonly count: number;
  /** Present for one that matches but for a typo. */
  readonly isTypo?: true;
}

interface RankedNode {
  readonly node: FoundNode;
  readonly isTypo?: true;
}

/** With fewer hits than this, typos are looked for. */
const fewHits = 5;
/** Most popular pins in an index of their own, and how many of them one search considers. */
const popularMax = 5_000;
const popularFound = 100;
/** Hits by words that are read beyond the requested number. */
const spareHits = 50;
/** Nodes between two turns of the event loop: about 2 ms. */
const nodesPerTurn = 2 ** 20;

/** The numbers of neighbors in the database, which may be many rows. */
interface Counts {
  readonly savesOf: (kind: 'pins' | 'boards', node: number) => Promise<number>;
  readonly ofUser: (user: number) => Promise<{ readonly boards: number }>;
}

/**
 * Finds nodes by text, on the main thread: every part reads a bounded number of rows, in slices of a few milliseconds.
 * Popularity comes from the snapshot; without one, only the text determines the rank.
 */
export class Searcher {
  readonly #store: Store;
  readonly #search: TextSearch;
  readonly #counts: Counts;
  readonly #turns: Turns;
  readonly #typos: TypoFinder;
  readonly #popular = new WeakMap<LoadedSnapshot, Promise<PopularPins>>();

  constructor(store: Store, counts: Counts, turns: Turns) {
    this.#store = store;
    this.#search = new TextSearch(store.database);
    this.#counts = counts;
    this.#turns = turns;
    this.#typos = new TypoFinder(store.database, this.#search);
  }

  /** Pins with all words of the text in key, title or text; the last word may be a prefix. */
  async pins(text: string, limit: number, snapshot: LoadedSnapshot | undefined): Promise<SearchHit[]> {
    const degree = degreeIn(snapshot?.graph.pinToBoard);
    const popular = snapshot && (await this.#popularOf(snapshot));
    // Searches that arrive together begin one after another.
    await this.#turns.next();
    const byWordsFound = await this.#search.byWords(text, async () => this.#turns.next());
    const hits = byWordsFound
      .map(({ pin, closeness }) => ({ pin, closeness, score: scoreOf(closeness, degree(pin)) }))
      .toSorted((a, b) => b.score - a.score || a.pin - b.pin);
    const found = byIndex([...this.#byKey('pins', text), ...this.#search.pinsByTitle(text)]);
    const byWords = hits.slice(0, limit + spareHits).map(({ pin }) => pin);
    for (const pin of [...byWords, ...(popular?.find(text, popularFound) ?? [])]) {
      const node = found.has(pin) ? undefined : this.#search.pinAt(pin);
      if (node !== undefined) found.set(pin, node);
    }
    const closeness = new Map(hits.map((hit) => [hit.pin, hit.closeness]));
    const candidates = [...found.values()].map((node): Candidate => {
      return { node, closeness: closeness.get(node.index) ?? 0, degree: degree(node.index) };
    });
    const near = await this.#near(candidates, limit, async (pause) => this.#typos.pins(text, popular, pause));
    const best = ranked(text, candidates, near, degree, limit);
    return withCounts(best, snapshot ? degree : async (pin) => this.#counts.savesOf('pins', pin));
  }

  /** A pin by its key; undefined when the database no longer has it. */
  pin(key: string, snapshot: LoadedSnapshot): SearchHit | undefined {
    const index = this.#store.indexOf('pins', key);
    const node = index === undefined ? undefined : this.#search.pinAt(index);
    return node && { key, title: node.title, count: degreeIn(snapshot.graph.pinToBoard)(node.index) };
  }

  /** Boards whose key or title begins with the text, from the first few hundred of each. */
  async boards(text: string, limit: number, snapshot: LoadedSnapshot | undefined): Promise<SearchHit[]> {
    await this.#turns.next();
    const degree = degreeIn(snapshot?.graph.boardToPin);
    const found = byIndex([...this.#byKey('boards', text), ...this.#search.boardsByTitlePrefix(text)]);
    const candidates = [...found.values()].map((node): Candidate => {
      return { node, closeness: 0, degree: degree(node.index) };
    });
    const near = await this.#near(candidates, limit, async (pause) => this.#typos.boards(text, pause));
    const best = ranked(text, candidates, near, degree, limit);
    return withCounts(best, snapshot ? degree : async (board) => this.#counts.savesOf('boards', board));
  }

  /** Users whose key begins with the text, from the first few hundred, by key. */
  async users(text: string, limit: number): Promise<SearchHit[]> {
    await this.#turns.next();
    const candidates = this.#byKey('users', text).map((node) => ({ node, closeness: 0, degree: 0 }));
    const near = await this.#near(candidates, limit, async (pause) =>
      this.#typos.byKey('users', text, pause),
    );
    const best = ranked(text, candidates, near, () => 0, limit);
    return withCounts(best, async (user) => (await this.#counts.ofUser(user)).boards);
  }

  /** What matches but for a typo, if few nodes match as typed. */
  async #near(
    found: readonly Candidate[],
    limit: number,
    find: (pause: () => Promise<void>) => Promise<NearNode[]>,
  ): Promise<NearNode[]> {
    return found.length < Math.min(limit, fewHits) ? find(async () => this.#turns.next()) : [];
  }

  /** As typed and in lower case, which most keys have. */
  #byKey(kind: NodeKind, text: string): FoundNode[] {
    const prefixes = new Set([text, text.toLowerCase()]);
    const nodes = [...prefixes].flatMap((prefix) => this.#search.byKeyPrefix(kind, prefix));
    return [...byIndex(nodes).values()];
  }

  /** Indexed at the first search of a snapshot. */
  #popularOf(snapshot: LoadedSnapshot): Promise<PopularPins> {
    let popular = this.#popular.get(snapshot);
    if (popular === undefined) {
      popular = mostPopular(snapshot).then(async (pins) => PopularPins.index(this.#store, pins));
      this.#popular.set(snapshot, popular);
      popular.catch(() => this.#popular.delete(snapshot));
    }
    return popular;
  }
}

async function mostPopular({ graph: { pinToBoard } }: LoadedSnapshot): Promise<PinIndex[]> {
  const top = new TopPins(popularMax);
  for (let pin = 0; pin < nodeCount(pinToBoard); pin++) {
    top.offer(pin, degreeOf(pinToBoard, pin));
    if ((pin + 1) % nodesPerTurn === 0) await new Promise(setImmediate);
  }
  return top.drain().map(({ pin }) => pin);
}

/** Degrees in a graph; 0 for nodes added after its build, and without a graph. */
function degreeIn(adjacency: Adjacency | undefined): (node: number) => number {
  if (adjacency === undefined) return () => 0;
  const nodes = nodeCount(adjacency);
  return (node) => (node < nodes ? degreeOf(adjacency, node) : 0);
}

function byIndex(nodes: readonly FoundNode[]): Map<number, FoundNode> {
  return new Map(nodes.map((node) => [node.index, node]));
}

/**
 * Hits, then those with a typo, if they have more neighbors than every hit: somebody who finds what they typed wants no
 * neighbor of it, unless it is one that many people mean. Whole keys and titles come first; each by popularity.
 */
function ranked(
  text: string,
  found: readonly Candidate[],
  near: readonly NearNode[],
  degree: (node: number) => number,
  limit: number,
): RankedNode[] {
  const hits = new Set(found.map(({ node }) => node.index));
  const most = found.reduce((max, each) => Math.max(max, each.degree), -1);
  const whole = near.filter(({ isWhole }) => isWhole);
  const tiers = [whole, near].map((tier) => {
    const candidates = [...byIndex(tier.map(({ node }) => node)).values()]
      .filter(({ index }) => !hits.has(index) && degree(index) > most)
      .map((node): Candidate => ({ node, closeness: 0, degree: degree(node.index) }));
    for (const { node } of candidates) hits.add(node.index);
    return rankHits(text, candidates).map((node) => ({ node, isTypo: true as const }));
  });
  return [...rankHits(text, found).map((node) => ({ node })), ...tiers.flat()].slice(0, limit);
}

async function withCounts(
  nodes: readonly RankedNode[],
  count: (index: number) => number | Promise<number>,
): Promise<SearchHit[]> {
  const hits: SearchHit[] = [];
  for (const { node, ...typo } of nodes) {
    hits.push({ key: node.key, title: node.title, count: await count(node.index), ...typo });
  }
  return hits;
}
