import { type PinIndex, degreeOf, nodeCount } from '../../engine/graph/index.ts';
import { TopPins } from '../../engine/rank/index.ts';
import { type TextHit, TextSearches } from '../../engine/search/index.ts';
import {
  type DataFolder,
  type FoundNode,
  type LoadedSnapshot,
  type ReadQuery,
  type Stem,
  PopularPins,
  type Store,
  type TextSearch,
  englishStem,
  readQuery,
} from '../../graph-data/index.ts';
import type { Turns } from '../base/index.ts';
import { type Blend, type PinCandidate, blendOf, blendPins } from './blend.ts';
import { scoreOf } from './rank-hits.ts';
import { type IndexState, TextIndexes } from './text-indexes.ts';

/** Most popular pins in an index of their own, and how many of them one search considers. */
const popularMax = 5_000;
const popularFound = 100;
/** Hits by words of the database that are read beyond the requested number. */
const spareHits = 50;
/** Nodes between two turns of the event loop: about 2 ms. */
const nodesPerTurn = 2 ** 20;
/** Best hits from which a walk starts. */
const walkedFrom = 10;
const halfRank = 20;

/** Keys of pins, best first. */
export type RankedPins = readonly string[];

/** Walks that a search takes into account. */
export interface Walks {
  /** From the best hits, better ones with more weight. */
  readonly fromHits?: ((query: { pin: string; weight: number }[]) => Promise<RankedPins>) | undefined;
  /** From what a user saved. */
  readonly fromUser?: (() => Promise<RankedPins>) | undefined;
}

/** A walk by pin: 1 for its best, half of that at rank {@link halfRank}. Its scores may be below 0, and have no scale. */
type ScoredWalk = ReadonlyMap<number, number>;

/** Everything that a text finds among pins. */
interface FoundPins {
  /** Best first; as typed or by the index. */
  readonly candidates: readonly PinCandidate[];
  readonly read: ReadQuery | undefined;
  readonly stem: Stem;
  readonly state: IndexState;
  /** Where there is an index. */
  readonly blend: Blend | undefined;
  readonly popular: PopularPins | undefined;
}

/** Finds pins by text, on the main thread, in slices of a few milliseconds. */
export class PinSearch {
  readonly #store: Store;
  readonly #search: TextSearch;
  readonly #turns: Turns;
  readonly #indexes: TextIndexes;
  readonly #texts = new TextSearches();
  readonly #popular = new WeakMap<LoadedSnapshot, Promise<PopularPins>>();

  constructor(
    folder: DataFolder,
    store: Store,
    search: TextSearch,
    turns: Turns,
    onFault: (error: unknown) => void,
    randomArm: string | undefined,
  ) {
    this.#store = store;
    this.#search = search;
    this.#turns = turns;
    this.#indexes = new TextIndexes(folder, onFault, randomArm);
  }

  /** Resolves when the index of a snapshot's texts is ready. */
  async ready(snapshot: LoadedSnapshot): Promise<void> {
    await this.#indexes.whole(snapshot);
  }

  async find(
    text: string,
    limit: number,
    snapshot: LoadedSnapshot | undefined,
    walks: Walks,
    blendGiven: Partial<Blend>,
    byKey: () => FoundNode[],
  ): Promise<FoundPins> {
    const degree = degreeIn(snapshot);
    const popular = snapshot && (await this.popular(snapshot));
    const { index, state } = snapshot
      ? await this.#indexes.of(snapshot)
      : { index: undefined, state: 'none' as const };
    const pause = async (): Promise<void> => this.#turns.next();
    // Searches that arrive together begin one after another.
    await pause();
    const byWords = (await this.#search.byWords(text, pause))
      .map(({ pin, closeness }) => ({ pin, closeness, score: scoreOf(closeness, degree(pin)) }))
      .toSorted((a, b) => b.score - a.score || a.pin - b.pin);
    const newest = this.#search.newestWithin(text);
    const found = [...byKey(), ...this.#search.pinsByTitle(text), ...newest];
    const nodes = new Map(found.map((node) => [node.index, node]));
    const best = byWords.slice(0, limit + spareHits).map(({ pin }) => pin);
    for (const pin of [...best, ...(popular?.find(text, popularFound) ?? [])]) {
      const node = nodes.has(pin) ? undefined : this.#search.pinAt(pin);
      if (node !== undefined) nodes.set(pin, node);
    }
    const read = index && (await readQuery(index, text, pause));
    const isCorrected = read !== undefined && read.corrections.size > 0;
    const blend = { ...blendOf(index?.signalWeights, isCorrected), ...blendGiven };
    let hits: TextHit[] | undefined;
    if (index !== undefined && read !== undefined) {
      const run = this.#texts.run(index, read.terms, blend.content > 0);
      for (let step = run.next(); ; step = run.next()) {
        if (step.done === true) {
          hits = step.value;
          break;
        }
        await pause();
      }
    }
    const closeness = new Map(byWords.map((hit) => [hit.pin, hit.closeness]));
    for (const pin of newest) if (!closeness.has(pin.index)) closeness.set(pin.index, 1);
    const foundByText = { text, nodes, closeness, hits, degree };
    const common = { read, state, popular, blend: index && blend, stem: index?.stem ?? englishStem };
    const candidates = blendPins(foundByText, blend);
    const [ofUser, walk] = await Promise.all([
      walks.fromUser?.() ?? Promise.resolve(undefined),
      this.#walked(candidates, walks.fromHits),
    ]);
    const user = ofUser && this.#scores(ofUser);
    if (user === undefined && walk === undefined) return { candidates, ...common };
    return { candidates: blendPins({ ...foundByText, user, walk }, blend), ...common };
  }

  async #walked(
    candidates: readonly PinCandidate[],
    fromHits: Walks['fromHits'],
  ): Promise<ScoredWalk | undefined> {
    if (fromHits === undefined) return undefined;
    const query: { pin: string; weight: number }[] = [];
    const starts = new Map<number, number>();
    for (const { pin, node } of candidates) {
      const key = (node ?? this.#search.pinAt(pin))?.key;
      if (key === undefined) continue;
      const weight = 1 / (query.length + 1);
      query.push({ pin: key, weight });
      starts.set(pin, weight);
      if (query.length === walkedFrom) break;
    }
    const walked = this.#scores(query.length === 0 ? [] : await fromHits(query));
    // A walk returns none of the pins that it starts from. Without what they start with, whatever goes with the best hit would come before it.
    return new Map([...walked, ...starts]);
  }

  #scores(ranked: RankedPins): ScoredWalk {
    const scores = new Map<number, number>();
    for (const [i, key] of ranked.entries()) {
      const pin = this.#store.indexOf('pins', key);
      if (pin !== undefined) scores.set(pin, halfRank / (halfRank + i));
    }
    return scores;
  }

  /** The most saved pins, indexed at the first search of a snapshot. */
  async popular(snapshot: LoadedSnapshot): Promise<PopularPins> {
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

/** Boards of a pin in a graph; 0 for pins added after its build, and without a graph. */
export function degreeIn(snapshot: LoadedSnapshot | undefined): (pin: number) => number {
  if (snapshot === undefined) return () => 0;
  const { pinToBoard } = snapshot.graph;
  const pins = nodeCount(pinToBoard);
  return (pin) => (pin < pins ? degreeOf(pinToBoard, pin) : 0);
}
