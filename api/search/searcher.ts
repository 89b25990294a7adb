import { type Adjacency, type NodeKind, degreeOf, nodeCount } from '../../engine/graph/index.ts';
import {
  type DataFolder,
  type FoundNode,
  type LoadedSnapshot,
  type NodeRow,
  type Store,
  TextSearch,
} from '../../graph-data/index.ts';
import type { Turns } from '../base/index.ts';
import type { PinCandidate, Signals } from './blend.ts';
import { repeatsOf } from './collapse.ts';
import { type Facets, countFacets } from './facets.ts';
import type { PinPage, PinSearchOptions, SearchHit } from './pin-page.ts';
import { PinSearch, degreeIn } from './pin-search.ts';
import { type Candidate, rankHits } from './rank-hits.ts';
import { type Suggestion, suggestionsOf } from './suggest.ts';
import { type NearNode, TypoFinder } from './typo-finder.ts';

interface RankedNode {
  readonly node: FoundNode;
  readonly source: SearchHit['source'];
}

/** A pin on its way to a page; its row is read when its turn comes. */
interface Place {
  readonly pin: number;
  readonly source: SearchHit['source'];
  readonly signals?: Signals | undefined;
}

/** With fewer hits than this, typos are looked for. */
const fewHits = 5;
/** Popular pins among which suggestions are looked for. */
const suggestedMax = 50;
/** Rows between two turns of the event loop: about 2 ms. */
const rowsPerTurn = 100;

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
  readonly #pins: PinSearch;

  constructor(
    folder: DataFolder,
    store: Store,
    counts: Counts,
    turns: Turns,
    onFault: (error: unknown) => void = () => {},
    randomArm?: string,
  ) {
    this.#store = store;
    this.#search = new TextSearch(store.database);
    this.#pins = new PinSearch(folder, store, this.#search, turns, onFault, randomArm);
    this.#counts = counts;
    this.#turns = turns;
    this.#typos = new TypoFinder(store.database, this.#search);
  }

  /** Resolves when the index of a snapshot's texts is ready: the first searches do not wait for it longer than a second. */
  async ready(snapshot: LoadedSnapshot): Promise<void> {
    await this.#pins.ready(snapshot);
  }

  /**
   * Pins by key, title and words, ranked by the index of texts where there is one. With a walk from the hits, what it alone
   * finds is ranked among them, and at most half of the page match the text.
   */
  async pins(
    text: string,
    { limit, offset = 0, accepts, facets, collapse, walks = {}, blend = {} }: PinSearchOptions,
    snapshot: LoadedSnapshot | undefined,
  ): Promise<PinPage> {
    const degree = degreeIn(snapshot);
    const wanted = offset + limit;
    const byKey = (): FoundNode[] => this.#byKey('pins', text);
    const found = await this.#pins.find(text, wanted, snapshot, walks, blend, byKey);
    const { candidates, read, popular } = found;
    const corrections = read?.corrections ?? new Map<string, string[]>();
    const typed = candidates.filter(
      ({ node, isWalked }) => node !== undefined || (corrections.size === 0 && !isWalked),
    );
    const near = await this.#near(typed, wanted, async (pause) =>
      this.#typos.pins(text, popular, corrections.size > 0, pause),
    );
    const places = [
      ...candidates.map((each) => placeOf(each, corrections.size > 0)),
      ...nearRanked(text, new Set(candidates.map(({ pin }) => pin)), typed, near, degree).map(
        ({ node, source }) => ({ pin: node.index, source }),
      ),
    ];
    const textMax = walks.fromHits === undefined ? limit : Math.ceil(limit / 2);
    const page = await this.#page(places, { offset, limit, accepts, facets, collapse }, textMax);
    const hits: SearchHit[] = [];
    for (const { place, row } of page.rows) {
      const { pin, source, signals } = place;
      const count = snapshot ? degree(pin) : await this.#counts.savesOf('pins', pin);
      hits.push({
        key: row.key,
        title: row.title ?? null,
        text: row.text ?? null,
        count,
        source,
        ...(signals && { signals }),
      });
    }
    const { hasMore, facets: counted } = page;
    return {
      hits,
      hasMore,
      facets: counted,
      index: found.state,
      blend: found.blend,
      stem: found.stem,
      corrections,
    };
  }

  /** The places of a page whose rows are accepted, and facets over all accepted ones. */
  async #page(
    places: readonly Place[],
    { offset, limit, accepts, facets, collapse }: Omit<PinSearchOptions, 'walks' | 'blend'>,
    textMax: number,
  ): Promise<{ rows: { place: Place; row: NodeRow }[]; hasMore: boolean; facets: Facets | undefined }> {
    const rows: { place: Place; row: NodeRow }[] = [];
    const counted: NodeRow[] = [];
    const isRepeated = repeatsOf(collapse);
    let [accepted, texts, hasMore] = [0, 0, false];
    for (const [i, place] of places.entries()) {
      if (i > 0 && i % rowsPerTurn === 0) await this.#turns.next();
      const row = this.#store.nodeAt('pins', place.pin);
      if (row === undefined || accepts?.(row) === false) continue;
      if (facets !== undefined) counted.push(row);
      if (isRepeated(row) || ++accepted <= (offset ?? 0)) continue;
      if (rows.length === limit) hasMore = true;
      else if (place.source === 'walk' || texts++ < textMax) rows.push({ place, row });
      if (hasMore && facets === undefined) break;
    }
    return { rows, hasMore, facets: facets && countFacets(counted, facets) };
  }

  /** Texts that a text is the beginning of, from the first few hundred titles of boards and the most saved pins. */
  async suggest(text: string, limit: number, snapshot: LoadedSnapshot | undefined): Promise<Suggestion[]> {
    await this.#turns.next();
    const popular = snapshot && (await this.#pins.popular(snapshot));
    const pins = (popular?.find(text, suggestedMax) ?? []).flatMap((pin) => this.#search.pinAt(pin) ?? []);
    const boards = this.#search.boardsByTitlePrefix(text);
    const counts = { pins: degreeIn(snapshot), boards: neighborsIn(snapshot?.graph.boardToPin) };
    return suggestionsOf(text, limit, { pins, boards }, (kind, node) => counts[kind](node));
  }

  /** Boards whose key or title begins with the text, from the first few hundred of each. */
  async boards(text: string, limit: number, snapshot: LoadedSnapshot | undefined): Promise<SearchHit[]> {
    await this.#turns.next();
    const degree = neighborsIn(snapshot?.graph.boardToPin);
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
    found: readonly unknown[],
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
}

/** Degrees in a graph; 0 for nodes added after its build, and without a graph. */
function neighborsIn(adjacency: Adjacency | undefined): (node: number) => number {
  if (adjacency === undefined) return () => 0;
  const nodes = nodeCount(adjacency);
  return (node) => (node < nodes ? degreeOf(adjacency, node) : 0);
}

function byIndex(nodes: readonly FoundNode[]): Map<number, FoundNode> {
  return new Map(nodes.map((node) => [node.index, node]));
}

/** Hits, then those with a typo ({@link nearRanked}). */
function ranked(
  text: string,
  found: readonly Candidate[],
  near: readonly NearNode[],
  degree: (node: number) => number,
  limit: number,
): RankedNode[] {
  const hits = new Set(found.map(({ node }) => node.index));
  const typos = nearRanked(text, hits, found, near, degree);
  const typed = rankHits(text, found).map((node) => ({ node, source: 'text' as const }));
  return [...typed, ...typos].slice(0, limit);
}

/**
 * What has a typo, if it has more neighbors than everything that matches as typed: somebody who finds what they typed wants no
 * neighbor of it, unless it is one that many people mean. Whole keys and titles come first; each by popularity.
 */
function nearRanked(
  text: string,
  listed: ReadonlySet<number>,
  typed: readonly { readonly degree: number }[],
  near: readonly NearNode[],
  degree: (node: number) => number,
): RankedNode[] {
  const hits = new Set(listed);
  const most = typed.reduce((max, each) => Math.max(max, each.degree), -1);
  const whole = near.filter(({ isWhole }) => isWhole);
  return [whole, near].flatMap((tier) => {
    const candidates = [...byIndex(tier.map(({ node }) => node)).values()]
      .filter(({ index }) => !hits.has(index) && degree(index) > most)
      .map((node): Candidate => ({ node, closeness: 0, degree: degree(node.index) }));
    for (const { node } of candidates) hits.add(node.index);
    return rankHits(text, candidates).map((node) => ({ node, source: 'typo' as const }));
  });
}

function placeOf({ pin, node, isWalked, signals }: PinCandidate, isCorrected: boolean): Place {
  const byText = node === undefined && isCorrected ? 'typo' : 'text';
  return { pin, source: isWalked ? 'walk' : byText, signals };
}

async function withCounts(
  nodes: readonly RankedNode[],
  count: (index: number) => number | Promise<number>,
): Promise<SearchHit[]> {
  const hits: SearchHit[] = [];
  for (const { node, source } of nodes) {
    hits.push({ key: node.key, title: node.title, count: await count(node.index), source });
  }
  return hits;
}
